import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseChallenges } from '../../src/bearer/parse-challenges.ts'
import { archiveApi, challenging, startChain, vault, type Chain } from './chain.ts'
import { alice, ids } from './scenario.ts'

const nbf = JSON.stringify({ access_token: { nbf: { essential: true, value: '1893456000' } } })
const acrs = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })

let chain: Chain

beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain.stop())
beforeEach(() => {
  chain.visits.length = 0
  for (const events of chain.events) events.length = 0
  chain.emulator.policies.clear()
  chain.emulator.clock.advance(300) // the challenges of the test before are forgotten
  chain.answer = (response, { claims }) =>
    void response.end(JSON.stringify({ for: claims['oid'], by: claims['azp'], at: claims['aud'] }))
})

interface Challenged {
  readonly status: number
  readonly parameters: ReadonlyMap<string, string>
  readonly claims: unknown
  /** Everything that the first caller can see. */
  readonly text: string
}

async function challenged(response: Response): Promise<Challenged> {
  const [first, ...others] = parseChallenges(response.headers)
  expect(others).toEqual([])
  expect(first?.scheme).toBe('bearer')
  const parameters = first?.parameters ?? new Map<string, string>()
  const text = JSON.stringify([...response.headers]) + (await response.text())
  const claims: unknown = JSON.parse(atob(parameters.get('claims') ?? '') || 'null')
  return { status: response.status, parameters, claims, text }
}

/** What a challenge at the very first API looks like, whoever sent it first. */
function expectOwnChallenge({ status, parameters, text }: Challenged): void {
  expect(status).toBe(401)
  expect(parameters.get('error')).toBe('insufficient_claims')
  expect(parameters.get('client_id')).toBe(ids.middleTier)
  expect(parameters.get('authorization_uri')).toBe(
    `${chain.emulator.origin}/${ids.contoso}/oauth2/v2.0/authorize`,
  )
  expect(text).not.toMatch(/evil|secret|eyJ[\w-]+\.eyJ/)
}

describe('three APIs in a row', () => {
  it('act on behalf of the first caller, each by a token of its own', async () => {
    const response = await chain.get('/json/report', await chain.token())
    expect(await response.json()).toEqual({ for: ids.alice, by: archiveApi, at: vault })
    for (const events of chain.events)
      expect(events.filter(({ type }) => type === 'token_requested')).toHaveLength(1)
  })

  it('are one trace', async () => {
    await chain.get('/json/report', await chain.token())
    const traces = new Set(chain.events.flat().map(({ traceId }) => traceId))
    expect(traces.size).toBe(1)
    expect([...traces][0]).toMatch(/^[0-9a-f]{32}$/)
  })

  it('relay an answer as it came, piece by piece', async () => {
    chain.answer = (response) => {
      response.writeHead(206, { 'content-type': 'text/csv', etag: '"1"', 'set-cookie': 'vault=1' })
      response.write('a,')
      setImmediate(() => response.end('b'))
    }
    const response = await chain.get('/relay/report', await chain.token())
    expect(response.status).toBe(206)
    expect(response.headers.get('content-type')).toBe('text/csv')
    expect(response.headers.get('etag')).toBe('"1"')
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await response.text()).toBe('a,b')
  })
})

describe.each(['json', 'relay'])('a challenge of the last API in a row (%s)', (how) => {
  it('is answered by the API before it, and no other has to know', async () => {
    const first = new Set<string>()
    chain.answer = (response, visit, request) => {
      if (first.size > 0) return void response.end('{"ok":true}')
      first.add(visit.token)
      challenging(nbf)(response, visit, request)
    }
    const response = await chain.get(`/${how}/report`, await chain.token())
    expect(response.status).toBe(200)
    expect(chain.visits).toHaveLength(2)
    expect(new Set(chain.visits.map(({ token }) => token)).size).toBe(2)
    expect(chain.events[2].map(({ type }) => type)).toEqual([
      'token_validated',
      'token_requested',
      'token_acquired',
      'downstream_called',
      'downstream_challenged',
      'token_requested',
      'token_acquired',
      'downstream_called',
    ])
    expect(chain.events[0].filter(({ type }) => type === 'downstream_challenged')).toEqual([])
  })

  it('reaches the first caller unharmed when no API can answer it', async () => {
    chain.answer = challenging(nbf, ', error_description="evil", cc_type="evil"')
    const answer = await challenged(await chain.get(`/${how}/report`, await chain.token()))
    expectOwnChallenge(answer)
    expect(answer.claims).toEqual(JSON.parse(nbf))
    // Each API repeats once and no more.
    expect(chain.visits).toHaveLength(8)
  })

  it('reaches the first caller although each API has its token for it cached', async () => {
    const token = await chain.token()
    expect((await chain.get(`/${how}/report`, token)).status).toBe(200)
    chain.answer = challenging(nbf)
    const answer = await challenged(await chain.get(`/${how}/report`, token))
    expectOwnChallenge(answer)
    expect(answer.claims).toEqual(JSON.parse(nbf))
  })

  it('stops at once where the authority says that the session does not satisfy it', async () => {
    chain.answer = challenging(acrs)
    const answer = await challenged(await chain.get(`/${how}/report`, await chain.token()))
    expectOwnChallenge(answer)
    expect(answer.claims).toEqual(JSON.parse(acrs))
    expect(chain.visits).toHaveLength(1)
  })

  it('is satisfied when the first caller comes back with a session that has it', async () => {
    chain.answer = (response, visit, request) => {
      if (JSON.stringify(visit.claims['acrs'] ?? '').includes('c1')) response.end('{"ok":true}')
      else challenging(acrs)(response, visit, request)
    }
    const weak = await chain.get(`/${how}/report`, await chain.token())
    expect(weak.status).toBe(401)
    const strong = await chain.get(`/${how}/report`, await chain.token({ amr: ['pwd', 'mfa'] }))
    expect(strong.status).toBe(200)
    expect(await strong.json()).toEqual({ ok: true })
  })
})

describe.each(['json', 'relay'])('a refusal of the authority on the last hop (%s)', (how) => {
  it('reaches the first caller with the claims of the policy, and is cured by a stronger session', async () => {
    const policy = chain.emulator.policies.add({
      name: 'MFA for the vault',
      kind: 'require_mfa',
      resource: vault,
    })
    const answer = await challenged(await chain.get(`/${how}/report`, await chain.token()))
    expectOwnChallenge(answer)
    expect(answer.claims).toEqual({
      access_token: { capolids: { essential: true, values: [policy.id] } },
    })
    expect(chain.visits).toEqual([])
    const strong = await chain.get(`/${how}/report`, await chain.token({ amr: ['pwd', 'mfa'] }))
    expect(strong.status).toBe(200)
  })

  it('reaches the first caller in the older form of the wire as well (interaction_required)', async () => {
    const claims = JSON.stringify({ access_token: { capolids: { essential: true, values: ['1'] } } })
    const fault = chain.emulator.faults.add({
      when: { endpoint: 'token', clientId: archiveApi },
      then: {
        status: 400,
        body: {
          error: 'interaction_required',
          error_description: 'AADSTS50076: multi-factor authentication is needed.',
          error_codes: [50076],
          suberror: 'basic_action',
          claims,
        },
      },
    })
    try {
      const answer = await challenged(await chain.get(`/${how}/report`, await chain.token()))
      expectOwnChallenge(answer)
      expect(answer.claims).toEqual(JSON.parse(claims))
    } finally {
      fault.remove()
    }
  })
})

describe('a person whose sessions were revoked', () => {
  it('is sent to sign in again by the first API, with the claims of the last', async () => {
    const token = await chain.token()
    expect((await chain.get('/json/report', token)).status).toBe(200)
    const { emulator } = chain
    emulator.clock.advance(5)
    const revokedAt = String(Math.floor(emulator.clock.now() / 1000))
    emulator.directory.revokeSessions(emulator.directory.findUser(alice)!, emulator.clock.now())
    const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: revokedAt } } })
    chain.answer = (response, visit, request) => {
      if (Number(visit.claims['iat']) >= Number(revokedAt)) response.end('{"ok":true}')
      else challenging(claims)(response, visit, request)
    }
    const answer = await challenged(await chain.get('/json/report', token))
    expectOwnChallenge(answer)
    expect(answer.claims).toEqual(JSON.parse(claims))
    expect(chain.visits).toHaveLength(1 + 1)
    emulator.clock.advance(5)
    expect((await chain.get('/json/report', await chain.token())).status).toBe(200)
  })
})
