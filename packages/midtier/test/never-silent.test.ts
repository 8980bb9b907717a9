// What is the owner's to fix is said in the owner's log, once, where it is answered; and what nobody is answered for is said as well.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AcquisitionError,
  answer,
  clientSecret,
  ConfigurationError,
  createWebApi,
  type Caller,
  type Logger,
  type WebApi,
  type WebApiOptions,
} from '../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  down,
  serveEntra,
  type MovableClock,
} from './authority/fake-authority.ts'
import { clientId, createSigner, signToken, tenantId, userClaims } from './jwt/token-builder.ts'

const signer = createSigner('entra-key')
const traceId = 'a'.repeat(32)
const secret = 'the-s3cret-of-the-middle-tier'

interface Line {
  readonly level: 'error' | 'warn'
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

let clock: MovableClock
let lines: Line[]
let logger: Logger
/** Answers of the token endpoint and of the downstream API. */
let tokenEndpoint: () => Response
let todo: () => Response
let authority: ReturnType<typeof createFakeAuthority>

beforeEach(() => {
  clock = createClock()
  lines = []
  logger = {
    error: (fields, message) => void lines.push({ level: 'error', fields, message }),
    warn: (fields, message) => void lines.push({ level: 'warn', fields, message }),
  }
  authority = createFakeAuthority()
  serveEntra(authority, [signer])
  tokenEndpoint = () =>
    Response.json({ token_type: 'Bearer', access_token: 'downstream-token', expires_in: 3600 })
  todo = () => Response.json({})
})

function createApi(options: Partial<WebApiOptions> = {}): WebApi {
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret(secret),
    downstreamApis: { todo: { baseUrl: 'https://todo.example/api/', scopes: ['api://todo/.default'] } },
    resilience: { maxRetries: 0 },
    fetch: async (input, init) => {
      const url = String(input)
      if (url.endsWith('/token')) return tokenEndpoint()
      return url.startsWith('https://todo.example/') ? todo() : authority.fetch(input, init)
    },
    clock,
    logger,
    ...options,
  })
}

function callerOf(api: WebApi, trace = traceId): Promise<Caller> {
  const token = signToken({ claims: userClaims(), signer })
  const header = (name: string): string | undefined =>
    ({ authorization: `Bearer ${token}`, traceparent: `00-${trace}-${'b'.repeat(16)}-01` })[name]
  return api.authenticate({ header, method: 'GET', url: '/' })
}

async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

const refuse =
  (error: string, numbers: readonly number[] = [], description = `AADSTS${numbers[0] ?? ''}: no`) =>
  (): Response =>
    Response.json(
      {
        error,
        error_codes: numbers,
        error_description: description,
        trace_id: 'at-entra',
        correlation_id: 'correlated',
      },
      { status: 401 },
    )

interface Case {
  readonly name: string
  readonly arrange?: () => void
  readonly attempt: (api: WebApi) => Promise<unknown>
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>
}

const acquire = async (api: WebApi): Promise<unknown> =>
  (await callerOf(api)).acquireToken({ scopes: ['User.Read'] })
const call = async (api: WebApi): Promise<unknown> =>
  (await callerOf(api)).downstream('todo').getJson('todos')

const cases: readonly Case[] = [
  {
    name: 'a wrong secret',
    arrange: () => (tokenEndpoint = refuse('invalid_client', [7000215])),
    attempt: acquire,
    status: 500,
    fields: {
      code: 'token_request_refused',
      reason: 'misconfigured',
      option: 'clientCredential',
      error: 'invalid_client',
      errorNumbers: [7000215],
      remedy: expect.any(String),
      correlationId: 'correlated',
      authorityTraceId: 'at-entra',
      operation: 'acquire_token',
    },
  },
  {
    name: 'a wrong secret, found by a call of an API',
    arrange: () => (tokenEndpoint = refuse('invalid_client', [7000215])),
    attempt: call,
    status: 500,
    fields: { code: 'token_request_refused', api: 'todo', operation: 'call_downstream' },
  },
  {
    name: 'an OAuth error that nobody knows',
    arrange: () => (tokenEndpoint = refuse('brand_new_error', [999999])),
    attempt: acquire,
    status: 502,
    fields: {
      code: 'token_request_refused',
      reason: 'unknown_error',
      error: 'brand_new_error',
      errorNumbers: [999999],
    },
  },
  {
    name: 'a token endpoint that is down',
    arrange: () => (tokenEndpoint = () => new Response('', { status: 503 })),
    attempt: acquire,
    status: 503,
    fields: { code: 'authority_unavailable', reason: 'unavailable' },
  },
  {
    name: 'keys that cannot be had',
    arrange: () => (authority.weather = down),
    attempt: callerOf,
    status: 503,
    fields: { code: 'authority_unavailable', operation: 'authenticate' },
  },
  {
    name: 'a downstream API that is broken',
    arrange: () => (todo = () => new Response('a stack of theirs', { status: 500 })),
    attempt: call,
    status: 502,
    fields: { code: 'downstream_failed', api: 'todo', downstreamStatus: 500 },
  },
  {
    name: 'a path that leaves the API',
    attempt: async (api) => (await callerOf(api)).downstream('todo').getJson('../alice@contoso.com'),
    status: 500,
    fields: { code: 'acquisition_impossible', reason: 'path_refused', api: 'todo' },
  },
  {
    name: 'an API that is not configured',
    attempt: async (api) => (await callerOf(api)).downstream('mail').getJson('x'),
    status: 500,
    fields: { code: 'acquisition_impossible', reason: 'unknown_downstream_api' },
  },
]

describe('an answer that is the owner’s to fix', () => {
  it.each(cases)('is logged once: $name', async ({ arrange, attempt, status, fields }) => {
    arrange?.()
    const error = await failureOf(attempt(createApi()))
    expect(
      lines.filter(({ level, message }) => level === 'error' && message.startsWith(`${status} `)),
    ).toEqual([])
    const rendered = answer(error)
    answer(error)
    expect(rendered?.status).toBe(status)
    expect(JSON.parse(rendered?.body ?? '')).toMatchObject({ traceId, status })
    const said = lines.filter(({ message }) => message.startsWith(`${status} `))
    expect(said).toEqual([
      {
        level: 'error',
        fields: expect.objectContaining({ status, traceId, ...fields }),
        message: expect.any(String),
      },
    ])
    expect(JSON.stringify(lines)).not.toMatch(/eyJ|the-s3cret|downstream-token|alice|@/)
  })

  it('is the caller’s to fix otherwise, and not logged', async () => {
    const api = createApi()
    const header = (name: string): string | undefined => (name === 'authorization' ? 'Bearer x' : undefined)
    expect(answer(await failureOf(api.authenticate({ header, method: 'GET', url: '/' })))?.status).toBe(401)
    tokenEndpoint = refuse('invalid_grant', [50076])
    expect(answer(await failureOf(acquire(api)))?.status).toBe(401)
    expect(lines).toEqual([])
  })

  it('names nobody whom the authority names', async () => {
    tokenEndpoint = refuse(
      'unauthorized_client',
      [700016],
      "AADSTS700016: User 'alice.li+x@contoso.com' (bob_live.com#EXT#@contoso.com)",
    )
    const error = await failureOf(acquire(createApi()))
    answer(error)
    expect(lines[0]?.message).toContain('AADSTS700016')
    expect(JSON.stringify([lines, error, String(error), (error as Error).stack])).not.toMatch(
      /alice|contoso\.com|bob/,
    )
  })

  it('is of one request, though many fail by the same failure', async () => {
    tokenEndpoint = () => new Response('', { status: 503 })
    const api = createApi()
    const traces = ['1', '2', '3'].map((digit) => digit.repeat(32))
    const callers = await Promise.all(traces.map((trace) => callerOf(api, trace)))
    const errors = await Promise.all(
      callers.map((caller) => failureOf(caller.acquireToken({ scopes: ['User.Read'] }))),
    )
    const bodies = errors.map((error) => JSON.parse(answer(error)?.body ?? '') as Record<string, unknown>)
    expect(bodies.map((body) => body['traceId'])).toEqual(traces)
    expect(lines.map(({ fields }) => fields['traceId'])).toEqual(traces)
    expect(new Set(errors).size).toBe(3)
    for (const error of errors)
      expect(error).toSatisfy(
        (each: Error) => each.name === 'AuthorityUnavailableError' && /:\d+/.test(each.stack ?? ''),
      )
  })

  it('prints nothing of how it is told: neither keys, nor JSON, nor inspection', async () => {
    tokenEndpoint = refuse('invalid_client', [7000215])
    const error = (await failureOf(acquire(createApi()))) as object
    const { inspect } = await import('node:util')
    expect(Object.keys(error)).not.toContain('answered')
    expect(inspect(error, { depth: 5 })).not.toMatch(/answered|exit/)
  })
})

describe('the log in an outage', () => {
  async function fail(api: WebApi, times: number): Promise<void> {
    const caller = await callerOf(api)
    for (let index = 0; index < times; index += 1) answer(await failureOf(() => caller.downstream('mail')))
  }

  it('has ten lines a minute of one kind, and then says how many were left out', async () => {
    const api = createApi()
    await fail(api, 1_000)
    expect(lines).toHaveLength(10)
    clock.advanceSeconds(61)
    await fail(api, 1)
    expect(lines).toHaveLength(11)
    expect(lines[10]).toMatchObject({
      fields: { leftOut: 990 },
      message: expect.stringContaining('990 more'),
    })
    await fail(api, 1)
    expect(lines[11]?.fields).not.toHaveProperty('leftOut')
  })

  it('does not fall silent when the clock is set back', async () => {
    const api = createApi()
    await fail(api, 11)
    clock.advanceSeconds(-200) // within the tolerance for tokens
    await fail(api, 1)
    clock.advanceSeconds(61)
    await fail(api, 1)
    expect(lines[10]).toMatchObject({ fields: { leftOut: 2 } })
  })

  it('has room for another kind', async () => {
    const api = createApi()
    await fail(api, 20)
    tokenEndpoint = refuse('invalid_client', [7000215])
    answer(await failureOf(acquire(api)))
    expect(lines.at(-1)?.fields).toMatchObject({ code: 'token_request_refused' })
  })

  it('has room for another option that is wrong', () => {
    const said = vi.spyOn(console, 'error').mockReturnValue()
    for (let index = 0; index < 20; index += 1) answer(new ConfigurationError('one', 'is wrong'))
    answer(new ConfigurationError('another', 'is wrong as well'))
    expect(String(said.mock.lastCall)).toContain('another: is wrong as well')
    said.mockRestore()
  })

  it('breaks nothing when the logger does', async () => {
    const broken = (): never => {
      throw new Error('disk full')
    }
    const api = createApi({ logger: { error: broken, warn: broken } })
    const caller = await callerOf(api)
    expect(answer(await failureOf(() => caller.downstream('mail')))?.status).toBe(500)
  })
})

describe('what nobody is answered for', () => {
  it('is said when it begins and when it ends: keys of an authority', async () => {
    const api = createApi({ signingKeys: { refreshAfterSeconds: 3_600, cooldownSeconds: 30 } })
    await callerOf(api)
    authority.weather = down
    for (let turn = 0; turn < 5; turn += 1) {
      clock.advanceSeconds(4_000)
      await callerOf(api).catch(() => undefined) // with the keys at hand, which are asked for behind it
      await vi.waitFor(() => {
        expect(api.health().issuers[0]?.lastFailure).toBeDefined()
      })
    }
    const keys = (): readonly Line[] => lines.filter(({ message }) => message.includes('signing keys'))
    expect(keys()).toHaveLength(1)
    authority.weather = undefined
    await vi.waitFor(async () => {
      clock.advanceSeconds(100)
      await callerOf(api).catch(() => undefined)
      expect(keys()).toHaveLength(2)
    })
    expect(keys()[1]).toMatchObject({ level: 'warn', message: expect.stringContaining('at hand again') })
  })

  it('is said while the old token still serves: a renewal ahead of time that the authority refuses', async () => {
    const api = createApi()
    tokenEndpoint = () =>
      Response.json({ token_type: 'Bearer', access_token: 'a', expires_in: 7_200, refresh_in: 600 })
    const ask = (): Promise<unknown> => api.acquireTokenForClient({ scopes: ['api://todo/.default'] })
    await ask()
    tokenEndpoint = refuse('invalid_client', [7000222])
    clock.advanceSeconds(3_700)
    await ask()
    await vi.waitFor(() => {
      expect(lines).toHaveLength(1)
    })
    expect(lines[0]).toMatchObject({
      level: 'error',
      fields: { code: 'token_request_refused', errorNumbers: [7000222], remedy: expect.any(String) },
    })
  })
})

describe('where it is written', () => {
  let written: unknown[][]
  beforeEach(() => {
    written = []
    vi.spyOn(console, 'error').mockImplementation((...parts) => void written.push(parts))
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each([
    ['by default', {}],
    ['to the console, if that is handed in', { logger: console }],
  ])('%s: one line', async (_name, options) => {
    const caller = await callerOf(createApi({ logger: undefined!, ...options }))
    answer(await failureOf(() => caller.downstream('mail')))
    expect(written).toEqual([
      [expect.stringMatching(/^midtier: 500 acquisition_impossible: [^\n]+\{"status":500.*\}$/)],
    ])
  })

  it('also for an error that the application made itself', () => {
    expect(answer(new AcquisitionError('path_refused', 'made by hand'))?.status).toBe(500)
    expect(written).toHaveLength(1)
  })

  it('nowhere, if it is switched off', async () => {
    const caller = await callerOf(createApi({ logger: false }))
    answer(await failureOf(() => caller.downstream('mail')))
    expect([written, lines]).toEqual([[], []])
  })

  it.each([{}, null, true, { error: () => undefined }])('refuses %s at start-up', (wrong) => {
    expect(() => createApi({ logger: wrong as unknown as Logger })).toThrow(
      /^logger: has to have the methods/,
    )
  })
})

describe('an API that takes itself for another', () => {
  const ask = async (api: WebApi, claims: Readonly<Record<string, unknown>> = {}): Promise<unknown> => {
    const token = signToken({ claims: { ...userClaims(), ...claims }, signer })
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${token}` : undefined
    return failureOf(
      api.authenticate({ header, method: 'GET', url: '/' }).then(() => Promise.reject(new Error('let in'))),
    )
  }
  const other = '99999999-9999-4999-8999-999999999999'

  it.each<[string, Partial<WebApiOptions>, string]>([
    ['its client id is wrong', { clientId: other }, 'clientId'],
    ['its tenant is wrong', { tenantId: other }, 'tenantId'],
  ])('is told to its owner once, since every caller is refused: %s', async (_what, options, option) => {
    const api = createApi(options)
    for (let turn = 0; turn < 3; turn += 1) await expect(ask(api)).resolves.toMatchObject({ status: 401 })
    expect(lines).toMatchObject([
      { level: 'warn', fields: { option, remedy: expect.stringContaining(option) as string } },
    ])
    expect(JSON.stringify(lines)).not.toContain(String(userClaims()['oid']))
  })

  it('is no matter once a token was accepted: the others are strangers', async () => {
    const api = createApi()
    await callerOf(api)
    await ask(api, { aud: other })
    expect(lines).toEqual([])
  })
})
