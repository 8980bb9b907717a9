// What the log says of each failure: the level, the facts by name, and the words.
import { describe, expect, it } from 'vitest'
import {
  AcquisitionError,
  AuthorityUnavailableError,
  ConfigurationError,
  DownstreamError,
  TokenRequestError,
} from '../../../src/kernel/errors/errors.ts'
import { FailureLog } from '../../../src/kernel/log/failure-log.ts'
import type { Logger } from '../../../src/kernel/log/logger.ts'
import type { ObserverEvent } from '../../../src/kernel/observer.ts'
import { HandClock } from '../../acquire/scenario.ts'

function createLog() {
  const lines: (readonly [level: string, fields: unknown, message: string])[] = []
  const clock = new HandClock()
  const logger: Logger = {
    error: (fields, message) => lines.push(['error', fields, message]),
    warn: (fields, message) => lines.push(['warn', fields, message]),
  }
  return { clock, lines, log: new FailureLog(logger, clock) }
}

function heard(event: ObserverEvent): unknown {
  const { lines, log } = createLog()
  log.heard(event)
  return lines
}

const remedy = 'open the firewall'
const authority = 'https://login.example/v2.0'
const keysFailed = (reason: 'unavailable' | 'tls_untrusted', advice?: string): ObserverEvent => ({
  type: 'keys_failed',
  authority,
  reason,
  message: 'no answer',
  remedy: advice,
})

describe('an event that nobody is answered for', () => {
  it('of a store is a warning', () => {
    expect(heard({ type: 'store_failed', operation: 'get', message: 'reset' })).toEqual([
      ['warn', { operation: 'get' }, 'the shared store failed: reset'],
    ])
  })

  it.each([
    ['throttled', 'asks to be asked less often'],
    ['failing', 'keeps failing'],
  ] as const)('of a pause for everybody is a warning: %s', (reason, why) => {
    const paused = { type: 'authority_paused', tenantId: 't', reason, pauseMs: 1200.2 } as const
    expect(heard({ ...paused, whom: 'endpoint' })).toEqual([
      ['warn', { tenantId: 't', reason }, `the token endpoint of t ${why} and is left alone for 1201 ms`],
    ])
    expect(heard({ ...paused, whom: 'caller' })).toEqual([])
  })

  it('of an endpoint that answers again is a warning', () => {
    expect(heard({ type: 'authority_recovered', tenantId: 't' })).toEqual([
      ['warn', { tenantId: 't' }, 'the token endpoint of t answers again'],
    ])
  })

  it('of keys is an error when it begins or has another reason, and a warning when it is over', () => {
    const { lines, log } = createLog()
    const refreshed: ObserverEvent = { type: 'keys_refreshed', authority, kids: [] }
    log.heard(refreshed)
    log.heard(keysFailed('unavailable'))
    log.heard(keysFailed('unavailable'))
    log.heard(keysFailed('tls_untrusted', remedy))
    log.heard({ ...keysFailed('unavailable'), authority: 'https://other.example' } as ObserverEvent)
    log.heard(refreshed)
    log.heard(refreshed)
    const cannot = `the signing keys of ${authority} cannot be had: no answer`
    expect(lines).toEqual([
      ['error', { authority, reason: 'unavailable' }, cannot],
      ['error', { authority, reason: 'tls_untrusted', remedy }, `${cannot}. Remedy: ${remedy}`],
      [
        'error',
        { authority: 'https://other.example', reason: 'unavailable' },
        'the signing keys of https://other.example cannot be had: no answer',
      ],
      ['warn', { authority }, `the signing keys of ${authority} are at hand again`],
    ])
  })

  it.each([
    [90_400, 90, 'ahead of'],
    [-90_600, 91, 'behind'],
  ])('of a clock that differs by %i ms is an error', (differenceMs, seconds, side) => {
    expect(heard({ type: 'clock_differs', authority, differenceMs, reason: 'expired' })).toEqual([
      [
        'error',
        {
          authority,
          reason: 'expired',
          differenceSeconds: Math.sign(differenceMs) * seconds,
          remedy: expect.stringContaining('NTP') as unknown,
        },
        expect.stringContaining(
          `a token was refused (expired), and the clock of this machine is ${seconds} s ${side} that of ${authority}. Remedy: `,
        ),
      ],
    ])
  })

  it('of a token for somebody else, before any was accepted, is told once, with the option that may be wrong', () => {
    const { lines, log } = createLog()
    for (const reason of ['audience', 'audience', 'expired', 'issuer', 'signature', 'issuer', 'audience'])
      log.refusedBeforeAny(reason)
    expect(lines.map(([level, fields]) => [level, (fields as Record<string, unknown>)['option']])).toEqual([
      ['warn', 'clientId'],
      ['warn', 'tenantId'],
    ])
    expect(lines[0]?.[2]).toMatch(
      /^a token was refused \(audience\), and none has been accepted since the start\. Remedy, if your own clients are refused: compare clientId, or audience, with .*`npx midtier explain`/,
    )
  })

  const failed = {
    type: 'acquisition_failed',
    grant: 'on_behalf_of',
    agentId: undefined,
    scopes: ['User.Read'],
    errorNumbers: [7000222],
    renewal: true,
  } as const

  it.each([
    ['authority_unavailable', 'unavailable', 'warn'],
    ['authority_unavailable', 'tls_untrusted', 'error'],
    ['token_request_refused', 'unavailable', 'error'],
    ['token_request_refused', 'misconfigured', 'error'],
    ['configuration_invalid', undefined, 'error'],
  ])('of a renewal that failed with %s, %s, is on the level %3$s', (code, reason, level) => {
    expect(heard({ ...failed, code, reason, remedy: undefined })).toEqual([
      [
        level,
        {
          grant: 'on_behalf_of',
          scopes: ['User.Read'],
          code,
          ...(reason === undefined ? {} : { reason }),
          errorNumbers: [7000222],
        },
        `a token could not be renewed ahead of time (${code})`,
      ],
    ])
  })

  it('of a renewal says what to do, and nothing where a person will be asked or somebody waited', () => {
    const code = 'token_request_refused'
    expect(heard({ ...failed, code, reason: 'x', remedy })).toMatchObject([
      ['error', { remedy }, `a token could not be renewed ahead of time (${code}). Remedy: ${remedy}`],
    ])
    expect(heard({ ...failed, code: 'interaction_required', reason: 'x', remedy })).toEqual([])
    expect(heard({ ...failed, code, reason: 'x', remedy, renewal: false })).toEqual([])
  })

  it('of renewals that fail in other ways is counted apart', () => {
    const { lines, log } = createLog()
    const code = 'token_request_refused'
    for (let time = 0; time < 11; time += 1)
      for (const [reason, errorNumbers] of [
        ['a', [1]],
        ['a', [1, 2]],
        ['b', [1]],
      ] as const)
        log.heard({ ...failed, code, reason, errorNumbers, remedy: undefined })
    expect(lines).toHaveLength(30)
  })
})

describe('an error that became an answer', () => {
  const none = { traceId: undefined, operation: undefined, api: undefined }
  const facts = {
    error: 'invalid_client',
    errorNumbers: [7000222],
    scopes: ['User.Read'],
    suberror: 'bad_token',
    remedy,
    correlationId: 'c-1',
    traceId: 't-1',
    status: 401,
    claims: 'never told',
  }
  const told = {
    option: 'clientCredential',
    error: 'invalid_client',
    errorNumbers: [7000222],
    scopes: ['User.Read'],
    suberror: 'bad_token',
    remedy,
    correlationId: 'c-1',
    authorityTraceId: 't-1',
    authorityStatus: 401,
  }

  it.each([
    [
      new TokenRequestError('x', facts, { reason: 'misconfigured' }),
      { code: 'token_request_refused', reason: 'misconfigured', ...told },
    ],
    [
      new TokenRequestError('x', { error: 'invalid_scope', errorNumbers: [], scopes: [], status: 400 }),
      {
        code: 'token_request_refused',
        reason: 'misconfigured',
        error: 'invalid_scope',
        errorNumbers: [],
        scopes: [],
        authorityStatus: 400,
      },
    ],
    [
      new AuthorityUnavailableError('x', 7, { reason: 'tls_untrusted', remedy }),
      { code: 'authority_unavailable', reason: 'tls_untrusted', remedy, retryAfterSeconds: 7 },
    ],
    [
      new DownstreamError('graph', 'x', 502, 'the body', { requestId: 'r-1', clientRequestId: 'r-2' }),
      {
        code: 'downstream_failed',
        api: 'graph',
        downstreamStatus: 502,
        requestId: 'r-1',
        clientRequestId: 'r-2',
      },
    ],
    [new DownstreamError('graph', 'x', undefined), { code: 'downstream_failed', api: 'graph' }],
    [new ConfigurationError('clientId', 'x'), { code: 'configuration_invalid', option: 'clientId' }],
    [
      new AcquisitionError('argument_invalid', 'x'),
      { code: 'acquisition_impossible', reason: 'argument_invalid' },
    ],
  ])('is told by facts with a name: %o', (error, expected) => {
    const { lines, log } = createLog()
    log.answered(error, { status: 500, ...none })
    expect(lines).toEqual([['error', { status: 500, ...expected }, `500 ${error.code}: ${error.message}`]])
  })

  it('has its trace, its operation and its API', () => {
    const { lines, log } = createLog()
    log.answered(new ConfigurationError('clientId', 'x'), {
      status: 500,
      traceId: 'trace',
      operation: 'authenticate',
      api: 'graph',
    })
    const fields = { status: 500, code: 'configuration_invalid', option: 'clientId' }
    expect(lines).toEqual([
      [
        'error',
        { ...fields, traceId: 'trace', operation: 'authenticate', api: 'graph' },
        '500 configuration_invalid: clientId: x',
      ],
    ])
  })

  it('of one kind is written ten times a minute, and then it is said how many were left out', () => {
    const { clock, lines, log } = createLog()
    const answer = (status = 500): void =>
      log.answered(new ConfigurationError('clientId', 'x'), { status, ...none })
    for (let time = 0; time < 13; time += 1) answer()
    expect(lines).toHaveLength(10)
    answer(503)
    expect(lines).toHaveLength(11)
    clock.ms += 59_999
    answer()
    expect(lines).toHaveLength(11)
    clock.ms += 1
    answer()
    answer()
    expect(lines.slice(11)).toEqual([
      [
        'error',
        { status: 500, code: 'configuration_invalid', option: 'clientId', leftOut: 4 },
        '500 configuration_invalid: clientId: x (4 more like it were left out)',
      ],
      [
        'error',
        { status: 500, code: 'configuration_invalid', option: 'clientId' },
        '500 configuration_invalid: clientId: x',
      ],
    ])
  })

  it('of two hundred kinds is told of each, and of all others together', () => {
    const { lines, log } = createLog()
    const answer = (api: number): void =>
      log.answered(new AcquisitionError('x', 'x'), { status: 500, ...none, api: `api-${api}` })
    for (let api = 1; api <= 200; api += 1) answer(api)
    for (let api = 201; api <= 220; api += 1) answer(api)
    expect(lines).toHaveLength(210)
    answer(200)
    expect(lines).toHaveLength(211)
  })

  it('of an error of another version is told as far as it can be', () => {
    const { lines, log } = createLog()
    const error = new TokenRequestError('refused', undefined as never)
    log.answered(error, { status: 500, ...none, api: 'graph' })
    expect(lines).toEqual([
      [
        'error',
        { status: 500, code: 'token_request_refused', api: 'graph' },
        '500 token_request_refused: refused',
      ],
    ])
  })

  it('is nobody’s concern without a logger, or with one that throws', () => {
    const error = new ConfigurationError('clientId', 'x')
    const fails = (): never => {
      throw new Error('disk full')
    }
    for (const logger of [undefined, { error: fails, warn: fails }])
      expect(() => {
        new FailureLog(logger, new HandClock()).answered(error, { status: 500, ...none })
      }).not.toThrow()
  })
})
