import { describe, expect, it } from 'vitest'
import type { AcquireOptions } from '../../src/acquire/request/requests.ts'
import {
  AuthorityUnavailableError,
  InteractionRequiredError,
  type InteractionReason,
  type TokenErrorFacts,
} from '../../src/kernel/errors/errors.ts'
import { accessToken, callApi, failureOf } from './called-api.ts'

const nbf = '{"access_token":{"nbf":{"essential":true,"value":"1635527790"}}}'
const acrs = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'

const challenge =
  (claims: string, more = '') =>
  (): Response =>
    new Response('{"error":"the body of the refusal"}', {
      status: 401,
      headers: {
        'www-authenticate': `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="${btoa(claims)}"${more}`,
      },
    })

const ok = (): Response => Response.json({ ok: true })

function refusal(reason: InteractionReason, facts: Partial<TokenErrorFacts> = {}): InteractionRequiredError {
  return new InteractionRequiredError('The authority refused', reason, {
    error: 'invalid_grant',
    errorNumbers: [50173],
    status: 400,
    scopes: ['api://todolist/.default'],
    ...facts,
  })
}

/** Acquiring that the authority refuses once claims are asked for. */
const refusing =
  (error: Error) =>
  async ({ claims }: AcquireOptions) => {
    if (claims !== undefined) throw error
    return accessToken('token-1')
  }

describe('a claims challenge of a downstream API', () => {
  it('is answered with one new token for exactly those claims, and one repetition', async () => {
    const { api, received, acquired } = callApi([challenge(nbf), ok])
    expect(await api.getJson('todos')).toEqual({ ok: true })
    expect(acquired.map(({ claims }) => claims)).toEqual([undefined, nbf])
    expect(received.map(({ token }) => token)).toEqual(['token-1', 'token-2'])
    expect(received[1]?.url).toBe(received[0]?.url)
  })

  it('is told to the observer step by step, by the names of the claims alone', async () => {
    const { api, events } = callApi([challenge(nbf), ok])
    await api.getJson('todos')
    expect(events).toMatchObject([
      { type: 'downstream_called', status: 401, attempt: 1 },
      {
        type: 'downstream_challenged',
        api: 'todolist',
        path: '/api/todos',
        claims: ['nbf'],
        next: 'acquire',
      },
      { type: 'downstream_called', status: 200, attempt: 2 },
    ])
    expect(JSON.stringify(events)).not.toContain('1635527790')
  })

  it('is relayed when the new token does not do either, with the claims of the latest one', async () => {
    const { api, received, acquired, events, letOut } = callApi([challenge(nbf), challenge(acrs)])
    const error = await failureOf(api.getJson('todos'))
    expect(error).toBeInstanceOf(InteractionRequiredError)
    expect(error).toMatchObject({
      reason: 'claims_required',
      origin: 'resource',
      facts: { error: 'insufficient_claims', claims: acrs, status: 401, scopes: ['api://todolist/.default'] },
    })
    expect(letOut).toEqual([error])
    expect(received).toHaveLength(2)
    expect(acquired).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'downstream_challenged')).toMatchObject([
      { claims: ['nbf'], next: 'acquire' },
      { claims: ['acrs'], next: 'relay' },
    ])
  })

  it.each(['fetch', 'get', 'relay', 'getBytes'] as const)('is thrown by %s as well', async (name) => {
    const { api } = callApi([challenge(nbf)])
    await expect(api[name]('todos')).rejects.toMatchObject({
      code: 'interaction_required',
      origin: 'resource',
    })
  })

  it('is not repeated with the very token that was refused', async () => {
    const same = async (): Promise<ReturnType<typeof accessToken>> => accessToken('token-1')
    const { api, received } = callApi([challenge(nbf)], {}, { acquire: same })
    await expect(api.getJson('todos')).rejects.toMatchObject({ origin: 'resource' })
    expect(received).toHaveLength(1)
  })

  it('does not keep the refused answer open', async () => {
    let cancelled = 0
    const open = (): Response => {
      const { headers } = challenge(nbf)()
      const body = new ReadableStream({ cancel: () => void (cancelled += 1) })
      return new Response(body, { status: 401, headers })
    }
    const { api } = callApi([open])
    await failureOf(api.fetch('todos'))
    expect(cancelled).toBe(2)
  })
})

describe('a challenge that the authority does not let us answer', () => {
  it("leaves as the authority's own, with the authority's claims", async () => {
    const error = refusal('claims_required', { claims: acrs })
    const { api, received } = callApi([challenge(nbf)], {}, { acquire: refusing(error) })
    expect(await failureOf(api.getJson('todos'))).toBe(error)
    expect(error.origin).toBe('authority')
    expect(received).toHaveLength(1)
  })

  it('takes the claims of the API along when the session has ended, so that the next sign-in satisfies them', async () => {
    const { api, letOut } = callApi([challenge(nbf)], {}, { acquire: refusing(refusal('sign_in_required')) })
    const error = await failureOf(api.getJson('todos'))
    expect(error).toMatchObject({
      reason: 'sign_in_required',
      origin: 'authority',
      facts: { errorNumbers: [50173], claims: nbf },
    })
    expect(letOut).toEqual([error])
  })

  it('keeps the claims of the authority, when it names some with the end of the session', async () => {
    const error = refusal('sign_in_required', { claims: acrs })
    const { api } = callApi([challenge(nbf)], {}, { acquire: refusing(error) })
    expect(await failureOf(api.getJson('todos'))).toMatchObject({ facts: { claims: acrs } })
  })

  it.each(['consent_required', 'blocked'] as const)('stays what it is: %s', async (reason) => {
    const error = refusal(reason)
    const { api } = callApi([challenge(nbf)], {}, { acquire: refusing(error) })
    expect(await failureOf(api.getJson('todos'))).toBe(error)
  })

  it('is an outage when the authority is down, and tried again by the next call', async () => {
    let down = true
    const acquire = async ({ claims }: AcquireOptions) => {
      if (claims !== undefined && down) throw new AuthorityUnavailableError('down', 1)
      return accessToken(claims === undefined ? 'token-1' : 'token-2')
    }
    const { api } = callApi([challenge(nbf), challenge(nbf), ok], {}, { acquire })
    await expect(api.getJson('todos')).rejects.toBeInstanceOf(AuthorityUnavailableError)
    down = false
    expect(await api.getJson('todos')).toEqual({ ok: true })
  })
})

describe('the same challenge within one request of our caller', () => {
  it('does not go round twice: a later call relays it without asking the authority again', async () => {
    const { api, again, received, acquired } = callApi([challenge(nbf)])
    await failureOf(api.getJson('todos'))
    await failureOf(again({}).getJson('users'))
    expect(acquired.filter(({ claims }) => claims !== undefined)).toHaveLength(1)
    expect(received.map(({ token }) => token)).toEqual(['token-1', 'token-2', 'token-2'])
  })

  it('uses the token that answered it for a call that was sent with the old one', async () => {
    const acquired: (string | undefined)[] = []
    const acquire = async ({ claims }: AcquireOptions) => {
      acquired.push(claims)
      return accessToken(claims === undefined ? 'old' : 'new')
    }
    const { api, received } = callApi([challenge(nbf), ok, challenge(nbf), ok], {}, { acquire })
    await api.getJson('todos')
    await api.getJson('todos')
    expect(acquired).toEqual([undefined, nbf, undefined])
    expect(received.map(({ token }) => token)).toEqual(['old', 'new', 'old', 'new'])
  })

  it('is refused again without asking, when the authority has refused to answer it', async () => {
    const error = refusal('claims_required', { claims: acrs })
    let asked = 0
    const acquire = async ({ claims }: AcquireOptions) => {
      if (claims === undefined) return accessToken('token-1')
      asked += 1
      throw error
    }
    const { api } = callApi([challenge(nbf)], {}, { acquire })
    expect(await failureOf(api.getJson('todos'))).toBe(error)
    expect(await failureOf(api.getJson('users'))).toBe(error)
    expect(asked).toBe(1)
  })

  it('does not let an API that invents a new challenge each time make us ask without end', async () => {
    let invented = 0
    const { api, acquired } = callApi([() => challenge(nbf.replace('1635527790', String(++invented)))()])
    for (let call = 0; call < 40; call += 1) await failureOf(api.getJson('todos'))
    expect(acquired.filter(({ claims }) => claims !== undefined)).toHaveLength(16)
  })
})

describe('a call that is sent once', () => {
  it('has its challenge relayed at once, without asking the authority', async () => {
    const { api, received, acquired, events } = callApi([challenge(nbf)])
    const call = api.fetch('todos', { method: 'POST', body: new Blob(['x']).stream(), replay: false })
    expect(await failureOf(call)).toMatchObject({ origin: 'resource', facts: { claims: nbf } })
    expect(received).toHaveLength(1)
    expect(acquired).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'downstream_challenged', next: 'relay' })
  })
})

describe("a challenge to the application's own token", () => {
  it('is answered likewise, but never put to our caller, who has no better one', async () => {
    const { api, letOut, events } = callApi([challenge(nbf)], {}, { tokenKind: 'app' })
    expect(await failureOf(api.fetch('todos'))).toMatchObject({
      code: 'downstream_failed',
      downstreamStatus: 401,
    })
    expect(letOut).toEqual([])
    expect(events.at(-1)).toMatchObject({ next: 'give_up' })
  })

  it('replaces the token for the next call when this one cannot be repeated', async () => {
    const { api, acquired, received } = callApi([challenge(nbf)], {}, { tokenKind: 'app' })
    await failureOf(api.post('todos', 'x', { replay: false }))
    expect(acquired.map(({ claims }) => claims)).toEqual([undefined, nbf])
    expect(received).toHaveLength(1)
  })
})

describe('a hostile downstream API', () => {
  const evil = '<script>evil</script>\\r\\n, Basic realm=evil.example'

  it.each<[string, Response]>([
    ['a 200 with a challenge', new Response('{}', { headers: challenge(nbf)().headers })],
    ['a 403 with a challenge', new Response('{}', { status: 403, headers: challenge(nbf)().headers })],
    [
      'another scheme',
      new Response('{}', {
        status: 401,
        headers: { 'www-authenticate': `Basic error="insufficient_claims", claims="${btoa(nbf)}"` },
      }),
    ],
    [
      'another error',
      new Response('{}', {
        status: 401,
        headers: { 'www-authenticate': `Bearer error="invalid_token", claims="${btoa(nbf)}"` },
      }),
    ],
    ['claims that are no JSON', challenge('not json')()],
    ['claims that are a list', challenge('[]')()],
    ['claims that ask for nothing', challenge('{"access_token":{}}')()],
    ['claims of a megabyte', challenge(`{"access_token":{"nbf":{"value":"${'9'.repeat(1_000_000)}"}}}`)()],
  ])('brings about no acquisition with %s', async (_, answer) => {
    const { api, acquired, received } = callApi([answer])
    await failureOf(api.fetch('todos'))
    expect(acquired).toHaveLength(1)
    expect(received).toHaveLength(1)
  })

  it('has nothing of its words reach our caller but the claims, written anew', async () => {
    const spaced = `{ "access_token" : { "acrs" : { "essential" : true, "value" : "c1" } }, "redirect_uri": "https://evil.example/" }`
    const { api } = callApi([
      challenge(spaced, `, error_description="${evil}", resource_metadata="https://evil.example"`),
    ])
    const error = (await failureOf(api.getJson('todos'))) as InteractionRequiredError
    expect(error.facts.claims).toBe(acrs)
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('evil')
    expect(error.resource).toBeUndefined()
  })

  it('gets no token but its own, and sees no token of ours in what comes back', async () => {
    const { api, events } = callApi([challenge(nbf), challenge(acrs)])
    const error = await failureOf(api.getJson('todos'))
    expect(JSON.stringify([error, events])).not.toMatch(/token-\d/)
  })

  it('cannot put a person into the events by the names of claims', async () => {
    const { api, events } = callApi([
      challenge('{"access_token":{"alice@contoso.com":null,"a b":null,"nbf":{"value":"alice"}}}'),
    ])
    await failureOf(api.getJson('todos'))
    expect(events.find(({ type }) => type === 'downstream_challenged')).toMatchObject({ claims: ['nbf'] })
    expect(JSON.stringify(events)).not.toContain('alice')
  })
})
