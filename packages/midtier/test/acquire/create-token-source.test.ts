import { describe, expect, it } from 'vitest'
import {
  AuthorityUnavailableError,
  InteractionRequiredError,
  TokenRequestError,
} from '../../src/kernel/errors/errors.ts'
import {
  createStubAuthority,
  granted,
  html,
  inTurn,
  json,
  recorded,
  throttled,
} from '../grants/stub-authority.ts'
import { createSharedTextStore } from './shared-text-store.ts'
import {
  createCaller,
  createScenario,
  HandClock,
  type Scenario,
  settle,
  tenantId,
  todoScopes,
} from './scenario.ts'

/** Nothing is renewed in the background, so that tokens get into their last minutes. */
function createScenarioRenewedAtTheEnd(): Scenario {
  const scenario = createScenario()
  scenario.authority.answer = granted({ refresh_in: 3600 })
  return scenario
}

describe('acquiring on behalf of a user', () => {
  it('exchanges the assertion once and then answers from the cache', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const first = await scenario.onBehalfOf(caller)
    const second = await scenario.onBehalfOf(caller)
    expect([first.accessToken, first.origin]).toEqual(['token-1', 'authority'])
    expect([second.accessToken, second.origin]).toEqual(['token-1', 'l1'])
    expect(second.correlationId).toBe(first.correlationId)
    expect(scenario.authority.requests).toHaveLength(1)
  })

  it('asks in the tenant of the incoming token', async () => {
    const scenario = createScenario()
    const guest = createCaller(scenario.clock, 'guest', '1', {
      tenantId: '44444444-4444-4444-4444-444444444444',
    })
    await scenario.onBehalfOf(guest)
    expect(scenario.authority.requests[0]?.url).toContain(
      '/44444444-4444-4444-4444-444444444444/oauth2/v2.0/token',
    )
  })

  it('keeps two sessions of one user apart, and neither evicts the other', async () => {
    const scenario = createScenario()
    const laptop = createCaller(scenario.clock, 'alice', 'laptop')
    const phone = createCaller(scenario.clock, 'alice', 'phone')
    const tokens = []
    for (const caller of [laptop, phone, laptop, phone, laptop, phone])
      tokens.push((await scenario.onBehalfOf(caller)).accessToken)
    expect(tokens).toEqual(['token-1', 'token-2', 'token-1', 'token-2', 'token-1', 'token-2'])
    expect(scenario.authority.requests).toHaveLength(2)
  })

  it('never serves one user the token of another', async () => {
    const scenario = createScenario({}, {}, undefined)
    scenario.authority.answer = ({ body }) =>
      granted({ access_token: `for-${body.get('assertion') ?? ''}` })({
        ...scenario.authority.requests[0]!,
        body,
      })
    const callers = Array.from({ length: 50 }, (_, index) => createCaller(scenario.clock, `user${index}`))
    for (let round = 0; round < 3; round += 1)
      for (const [index, caller] of callers.entries())
        expect((await scenario.onBehalfOf(caller)).accessToken).toBe(`for-assertion-of-user${index}-1`)
    expect(scenario.authority.requests).toHaveLength(50)
  })

  it('treats the order, the repetition and the OpenID Connect scopes of a list as one request', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller, { scopes: ['api://a/x', 'api://a/y'] })
    await scenario.onBehalfOf(caller, {
      scopes: ['openid', 'api://a/y', 'offline_access', 'api://a/x', 'api://a/x'],
    })
    await scenario.onBehalfOf(caller, { scopes: ['api://a/x api://a/y'] })
    expect(scenario.authority.requests).toHaveLength(1)
  })

  it('answers 200 concurrent cold requests with one exchange', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const tokens = await Promise.all(Array.from({ length: 200 }, () => scenario.onBehalfOf(caller)))
    expect(new Set(tokens.map((token) => token.accessToken))).toEqual(new Set(['token-1']))
    expect(scenario.authority.requests).toHaveLength(1)
  })

  it('does not keep a failure', async () => {
    const scenario = createScenario()
    scenario.authority.answer = inTurn(recorded.consentMissing, granted())
    const caller = createCaller(scenario.clock)
    await expect(scenario.onBehalfOf(caller)).rejects.toMatchObject({ reason: 'consent_required' })
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-1')
  })

  it('lets the failure of one user be felt by nobody else', async () => {
    const scenario = createScenario()
    const mallory = createCaller(scenario.clock, 'mallory')
    const ok = granted()
    scenario.authority.answer = (seen) =>
      seen.body.get('assertion')?.includes('mallory') ? throttled('30')(seen) : ok(seen)
    const others = Array.from({ length: 20 }, (_, index) =>
      scenario.onBehalfOf(createCaller(scenario.clock, `user${index}`)),
    )
    await expect(scenario.onBehalfOf(mallory)).rejects.toBeInstanceOf(AuthorityUnavailableError)
    expect(await Promise.all(others)).toHaveLength(20)
  })

  it('exchanges again when less than the expiry buffer is left', async () => {
    const scenario = createScenarioRenewedAtTheEnd()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.clock.advanceSeconds(3299)
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-1')
    scenario.clock.advanceSeconds(1)
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-2')
  })

  it.each([
    ['a 503 with an HTML body', html(503)],
    ['a 429', throttled('30')],
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['a 200 with an HTML body', html(200)],
    ['truncated JSON', () => new Response('{"access_token":"ey', { status: 200 })],
  ])('serves a token in its last minutes when the authority answers with %s', async (_name, failure) => {
    const scenario = createScenarioRenewedAtTheEnd()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.authority.answer = failure
    scenario.clock.advanceSeconds(3500)
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-1')
    scenario.clock.advanceSeconds(100)
    await expect(scenario.onBehalfOf(caller)).rejects.toBeInstanceOf(AuthorityUnavailableError)
  })

  it('serves no token that expired while the authority was failing', async () => {
    const scenario = createScenarioRenewedAtTheEnd()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.clock.advanceSeconds(3595)
    scenario.authority.answer = (seen) => {
      scenario.clock.advanceSeconds(5)
      return html(503)(seen)
    }
    await expect(scenario.onBehalfOf(caller)).rejects.toBeInstanceOf(AuthorityUnavailableError)
  })

  it('does not hide from a user in the last minutes that the session was revoked', async () => {
    const scenario = createScenarioRenewedAtTheEnd()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.authority.answer = recorded.sessionRevoked
    scenario.clock.advanceSeconds(3500)
    await expect(scenario.onBehalfOf(caller)).rejects.toMatchObject({ reason: 'sign_in_required' })
  })

  it('sends nothing for an assertion that expired longer ago than the authority tolerates', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock, 'alice', '1', { expiresAtMs: scenario.clock.ms - 300_000 })
    await scenario.onBehalfOf(caller)
    const late = createCaller(scenario.clock, 'alice', '2', { expiresAtMs: scenario.clock.ms - 300_001 })
    await expect(scenario.onBehalfOf(late)).rejects.toMatchObject({
      code: 'interaction_required',
      reason: 'sign_in_required',
    })
    expect(scenario.authority.requests).toHaveLength(1)
  })
})

it('reads 256 KiB of an answer, and no more', async () => {
  const bare = { token_type: 'Bearer', expires_in: 3600, access_token: 'token', padding: '' }
  const answerOf = (bytes: number) => (): Response =>
    Response.json({ ...bare, padding: 'x'.repeat(bytes - JSON.stringify(bare).length) })
  const scenario = createScenario({}, {}, createStubAuthority(answerOf(262_144)))
  expect((await scenario.forClient()).accessToken).toBe('token')
  const other = createScenario({}, {}, createStubAuthority(answerOf(262_145)))
  await expect(other.forClient()).rejects.toThrow('answered with more than 262144 bytes')
})

describe('acquiring silently', () => {
  it('never exchanges', async () => {
    const scenario = createScenario()
    const failure = scenario.silent(createCaller(scenario.clock))
    await expect(failure).rejects.toBeInstanceOf(InteractionRequiredError)
    await expect(failure).rejects.toMatchObject({ reason: 'no_token_cached', facts: { scopes: todoScopes } })
    expect(scenario.authority.requests).toHaveLength(0)
  })

  it('finds what the exchange of the same session obtained', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    expect((await scenario.silent(caller)).accessToken).toBe('token-1')
    await expect(scenario.silent(createCaller(scenario.clock, 'alice', 'other'))).rejects.toMatchObject({
      reason: 'no_token_cached',
    })
  })

  it('does not renew, even when the token is due', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.clock.advanceSeconds(2000)
    expect((await scenario.silent(caller)).accessToken).toBe('token-1')
    await settle()
    expect(scenario.authority.requests).toHaveLength(1)
    expect(scenario.events.map((event) => event.type)).not.toContain('acquisition_failed')
  })

  it('does not fail an exchange that runs at the same time', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const silent = scenario.silent(caller)
    const exchanged = scenario.onBehalfOf(caller)
    await expect(silent).rejects.toMatchObject({ reason: 'no_token_cached' })
    expect((await exchanged).accessToken).toBe('token-1')
  })
})

describe('acquiring for the application itself', () => {
  it('asks once, in its own tenant, and keeps the token apart from every user', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller, { scopes: ['api://todolist/.default'] })
    expect((await scenario.forClient()).accessToken).toBe('token-2')
    expect((await scenario.forClient()).origin).toBe('l1')
    expect(scenario.authority.requests[1]?.url).toContain(tenantId)
    await scenario.source.forget(scenario.requests.partition(caller.account!.id))
    expect((await scenario.forClient()).origin).toBe('l1')
  })

  it('keeps the tokens of two tenants apart', async () => {
    const scenario = createScenario()
    await scenario.forClient()
    expect((await scenario.forClient({ tenantId: 'fabrikam.onmicrosoft.com' })).accessToken).toBe('token-2')
  })

  it('asks no person, whatever the authority answers', async () => {
    const scenario = createScenario()
    for (const refusal of [recorded.blockedByPolicy, recorded.applicationNotAssigned, recorded.mfaDemanded]) {
      scenario.authority.answer = refusal
      const failure = scenario.forClient()
      await expect(failure).rejects.toBeInstanceOf(TokenRequestError)
      await expect(failure).rejects.not.toBeInstanceOf(InteractionRequiredError)
    }
  })
})

describe('renewing ahead', () => {
  it('serves the cached token at once and renews it behind the request', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.clock.advanceSeconds(1801)
    let release: () => void = () => undefined
    const ok = scenario.authority.answer
    scenario.authority.answer = async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return ok(seen)
    }
    const served = await Promise.all(Array.from({ length: 50 }, () => scenario.onBehalfOf(caller)))
    expect(new Set(served.map((token) => token.accessToken))).toEqual(new Set(['token-1']))
    await settle()
    expect(scenario.authority.requests).toHaveLength(2)
    release()
    await settle()
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-2')
  })

  it('obeys refresh_in', async () => {
    const scenario = createScenario()
    scenario.authority.answer = granted({ expires_in: 86_400, refresh_in: '43200' })
    const caller = createCaller(scenario.clock, 'alice', '1', { expiresAtMs: scenario.clock.ms + 86_400_000 })
    await scenario.onBehalfOf(caller)
    scenario.clock.advanceSeconds(43_199)
    await scenario.onBehalfOf(caller)
    await settle()
    expect(scenario.authority.requests).toHaveLength(1)
    scenario.clock.advanceSeconds(1)
    await scenario.onBehalfOf(caller)
    await settle()
    expect(scenario.authority.requests).toHaveLength(2)
  })

  it('keeps the token and pauses when the renewal fails', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.authority.answer = html(503)
    scenario.clock.advanceSeconds(1801)
    for (let call = 0; call < 5; call += 1) {
      expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-1')
      await settle()
    }
    expect(scenario.authority.requests).toHaveLength(2)
    expect(scenario.events.filter((event) => event.type === 'acquisition_failed')).toMatchObject([
      { code: 'authority_unavailable' },
    ])
    scenario.clock.ms += 29_999
    await scenario.onBehalfOf(caller)
    await settle()
    expect(scenario.authority.requests).toHaveLength(2)
    scenario.clock.ms += 1
    await scenario.onBehalfOf(caller)
    await settle()
    expect(scenario.authority.requests).toHaveLength(3)
  })

  it('is not content with the token of a shared store that is due as well', async () => {
    const clock = new HandClock()
    const { store } = createSharedTextStore(clock)
    const scenario = createScenario({}, { clock, l2: store })
    const caller = createCaller(clock)
    await scenario.onBehalfOf(caller)
    await settle()
    scenario.authority.answer = html(503)
    clock.advanceSeconds(1801)
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-1')
    await settle()
    expect(scenario.authority.requests).toHaveLength(2)
    expect(scenario.events.filter(({ type }) => type === 'acquisition_failed')).toHaveLength(1)
    expect(scenario.events.filter(({ type }) => type === 'token_acquired')).toHaveLength(2)
  })
})

describe('claims challenges and forced refreshes', () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1635527790"}}}'

  it('never answers a claims challenge from the cache, and replaces the entry', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    expect((await scenario.onBehalfOf(caller, { claims })).accessToken).toBe('token-2')
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-2')
    expect(JSON.parse(scenario.authority.requests[1]?.body.get('claims') ?? '')).toEqual({
      access_token: { xms_cc: { values: ['cp1'] }, nbf: { essential: true, value: '1635527790' } },
    })
  })

  it('understands claims in base64', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    expect((await scenario.onBehalfOf(caller, { claims: btoa(claims) })).accessToken).toBe('token-2')
  })

  it('does not serve a rejected token again when the new one is refused', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.authority.answer = recorded.mfaDemanded
    await expect(scenario.onBehalfOf(caller, { claims })).rejects.toMatchObject({ reason: 'claims_required' })
    await expect(scenario.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('does not let an older exchange under way overwrite the answer to a challenge', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const release = { old: (): void => undefined, new: (): void => undefined, own: (): void => undefined }
    scenario.authority.answer = async ({ body }) => {
      const isFirst = scenario.authority.requests.length === 1
      const name = (body.get('claims')?.includes('nbf') ?? false) ? 'new' : isFirst ? 'old' : 'own'
      await new Promise<void>((resolve) => (release[name] = resolve))
      return json(200, { token_type: 'Bearer', expires_in: 3600, access_token: name })
    }
    const before = scenario.onBehalfOf(caller)
    await settle()
    const challenged = scenario.onBehalfOf(caller, { claims })
    await settle()
    const after = scenario.onBehalfOf(caller) // does not join the older exchange, which the challenge overtakes
    await settle()
    release.new()
    expect((await challenged).accessToken).toBe('new')
    release.old()
    release.own()
    expect([(await before).accessToken, (await after).accessToken]).toEqual(['old', 'own'])
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('new')
  })

  it('replaces the entry on a forced refresh, and keeps it when that fails', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    expect((await scenario.onBehalfOf(caller, { forceRefresh: true })).accessToken).toBe('token-2')
    scenario.authority.answer = html(503)
    await expect(scenario.onBehalfOf(caller, { forceRefresh: true })).rejects.toBeInstanceOf(
      AuthorityUnavailableError,
    )
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-2')
  })
})

describe('giving up', () => {
  it('lets one waiter go without disturbing the others', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const controller = new AbortController()
    const impatient = scenario.onBehalfOf(caller, { signal: controller.signal })
    const patient = scenario.onBehalfOf(caller)
    controller.abort(new Error('the client went away'))
    await expect(impatient).rejects.toThrow('the client went away')
    expect((await patient).accessToken).toBe('token-1')
    expect(scenario.authority.requests).toHaveLength(1)
  })

  it('keeps what was obtained after everyone had gone', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const controller = new AbortController()
    const impatient = scenario.onBehalfOf(caller, { signal: controller.signal })
    controller.abort(new Error('the client went away'))
    await expect(impatient).rejects.toThrow('the client went away')
    await settle()
    expect((await scenario.silent(caller)).accessToken).toBe('token-1')
  })

  it('gives nothing to a caller that gave up before', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    await expect(
      scenario.onBehalfOf(caller, { signal: AbortSignal.abort(new Error('gone')) }),
    ).rejects.toThrow('gone')
  })

  it('turns the time limit of a call into an outage that may be retried', async () => {
    const scenario = createScenario()
    scenario.authority.answer = () => new Promise(() => undefined)
    const failure = scenario.onBehalfOf(createCaller(scenario.clock), { timeoutMs: 5 })
    await expect(failure).rejects.toBeInstanceOf(AuthorityUnavailableError)
    await expect(failure).rejects.toThrow('5 ms')
  })
})

describe('forgetting', () => {
  it('drops every session of the account and nobody else', async () => {
    const scenario = createScenario()
    const [laptop, phone, bob] = [
      createCaller(scenario.clock),
      createCaller(scenario.clock, 'alice', '2'),
      createCaller(scenario.clock, 'bob'),
    ]
    for (const caller of [laptop, phone, bob]) await scenario.onBehalfOf(caller)
    await scenario.source.forget(scenario.requests.partition(laptop.account!.id))
    await expect(scenario.silent(laptop)).rejects.toMatchObject({ reason: 'no_token_cached' })
    await expect(scenario.silent(phone)).rejects.toMatchObject({ reason: 'no_token_cached' })
    expect((await scenario.silent(bob)).accessToken).toBe('token-3')
  })

  it('is not undone by an exchange that was under way', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const underWay = scenario.onBehalfOf(caller)
    await scenario.source.forget(scenario.requests.partition(caller.account!.id))
    expect((await underWay).accessToken).toBe('token-1')
    await expect(scenario.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })
})

describe('telling the owner', () => {
  it('tells a refusal of ours as the authority tells its own', async () => {
    const scenario = createScenario()
    await expect(scenario.silent(createCaller(scenario.clock))).rejects.toMatchObject({
      reason: 'no_token_cached',
      facts: { error: 'interaction_required', errorNumbers: [], status: 400, scopes: todoScopes },
    })
  })

  it('reports the exchange and where every token came from, without a token in any event', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const token = await scenario.onBehalfOf(caller)
    await scenario.onBehalfOf(caller)
    const { correlationId } = token
    expect(scenario.events).toMatchObject([
      {
        type: 'token_requested',
        grant: 'on_behalf_of',
        tenantId,
        scopes: todoScopes,
        status: 200,
        errorNumbers: [],
        correlationId,
      },
      { type: 'token_acquired', origin: 'authority', accountId: caller.account?.id, correlationId },
      { type: 'token_acquired', origin: 'l1', correlationId },
    ])
    expect(JSON.stringify(scenario.events)).not.toMatch(/token-1|assertion-of/)
  })

  it('reports a refusal with its numbers', async () => {
    const scenario = createScenario()
    scenario.authority.answer = recorded.wrongSecret
    await expect(scenario.onBehalfOf(createCaller(scenario.clock))).rejects.toBeInstanceOf(TokenRequestError)
    expect(scenario.events).toMatchObject([
      { type: 'token_requested', status: 401, error: 'invalid_client', errorNumbers: [7000215] },
      { type: 'acquisition_failed', code: 'token_request_refused' },
    ])
  })
})

it('an access token is one object for all who are given it, and cannot be changed', async () => {
  const scenario = createScenario()
  const token = await scenario.onBehalfOf(createCaller(scenario.clock))
  expect(() => Object.assign(token, { expiresAtMs: 0 })).toThrow(TypeError)
})
