// Challenges between the authority and a client, through the middle tier: each is obeyed as a client would, and then the call goes through.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import {
  clientSecret,
  createWebApi,
  findClaimsChallenge,
  type ObservedEvent,
  parseChallenges,
  requireAuthContext,
} from '../../src/index.ts'
import express from 'express'
import { alice, bob, ids, listen, middleTierOptions, startScenario, type Scenario } from './scenario.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await startScenario()
})
afterAll(() => scenario.stop())
afterEach(() => {
  scenario.emulator.policies.clear()
})

const later = (): void => scenario.emulator.clock.advance(2)
const claimsOf = (response: Response): string | undefined =>
  findClaimsChallenge(parseChallenges(response.headers))?.claims
const problemOf = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>

/** Express apps of their own, closed when the test is over. */
async function serve(app: express.Express, use: (url: string) => Promise<void>): Promise<void> {
  const { server, url } = await listen(app)
  try {
    await use(url)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('a policy on the downstream API', () => {
  it('that demands a second step becomes a challenge, and is met by the sign-in with its claims', async () => {
    scenario.emulator.policies.add({ name: 'mfa', kind: 'require_mfa', resource: ids.todoApi })
    const refused = await scenario.get('/whoami', await scenario.token())
    expect(refused.status).toBe(401)
    expect(JSON.parse(claimsOf(refused) ?? '')).toMatchObject({
      access_token: { capolids: { essential: true } },
    })
    expect(parseChallenges(refused.headers)[0]?.parameters.get('authorization_uri')).toBe(
      `${scenario.emulator.origin}/organizations/oauth2/v2.0/authorize`,
    )
    const problem = await problemOf(refused)
    expect(problem).toMatchObject({
      reason: 'claims_required',
      suberror: 'basic_action',
      errorNumbers: [50076],
    })
    expect(problem['traceId']).toMatch(/^[0-9a-f]{32}$/)
    expect(problem['authorityTraceId']).toMatch(/^[0-9a-f-]{36}$/)
    expect(problem['traceId']).not.toBe(problem['authorityTraceId'])

    later()
    const stronger = await scenario.token(alice, { amr: ['pwd', 'mfa'] })
    expect((await scenario.get('/whoami', stronger)).status).toBe(200)
  })

  it('is not asked for twice when the new sign-in does not meet it', async () => {
    scenario.emulator.policies.add({ name: 'mfa', kind: 'require_mfa', resource: ids.todoApi })
    const weak = await scenario.token(bob, { session: 'one-session' })
    expect((await scenario.get('/whoami', weak)).status).toBe(401)
    later()
    const again = await scenario.token(bob, { session: 'one-session' })
    const stopped = await scenario.get('/whoami', again)
    expect(stopped.status).toBe(403)
    expect(stopped.headers.get('www-authenticate')).toBeNull()
    expect(await problemOf(stopped)).toMatchObject({ reason: 'challenge_loop' })
  })

  it('that blocks is a refusal without a challenge, and no loop begins', async () => {
    scenario.emulator.policies.add({ name: 'blocked', kind: 'block', resource: ids.todoApi })
    const refused = await scenario.get('/whoami', await scenario.token(alice, { capabilities: ['cp1'] }))
    expect(refused.status).toBe(403)
    expect(refused.headers.get('www-authenticate')).toBeNull()
    expect(await problemOf(refused)).toMatchObject({ reason: 'blocked', errorNumbers: [53003] })
  })
})

describe('a consent that is missing', () => {
  it('is a challenge with the address where it is given, and ends there', async () => {
    const token = await scenario.token(alice, { claims: { uti: 'consent' } })
    const refused = await scenario.get('/mail', token)
    expect(refused.status).toBe(403)
    const [challenge] = parseChallenges(refused.headers)
    expect(challenge?.parameters.get('scopes')).toBe('Mail.Read')
    const url = new URL(challenge?.parameters.get('consenturi') ?? '')
    expect(url.origin + url.pathname).toBe(`${scenario.emulator.origin}/${ids.contoso}/oauth2/v2.0/authorize`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: ids.middleTier,
      scope: 'offline_access Mail.Read',
      prompt: 'consent',
    })
    expect((await problemOf(refused))['consentUrl']).toBe(url.href)
  })
})

describe('a revoked session', () => {
  it('is answered with invalid_token, and a new sign-in goes through', async () => {
    const token = await scenario.token(bob, { claims: { uti: 'revoked' } })
    later()
    const { directory, clock } = scenario.emulator
    directory.revokeSessions(directory.findUser(bob)!, clock.now())
    const refused = await scenario.get('/whoami', token)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await problemOf(refused)).toMatchObject({ reason: 'sign_in_required', errorNumbers: [50173] })
    later()
    expect((await scenario.get('/whoami', await scenario.token(bob))).status).toBe(200)
  })
})

describe('a mistake of the owner', () => {
  it('is a 500 that says nothing, and an event that says what to do', async () => {
    const events: ObservedEvent[] = []
    const api = createWebApi({
      ...middleTierOptions(scenario.emulator, 'http://127.0.0.1:9'),
      clientCredential: clientSecret('wrong'),
      observer: (event) => events.push(event),
    })
    const app = express()
    app.get('/', protect(api), async (req, res) => {
      res.json(await req.caller.acquireToken({ scopes: ['User.Read'] }))
    })
    app.use(renderErrors())
    await serve(app, async (url) => {
      const response = await fetch(url, { headers: { authorization: `Bearer ${await scenario.token()}` } })
      expect(response.status).toBe(500)
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'The API could not call an API it depends on.',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      })
    })
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'acquisition_failed',
        errorNumbers: [7000215],
        remedy:
          'create a new client secret (App registrations, Certificates & secrets), and configure its value, not its id, as clientCredential',
      }),
    )
  })
})

describe('a route that requires an authentication context', () => {
  it('asks for it, and lets in whoever has it', async () => {
    const app = express()
    const stepUp = { scopes: ['access_as_user'], ...requireAuthContext('c1') }
    app.get('/pay', protect(scenario.api, stepUp), (_req, res) => void res.json('paid'))
    await serve(app, async (url) => {
      const pay = (token: string): Promise<Response> =>
        fetch(`${url}/pay`, { headers: { authorization: `Bearer ${token}` } })
      const asked = await pay(await scenario.token(alice, { capabilities: ['cp1'] }))
      expect(asked.status).toBe(401)
      expect(claimsOf(asked)).toBe('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}')
      expect(parseChallenges(asked.headers)[0]?.parameters.get('client_id')).toBe(ids.middleTier)

      const plain = await pay(await scenario.token(bob))
      expect(plain.status).toBe(403)
      expect(plain.headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope", /)

      const stronger = await scenario.token(alice, { capabilities: ['cp1'], claims: { acrs: ['c1'] } })
      expect(await (await pay(stronger)).json()).toBe('paid')
    })
  })

  it.each(['', 'c0', 'c100', 'C1', 'c1"', undefined])('cannot be %j', (id) => {
    expect(() => requireAuthContext(id!)).toThrow('authenticationContext')
  })
})
