// Errors on their way out: the answer that each becomes, byte by byte, and who is not sent a challenge.
import { beforeEach, describe, expect, it } from 'vitest'
import { render, type RenderedAnswer } from '../../src/answer/render.ts'
import { findClaimsChallenge } from '../../src/bearer/claims-challenge.ts'
import { parseChallenges } from '../../src/bearer/parse-challenges.ts'
import {
  BearerError,
  InteractionRequiredError,
  type InteractionReason,
  type TokenErrorFacts,
} from '../../src/kernel/errors/errors.ts'
import type { Logger } from '../../src/kernel/log/logger.ts'
import type { CallContext } from '../../src/kernel/observer.ts'
import { createExit, type Exit } from '../../src/answer/outgoing-errors.ts'
import type { WebApiOptions } from '../../src/options.ts'
import { noteRefused } from '../../src/protect/challenged-token.ts'
import type { Principal } from '../../src/protect/principal.ts'
import { resolveOptions } from '../../src/settings/settings.ts'
import { createClock, type MovableClock } from '../authority/fake-authority.ts'
import {
  callerId,
  clientId,
  nowSeconds,
  otherTenantId,
  tenantId,
  userClaims,
  userId,
} from '../jwt/token-builder.ts'

const mfa =
  '{"access_token":{"capolids":{"essential":true,"values":["c8c3a0ab-0a7e-4c3e-a3ed-7a1b7cbd0b6a"]}}}'
const nbf = '{"access_token":{"nbf":{"essential":true,"value":"1795348800"}}}'
const traceId = 'a'.repeat(32)
const context: CallContext = { traceId, observe: () => undefined }

let clock: MovableClock
let exit: Exit
const makeExit = (options: Partial<WebApiOptions> = {}): Exit =>
  createExit(resolveOptions({ tenantId, clientId, clock, ...options }))
beforeEach(() => {
  clock = createClock()
  exit = makeExit()
})

const principal = (claims: Record<string, unknown> = {}): Principal => {
  const all = userClaims({ sid: 'session-1', ...claims })
  return {
    kind: 'user',
    agent: undefined,
    tenantId: String(all['tid']),
    objectId: userId,
    subject: String(all['sub']),
    clientId: String(all['azp']),
    scopes: ['access_as_user'],
    roles: [],
    issuer: String(all['iss']),
    version: '2.0',
    expiresAtMs: 0,
    claims: all,
  }
}
const capable = (claims: Record<string, unknown> = {}): Principal => principal({ xms_cc: ['CP1'], ...claims })

const failure = (reason: InteractionReason, facts: Partial<TokenErrorFacts> = {}): InteractionRequiredError =>
  new InteractionRequiredError('AADSTS50076: the words of the authority. Remedy: ours', reason, {
    error: 'invalid_grant',
    errorNumbers: [50076],
    correlationId: 'correlation-id',
    traceId: 'authority-trace-id',
    remedy: 'ours',
    status: 400,
    scopes: ['User.Read', 'Mail.Read'],
    ...facts,
  })

function answer(
  error: InteractionRequiredError,
  by: Principal = principal(),
  through: Exit = exit,
): RenderedAnswer {
  return render(through.letOut(error, by, context))!
}
const challengeOf = ({ headers }: RenderedAnswer): string | undefined => headers['www-authenticate']
const bodyOf = ({ body }: RenderedAnswer): Record<string, unknown> =>
  JSON.parse(body) as Record<string, unknown>

const signIn = `authorization_uri="https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize", client_id="${clientId}"`
const consentUrl = (more = '', tenant = tenantId): string =>
  `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize?client_id=${clientId}&response_type=code${more}&response_mode=query&scope=offline_access%20User.Read%20Mail.Read&prompt=consent`
const support = {
  errorNumbers: [50076],
  scopes: ['User.Read', 'Mail.Read'],
  correlationId: 'correlation-id',
  traceId,
  authorityTraceId: 'authority-trace-id',
}

describe('a refusal of the authority', () => {
  it('with claims is a 401 with insufficient_claims, whoever calls', () => {
    const given = answer(failure('claims_required', { suberror: 'basic_action', claims: mfa }))
    expect(given.status).toBe(401)
    expect(challengeOf(given)).toBe(
      `Bearer ${signIn}, error="insufficient_claims", error_description="The person has to sign in again and satisfy the claims in this challenge.", claims="${btoa(mfa)}"`,
    )
    expect(bodyOf(given)).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'The person has to sign in again and satisfy the claims in this challenge.',
      error: 'insufficient_claims',
      reason: 'claims_required',
      suberror: 'basic_action',
      claims: mfa,
      ...support,
    })
  })

  it('for want of consent is a 403 that says to what, and where', () => {
    const given = answer(failure('consent_required', { suberror: 'consent_required', errorNumbers: [65001] }))
    const detail = 'The person, or an administrator, has to consent to what this API does on their behalf.'
    expect(given.status).toBe(403)
    expect(challengeOf(given)).toBe(
      `Bearer ${signIn}, error="insufficient_scope", error_description="${detail}", consentUri="${consentUrl()}", scopes="User.Read,Mail.Read", proposedAction="consent"`,
    )
    expect(bodyOf(given)).toEqual({
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail,
      error: 'insufficient_scope',
      reason: 'consent_required',
      suberror: 'consent_required',
      consentUrl: consentUrl(),
      ...support,
      errorNumbers: [65001],
    })
  })

  it('of a token that is at its end is a 401 with invalid_token', () => {
    const given = answer(failure('sign_in_required', { suberror: 'bad_token', errorNumbers: [50173] }))
    expect(given.status).toBe(401)
    expect(challengeOf(given)).toBe(
      `Bearer ${signIn}, error="invalid_token", error_description="The session has ended; the person has to sign in again."`,
    )
    expect(bodyOf(given)).toMatchObject({
      error: 'invalid_token',
      reason: 'sign_in_required',
      suberror: 'bad_token',
    })
  })

  it('by policy is a 403 without a challenge, though it has claims', () => {
    const given = answer(failure('blocked', { suberror: 'message_only', claims: mfa }), capable())
    expect(given.status).toBe(403)
    expect(challengeOf(given)).toBeUndefined()
    expect(bodyOf(given)).not.toHaveProperty('claims')
    expect(bodyOf(given)).toMatchObject({ reason: 'blocked', suberror: 'message_only' })
  })

  it.each<InteractionReason>(['claims_required', 'consent_required', 'sign_in_required', 'blocked'])(
    'never repeats the words of the authority, nor what the owner has to do: %s',
    (reason) => {
      const { headers, body } = answer(failure(reason))
      expect(JSON.stringify(headers) + body).not.toMatch(/words|Remedy|ours|AADSTS/)
    },
  )

  it('has no claims that are not a claims request', () => {
    const given = answer(failure('claims_required', { claims: '{"redirect_uri":"https://evil.example"}' }))
    expect(challengeOf(given)).toContain('error="invalid_token"')
    expect(JSON.stringify(given)).not.toContain('evil')
  })
})

describe('the consent URL', () => {
  const missing = (): InteractionRequiredError => failure('consent_required')

  it('has the redirect URI that is configured', () => {
    const through = makeExit({ consentRedirectUri: 'https://api.contoso.com/consented' })
    const redirect = '&redirect_uri=https%3A%2F%2Fapi.contoso.com%2Fconsented'
    expect(bodyOf(answer(missing(), principal(), through))['consentUrl']).toBe(consentUrl(redirect))
  })

  it('without one is said to the owner, once', () => {
    const lines: unknown[] = []
    const logger: Logger = {
      error: (...line) => lines.push(line),
      warn: (fields, message) => lines.push([fields, message]),
    }
    const through = makeExit({ logger })
    for (const by of [principal(), principal(), capable()]) answer(missing(), by, through)
    expect(lines).toEqual([
      [expect.objectContaining({ option: 'consentRedirectUri' }), expect.stringContaining('AADSTS900971')],
    ])
    lines.length = 0
    const consentRedirectUri = 'https://api.contoso.com/consented'
    answer(missing(), principal(), makeExit({ logger, consentRedirectUri }))
    answer(failure('sign_in_required'), principal(), makeExit({ logger }))
    expect(lines).toEqual([])
  })

  it('is of the tenant that the caller is a guest of', () => {
    const through = makeExit({ tenantId: 'organizations', allowedTenants: null })
    const guest = principal({ tid: otherTenantId })
    expect(bodyOf(answer(missing(), guest, through))['consentUrl']).toBe(consentUrl('', otherTenantId))
  })

  it('takes no second parameter from a scope', () => {
    const error = failure('consent_required', { scopes: ['User.Read&prompt=none#x', 'a"b\r\nc'] })
    const given = answer(error)
    const url = new URL(String(bodyOf(given)['consentUrl']))
    expect(url.searchParams.getAll('prompt')).toEqual(['consent'])
    expect(url.searchParams.get('scope')).toBe('offline_access User.Read&prompt=none#x a"b\r\nc')
    expect(challengeOf(given)).not.toMatch(/[\r\n]/)
    expect(parseChallenges(challengeOf(given))).toHaveLength(1)
  })

  it.each(['http://api.contoso.com/', 'javascript:alert(1)', 'https://api.contoso.com/?a=b', 7])(
    'is never given %j to return to',
    (consentRedirectUri) => {
      expect(() => makeExit({ consentRedirectUri: consentRedirectUri as string })).toThrow(
        'consentRedirectUri',
      )
    },
  )
})

describe('in the style of Microsoft.Identity.Web', () => {
  const identityWeb = (): Exit => makeExit({ challengeStyle: 'identity-web' })

  it('a missing consent is its 403', () => {
    const given = answer(failure('consent_required'), principal(), identityWeb())
    expect(given.status).toBe(403)
    expect(challengeOf(given)).toBe(
      `Bearer consentUri="${consentUrl()}", claims="", scopes="User.Read,Mail.Read", proposedAction="consent"`,
    )
  })

  it('claims are its 403, as raw JSON between quotes, which our own parser reads', () => {
    const given = answer(failure('claims_required', { claims: mfa }), principal(), identityWeb())
    expect(given.status).toBe(403)
    expect(challengeOf(given)).toBe(
      `Bearer consentUri="", claims="${mfa}", scopes="User.Read,Mail.Read", proposedAction="consent"`,
    )
    const [challenge] = parseChallenges(challengeOf(given))
    expect(challenge?.parameters.get('claims')).toBe(mfa)
    expect(bodyOf(given)).toMatchObject({ error: 'insufficient_claims', claims: mfa })
  })

  it.each<InteractionReason>(['sign_in_required', 'blocked'])('leaves %s as it is', (reason) => {
    const error = failure(reason)
    expect(answer(error, principal(), identityWeb())).toEqual(answer(error))
  })

  it('is one of two', () => {
    expect(() => makeExit({ challengeStyle: 'msal' as 'rfc6750' })).toThrow('challengeStyle')
  })
})

describe('a challenge of a downstream API', () => {
  const relayed = (claims: string): InteractionRequiredError =>
    failure('claims_required', { error: 'insufficient_claims', origin: 'resource', claims })
  const acrs = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'

  it('goes on to a caller that understands it', () => {
    const given = answer(relayed(acrs), capable())
    expect(findClaimsChallenge(parseChallenges(challengeOf(given)))).toEqual({ claims: acrs })
  })

  it('is a plain 403 to any other, which could not ask for such a sign-in', () => {
    const given = answer(relayed(acrs))
    expect(given.status).toBe(403)
    expect(challengeOf(given)).toBeUndefined()
    expect(bodyOf(given)).not.toHaveProperty('claims')
  })

  it('is a plain 401 to any other when every new sign-in does, as after a revocation', () => {
    const given = answer(relayed(nbf))
    expect(given.status).toBe(401)
    expect(challengeOf(given)).toMatch(/^Bearer .*error="invalid_token"/)
    expect(given.body + challengeOf(given)!).not.toContain('nbf')
    expect(challengeOf(given)).not.toContain('claims="')
  })

  it.each([['CP1'], ['cp1'], ['cp2', 'Cp1']])('goes on to a caller with xms_cc %s', (...values) => {
    expect(answer(relayed(acrs), principal({ xms_cc: values })).status).toBe(401)
  })

  it.each([[undefined], [['cp10']], [{ cp1: true }], [1]])(
    'does not go on to one with xms_cc %j',
    (value) => {
      expect(answer(relayed(acrs), principal({ xms_cc: value })).status).toBe(403)
    },
  )
})

describe('a challenge that goes round in circles', () => {
  const demanded = (claims = mfa): InteractionRequiredError => failure('claims_required', { claims })
  /** A token that is issued now. */
  const fresh = (uti: string, claims: Record<string, unknown> = {}): Principal =>
    principal({ uti, iat: Math.floor(clock.nowMs() / 1000), ...claims })

  it('is a 403 without a challenge for the token that was to answer it', () => {
    expect(answer(demanded(), fresh('first')).status).toBe(401)
    clock.advanceSeconds(20)
    const given = answer(demanded(), fresh('second'))
    expect(given.status).toBe(403)
    expect(challengeOf(given)).toBeUndefined()
    expect(bodyOf(given)).toMatchObject({ reason: 'challenge_loop', correlationId: 'correlation-id' })
    expect(bodyOf(given)).not.toHaveProperty('claims')
  })

  it('is noticed although the authority answered within the same second', () => {
    answer(demanded(), fresh('first'))
    expect(answer(demanded(), fresh('second')).status).toBe(403)
  })

  it('is not seen in the token that was challenged, however often it comes', () => {
    const first = fresh('first')
    expect([1, 2, 3].map(() => answer(demanded(), first).status)).toEqual([401, 401, 401])
  })

  it('is not seen in a token that was issued before the challenge, as those of other tabs are', () => {
    const other = fresh('other')
    clock.advanceSeconds(10)
    answer(demanded(), fresh('first'))
    expect(answer(demanded(), other).status).toBe(401)
  })

  it('is noticed although an old token is challenged again and again meanwhile', () => {
    const old = fresh('old')
    answer(demanded(), old)
    clock.advanceSeconds(10)
    const answering = fresh('answering')
    clock.advanceSeconds(10)
    answer(demanded(), old)
    expect(answer(demanded(), answering).status).toBe(403)
  })

  it.each([
    ['other claims', demanded(nbf), {}],
    ['another session', demanded(), { sid: 'session-2' }],
    ['another client', demanded(), { azp: clientId }],
    ['another tenant', demanded(), { tid: otherTenantId }],
  ])('is not seen in %s', (_, error, claims) => {
    answer(demanded(), fresh('first'))
    expect(answer(error, fresh('second', claims)).status).toBe(401)
  })

  it.each<Record<string, unknown>>([
    { azpacr: '1' },
    { azpacr: '2' },
    { azpacr: 1 },
    { azpacr: undefined, appidacr: '1' },
    { azpacr: undefined, appidacr: '2' },
  ])(
    'is not seen where the client proves itself, and so may be a middle tier that asks by itself: %j',
    (claims) => {
      answer(demanded(), fresh('first', claims))
      expect(answer(demanded(), fresh('second', claims)).status).toBe(401)
    },
  )

  it.each<Record<string, unknown>>([
    { azpacr: '0' },
    { azpacr: undefined },
    { azpacr: undefined, appidacr: '0' },
    { azpacr: '0', appidacr: '1' },
  ])('is seen where it does not: %j', (claims) => {
    answer(demanded(), fresh('first', claims))
    expect(answer(demanded(), fresh('second', claims)).status).toBe(403)
  })

  it('may be tried again after two minutes', () => {
    answer(demanded(), fresh('first'))
    clock.advanceSeconds(120)
    expect(answer(demanded(), fresh('second')).status).toBe(401)
  })

  it('is nobody else’s: every web API has its own', () => {
    answer(demanded(), fresh('first'))
    expect(answer(demanded(), fresh('second'), makeExit()).status).toBe(401)
  })

  it('is stopped as well when this API itself demands the claims', () => {
    const refuse = (by: Principal): BearerError =>
      exit.refuse(
        noteRefused(
          new BearerError({
            status: 401,
            error: 'insufficient_claims',
            reason: 'authentication_context',
            description: 'Step up',
            claims: mfa,
          }),
          by,
        ),
        context,
      )
    expect(refuse(fresh('first'))).toMatchObject({ status: 401, reason: 'authentication_context' })
    clock.advanceSeconds(5)
    const stopped = refuse(fresh('second'))
    expect(stopped).toMatchObject({ status: 403, reason: 'challenge_loop', claims: undefined, traceId })
    expect(challengeOf(render(stopped)!)).toMatch(/^Bearer error="insufficient_scope", error_description="/)
  })
})

it('a refusal without claims goes round in no circle, whoever is refused', () => {
  const by = (uti: string): Principal => principal({ uti, iat: Math.floor(clock.nowMs() / 1000) })
  const refuse = (who: Principal): BearerError => {
    const refused = {
      status: 403,
      error: 'insufficient_scope',
      reason: 'scopes',
      description: 'Lacks one',
    } as const
    return exit.refuse(noteRefused(new BearerError(refused), who), context)
  }
  expect([refuse(by('first')).reason, refuse(by('second')).reason]).toEqual(['scopes', 'scopes'])
})

describe('an error that leaves', () => {
  const events: unknown[] = []
  const departure = (members: object = {}) => {
    events.length = 0
    const observed: CallContext = { traceId, observe: (event) => void events.push(event) }
    return { operation: 'acquire_token', context: observed, principal: principal(), ...members } as const
  }

  it.each([new Error('of the application'), 'a text', undefined])(
    'stays as it is when it is none of ours: %s',
    (error) => {
      expect(exit.leave(error, departure())).toBe(error)
      expect(events).toEqual([])
    },
  )

  it('is told once, and leaves again as it is', () => {
    const out = exit.leave(failure('sign_in_required'), departure())
    expect(events).toEqual([
      {
        type: 'operation_failed',
        operation: 'acquire_token',
        code: 'interaction_required',
        reason: 'sign_in_required',
        api: undefined,
        downstreamStatus: undefined,
      },
    ])
    expect(exit.leave(out, departure())).toBe(out)
    expect(events).toEqual([])
  })

  it('wants the person of whom it is known who called, and is a copy otherwise', () => {
    const error = failure('sign_in_required')
    const out = exit.leave(error, departure({ principal: undefined })) as InteractionRequiredError
    expect(out).not.toBe(error)
    expect([out.resource, out.message]).toEqual([undefined, error.message])
  })
})

describe('an error that several wait for', () => {
  it('goes out to each with the trace of their own request', () => {
    const shared = failure('sign_in_required')
    const other: CallContext = { traceId: 'b'.repeat(32), observe: () => undefined }
    const [one, two] = [exit.letOut(shared, principal(), context), exit.letOut(shared, principal(), other)]
    expect([one.request?.traceId, two.request?.traceId]).toEqual([traceId, other.traceId])
    expect(shared.resource).toBeUndefined()
  })

  it('goes out once', () => {
    const out = exit.letOut(failure('claims_required', { claims: mfa }), principal(), context)
    expect(exit.letOut(out, principal(), context)).toBe(out)
  })
})

it('the caller of these tests is somebody', () => {
  expect(principal()).toMatchObject({ tenantId, clientId: callerId, claims: { iat: nowSeconds - 60 } })
})
