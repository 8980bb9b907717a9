// What the middle tier tells its caller when only the person can go on: each challenge as it is on the wire.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientIds, policyIds, tenants } from '../../registrations.ts'
import { middleTiers } from '../../scenario/programs.ts'
import { aliceForMiddleTier, startRunningApis, type RunningApis } from '../running-apis.ts'

const alice = aliceForMiddleTier.user
const capable = { ...aliceForMiddleTier, capabilities: ['CP1'] } as const

let apis: RunningApis

interface Answer {
  readonly status: number
  readonly challenge: string
  readonly claims: unknown
  readonly body: Readonly<Record<string, unknown>>
}

async function ask(token: string, path = '/todolist', method = 'GET'): Promise<Answer> {
  const response = await fetch(apis.middleTier + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
  })
  const text = await response.text()
  const challenge = response.headers.get('www-authenticate') ?? ''
  const claims = /claims="([^"]+)"/.exec(challenge)?.[1]
  return {
    status: response.status,
    challenge,
    claims: claims === undefined ? undefined : JSON.parse(Buffer.from(claims, 'base64').toString('utf8')),
    body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {},
  }
}

describe.each(middleTiers)('with a middle tier on %s', (middleTier) => {
  beforeAll(async () => {
    apis = await startRunningApis({ middleTier })
  })
  afterEach(() => {
    for (const id of Object.values(policyIds)) apis.emulator.policies.disable(id)
  })
  afterAll(() => apis.stop())

  describe('MFA that a policy requires for the To Do API', () => {
    it('is asked for at the very next call, although a token is cached', async () => {
      const token = await apis.emulator.mint(aliceForMiddleTier)
      expect(await ask(token)).toMatchObject({ status: 200 })
      apis.emulator.policies.enable(policyIds.mfa)
      expect(await ask(token)).toMatchObject({
        status: 401,
        challenge: expect.stringContaining('error="insufficient_claims"') as string,
        claims: { access_token: { capolids: { essential: true, values: [policyIds.mfa] } } },
        body: { reason: 'claims_required', errorNumbers: [50076] },
      })
      const stronger = await apis.emulator.mint({ ...aliceForMiddleTier, amr: ['pwd', 'mfa'] })
      expect(await ask(stronger)).toMatchObject({ status: 200 })
    })

    it('is asked for no more once the policy is off', async () => {
      const token = await apis.emulator.mint({ ...aliceForMiddleTier, user: 'bob@contoso.onmicrosoft.com' })
      apis.emulator.policies.enable(policyIds.mfa)
      expect((await ask(token)).status).toBe(401)
      apis.emulator.policies.disable(policyIds.mfa)
      expect((await ask(token)).status).toBe(200)
    })
  })

  describe('a policy that blocks', () => {
    it('is a 403 without a challenge', async () => {
      apis.emulator.policies.enable(policyIds.block)
      expect(await ask(await apis.emulator.mint(aliceForMiddleTier))).toMatchObject({
        status: 403,
        challenge: '',
        body: { reason: 'blocked', errorNumbers: [53003] },
      })
    })
  })

  describe('a consent that is missing', () => {
    it('is a 403 that says what is to be consented to, and where', async () => {
      const { consents } = apis.emulator.directory
      const consent = {
        tenantId: tenants.contoso,
        clientId: clientIds.middleTier,
        resourceId: clientIds.todoApi,
      }
      const token = await apis.emulator.mint(aliceForMiddleTier)
      expect((await ask(token)).status).toBe(200)
      await consents.revoke(consent)
      const answer = await ask(token)
      await consents.grant({ ...consent, scopes: ['Tasks.ReadWrite'] })

      expect(answer).toMatchObject({
        status: 403,
        body: { reason: 'consent_required', errorNumbers: [65001] },
      })
      expect(answer.challenge).toContain('proposedAction="consent"')
      expect(String(answer.body['consentUrl'])).toContain(`client_id=${clientIds.middleTier}`)
      expect((await ask(token)).status).toBe(200)
    })
  })

  describe('sessions that were revoked', () => {
    it('are noticed by Graph, whose challenge comes through', async () => {
      const token = await apis.emulator.mint(aliceForMiddleTier)
      expect((await ask(token, '/graphMeApi')).status).toBe(200)
      const user = apis.emulator.directory.findUser(alice)
      if (user === undefined) throw new Error('no such user')
      apis.emulator.directory.revokeSessions(user, apis.emulator.clock.now())
      expect(await ask(token, '/graphMeApi')).toMatchObject({
        status: 401,
        claims: {
          access_token: { nbf: { essential: true, value: expect.stringMatching(/^\d+$/) as string } },
        },
        body: { errorNumbers: [50173] },
      })
    })
  })

  describe('deleting for good', () => {
    it('asks a client that understands for the authentication context', async () => {
      const answer = await ask(await apis.emulator.mint(capable), '/todolist/completed', 'DELETE')
      expect(answer).toMatchObject({
        status: 401,
        claims: { access_token: { acrs: { essential: true, value: 'c1' } } },
      })
      expect(answer.challenge).toContain('error="insufficient_claims"')
    })

    it('is refused to a client that would not understand', async () => {
      const answer = await ask(await apis.emulator.mint(aliceForMiddleTier), '/todolist/completed', 'DELETE')
      expect(answer).toMatchObject({ status: 403, claims: undefined })
    })

    it('is done for a token that has it', async () => {
      const token = await apis.emulator.mint({ ...capable, claims: { acrs: ['c1'] } })
      expect(await ask(token, '/todolist/completed', 'DELETE')).toMatchObject({ status: 204 })
    })
  })
})
