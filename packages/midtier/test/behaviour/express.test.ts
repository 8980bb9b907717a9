import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { flavours } from '../adapters/express-flavours.ts'
import { alice, bob, ids, startScenario, type Scenario } from './scenario.ts'

const challenge = (response: Response): string | null => response.headers.get('www-authenticate')

async function expectProblem(response: Response, status: number): Promise<Record<string, unknown>> {
  const text = await response.text()
  expect(response.status, text).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(text).not.toMatch(/\bat .*\.(ts|js):\d+/) // never a stack
  return JSON.parse(text) as Record<string, unknown>
}

describe.each(flavours)('$name', (flavour) => {
  let scenario: Scenario

  beforeAll(async () => {
    scenario = await startScenario({}, flavour)
  })
  afterAll(() => scenario.stop())
  beforeEach(() => {
    scenario.events.length = 0
  })

  describe('a protected API that calls APIs', () => {
    it('calls the downstream API as the user, from a token obtained on behalf of the user', async () => {
      const response = await scenario.get('/whoami', await scenario.token())
      expect(await response.json()).toEqual({
        account: `${ids.alice}.${ids.contoso}`,
        client: ids.middleTier,
      })
    })

    it('calls Microsoft Graph as the user', async () => {
      const response = await scenario.get('/me', await scenario.token(bob))
      expect(await response.json()).toMatchObject({ userPrincipalName: bob })
    })

    it('exchanges once for two hundred concurrent requests of one caller, and then answers from the cache', async () => {
      const token = await scenario.token(alice, { claims: { uti: 'herd' } })
      const answers = await Promise.all(Array.from({ length: 200 }, () => scenario.get('/whoami', token)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      await scenario.get('/whoami', token)
      expect(scenario.events.filter(({ type }) => type === 'token_requested')).toHaveLength(1)
      expect(scenario.events.findLast((event) => event.type === 'token_acquired')).toMatchObject({
        origin: 'l1',
      })
    })

    it('gives the silent caller what is cached, and a challenge when nothing is', async () => {
      const token = await scenario.token(alice, { claims: { uti: 'silent' } })
      const problem = await expectProblem(await scenario.get('/silent', token), 401)
      expect(problem).toMatchObject({ reason: 'no_token_cached' })
      await scenario.get('/me', token)
      expect(await (await scenario.get('/silent', token)).json()).toMatchObject({ origin: 'l1' })
    })

    it('continues the trace of the request, and lets no token into an event', async () => {
      const token = await scenario.token(alice, { claims: { uti: 'trace' } })
      const traceId = 'a'.repeat(32)
      await scenario.get('/whoami', token, { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` })
      expect(scenario.events.map(({ type }) => type)).toEqual([
        'token_validated',
        'token_requested',
        'token_acquired',
        'downstream_called',
      ])
      expect(new Set(scenario.events.map((event) => event.traceId))).toEqual(new Set([traceId]))
      expect(JSON.stringify(scenario.events)).not.toMatch(/eyJ|middle-tier-secret/)
    })
  })

  describe('a refusal, as RFC 6750 has it', () => {
    it('answers a request without a token with 401 and no error code', async () => {
      const response = await scenario.get('/whoami')
      await expectProblem(response, 401)
      expect(challenge(response)).toMatch(/^Bearer /)
      expect(challenge(response)).not.toContain('error')
    })

    it.each([
      ['garbage', () => 'garbage'],
      ['an expired token', () => scenario.token(alice, { lifetimeSeconds: -3600 })],
      [
        'a token for another API',
        () => scenario.token(alice, { audience: ids.todoApi, scopes: ['Tasks.ReadWrite'] }),
      ],
      [
        'an ID token',
        () => scenario.token(alice, { type: 'id', client: ids.middleTier, audience: ids.middleTier }),
      ],
      ['a token signed with a foreign key', () => scenario.token(alice, { withForeignKey: true })],
    ])('answers %s with 401 invalid_token', async (_, makeToken) => {
      const response = await scenario.get('/whoami', await makeToken())
      await expectProblem(response, 401)
      expect(challenge(response)).toMatch(/^Bearer error="invalid_token", error_description="[^"]+"$/)
    })

    it('answers a token without the scope with 403 insufficient_scope, naming it', async () => {
      const response = await scenario.get('/whoami', await scenario.token(alice, { scopes: ['other'] }))
      await expectProblem(response, 403)
      expect(challenge(response)).toContain('error="insufficient_scope"')
      expect(challenge(response)).toContain('scope="access_as_user"')
    })

    it.each([['Bearer'], ['Bearer a b'], ['Bearer a, Bearer b']])(
      'answers the malformed header %j with 400 invalid_request',
      async (authorization) => {
        const response = await scenario.get('/whoami', undefined, { authorization })
        await expectProblem(response, 400)
        expect(challenge(response)).toContain('error="invalid_request"')
      },
    )

    it('answers a caller that is an application with 403 when the handler acts on behalf of a user', async () => {
      const daemon = await scenario.emulator.mint({
        client: ids.daemon,
        audience: ids.middleTier,
        tenant: ids.contoso,
        roles: ['Anything'],
      })
      await expectProblem(await scenario.get('/anyone', daemon), 403)
    })

    it('asks for consent that is missing, without a loop and without a 500', async () => {
      const response = await scenario.get('/mail', await scenario.token())
      const problem = await expectProblem(response, 403)
      expect(problem).toMatchObject({ reason: 'consent_required', errorNumbers: [65001] })
    })

    it("keeps what is the owner's to fix to itself", async () => {
      const problem = await expectProblem(await scenario.get('/several', await scenario.token()), 500)
      expect(Object.keys(problem).sort()).toEqual(['detail', 'status', 'title', 'traceId', 'type'])
    })

    it('passes on a refusal about the resource, and turns a broken downstream API into 502 without its body', async () => {
      const token = await scenario.token()
      await expectProblem(await scenario.get('/downstream/gone', token), 410)
      const problem = await expectProblem(await scenario.get('/downstream/broken', token), 502)
      expect(JSON.stringify(problem)).not.toContain('secret')
    })
  })

  describe('an outage of the authority', () => {
    it('is 503 with Retry-After for those who have nothing cached, and unnoticed by those who have', async () => {
      const warm = await scenario.token(alice, { claims: { uti: 'warm' } })
      const cold = await scenario.token(bob, { claims: { uti: 'cold' } })
      await scenario.get('/whoami', warm)
      const fault = scenario.emulator.faults.add({
        when: { endpoint: 'token' },
        then: { status: 503, body: '<html>' },
      })
      try {
        expect((await scenario.get('/whoami', warm)).status).toBe(200)
        const refused = await scenario.get('/whoami', cold)
        await expectProblem(refused, 503)
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      } finally {
        fault.remove()
      }
      expect((await scenario.get('/whoami', cold)).status).toBe(200)
    })
  })
})
