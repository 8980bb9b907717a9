// What a caller without the right token is told: the exact status and challenge of RFC 6750, never a 500, never a stack.
import type { MintRequest } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { middleTiers } from '../../scenario/programs.ts'
import { aliceForMiddleTier, clientOrigin, startRunningApis, type RunningApis } from '../running-apis.ts'

let apis: RunningApis

interface Answer {
  readonly status: number
  readonly challenge: string | null
  readonly body: string
}

async function ask(
  url: string,
  headers: Record<string, string> = {},
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(url, { ...init, headers })
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    body: await response.text(),
  }
}

async function askWith(request: MintRequest, url = `${apis.middleTier}/todolist`): Promise<Answer> {
  return ask(url, { authorization: `Bearer ${await apis.emulator.mint(request)}` })
}

describe.each(middleTiers)('with a middle tier on %s', (middleTier) => {
  beforeAll(async () => {
    apis = await startRunningApis({ middleTier })
  })
  afterAll(() => apis.stop())

  describe.each([
    ['the middle-tier API', () => `${apis.middleTier}/todolist`],
    ['the Graph route of the middle-tier API', () => `${apis.middleTier}/graphMeApi`],
    ['the To Do API', () => `${apis.todoApi}/api/tasks`],
  ])('%s', (_name, url) => {
    it('answers a request without a token with 401 and a challenge without an error code', async () => {
      const { status, challenge } = await ask(url())
      expect(status).toBe(401)
      expect(challenge).toMatch(/^Bearer\b/)
      expect(challenge).not.toContain('error')
    })

    it('answers garbage with 401 invalid_token', async () => {
      const { status, challenge } = await ask(url(), { authorization: 'Bearer garbage' })
      expect(status).toBe(401)
      expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"]+"$/)
    })

    it('answers a token for another API with 401 invalid_token', async () => {
      const { status, challenge } = await askWith(
        { ...aliceForMiddleTier, audience: 'api://legacy.contoso.com' },
        url(),
      )
      expect(status).toBe(401)
      expect(challenge).toMatch(
        /^Bearer error="invalid_token", error_description="[^"]*issued for another API[^"]*"$/,
      )
    })

    it('answers credentials of another scheme with 401', async () => {
      const { status, challenge } = await ask(url(), { authorization: 'Basic YWxpY2U6c2VjcmV0' })
      expect(status).toBe(401)
      expect(challenge).toMatch(/^Bearer\b/)
    })
  })

  describe('the To Do API', () => {
    it('does not take the token that the page has for the middle tier', async () => {
      const { status, challenge } = await askWith(aliceForMiddleTier, `${apis.todoApi}/api/tasks`)
      expect(status).toBe(401)
      expect(challenge).toMatch(/^Bearer error="invalid_token"/)
    })
  })

  describe('the middle-tier API', () => {
    it.each([
      ['an empty token', 'Bearer '],
      ['three empty parts', 'Bearer ..'],
      ['parts that are no JSON', 'Bearer YQ.YQ.YQ'],
      ['an unsigned token', `Bearer ${btoa('{"alg":"none"}')}.${btoa('{"aud":"x"}')}.`],
      ['a very long token', `Bearer ${'a'.repeat(12_000)}`],
      ['a scheme in odd letters and a space too many', 'bEaReR  x.y.z'],
      ['two tokens', 'Bearer a.b.c, Bearer d.e.f'],
    ])('answers %s with a refusal, not with a failure', async (_what, authorization) => {
      const { status, body } = await ask(`${apis.middleTier}/todolist`, { authorization })
      expect([400, 401]).toContain(status)
      expect(body).not.toMatch(/\n\s+at |node_modules/)
    })

    it('answers an expired token with 401 invalid_token and says that it expired', async () => {
      const { status, challenge } = await askWith({ ...aliceForMiddleTier, lifetimeSeconds: -3600 })
      expect(status).toBe(401)
      expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"]*expired[^"]*"$/)
    })

    it('answers a token that another key signed with 401 invalid_token', async () => {
      const { status, challenge } = await askWith({ ...aliceForMiddleTier, withForeignKey: true })
      expect(status).toBe(401)
      expect(challenge).toMatch(/^Bearer error="invalid_token"/)
    })

    it('answers a token without its scope with 403 insufficient_scope, and names the scope', async () => {
      const { status, challenge } = await askWith({ ...aliceForMiddleTier, scopes: ['something_else'] })
      expect(status).toBe(403)
      expect(challenge).toMatch(/^Bearer error="insufficient_scope", .*scope="access_as_user"/)
    })

    it('answers a token of a tenant that may not call with 401', async () => {
      const tid = 'e0000000-0000-4000-8000-00000000000e'
      const iss = `${apis.emulator.origin}/${tid}/v2.0`
      const { status, challenge } = await askWith({ ...aliceForMiddleTier, claims: { tid, iss } })
      expect(status).toBe(401)
      expect(challenge).toMatch(/^Bearer error="invalid_token"/)
    })

    it('serves the person whose token is right', async () => {
      expect(await askWith(aliceForMiddleTier)).toMatchObject({ status: 200, body: '[]' })
    })

    it('passes on, word for word, what the To Do API says about a bad title', async () => {
      const authorization = `Bearer ${await apis.emulator.mint(aliceForMiddleTier)}`
      const headers = { authorization, 'content-type': 'application/json' }
      const answer = await ask(`${apis.middleTier}/todolist`, headers, {
        method: 'POST',
        body: '{"title":"   "}',
      })
      expect(answer.status).toBe(400)
      expect(JSON.parse(answer.body)).toMatchObject({
        detail: '"title" must be a text of 1 to 500 characters.',
      })
    })

    it('passes on that a task is gone, in the words of the To Do API', async () => {
      const authorization = `Bearer ${await apis.emulator.mint(aliceForMiddleTier)}`
      const gone = `${apis.middleTier}/todolist/00000000-0000-4000-8000-000000000000`
      const answer = await ask(gone, { authorization }, { method: 'DELETE' })
      expect(answer).toMatchObject({ status: 404, challenge: null })
      expect(JSON.parse(answer.body)).toMatchObject({ title: 'Task not found' })
    })

    it('answers a body that is not JSON with 400', async () => {
      const authorization = `Bearer ${await apis.emulator.mint(aliceForMiddleTier)}`
      const headers = { authorization, 'content-type': 'application/json' }
      expect(
        await ask(`${apis.middleTier}/todolist`, headers, { method: 'POST', body: '{"title":' }),
      ).toMatchObject({ status: 400 })
    })

    it('takes no form: Fastify refuses it, Express passes it by', async () => {
      const authorization = `Bearer ${await apis.emulator.mint(aliceForMiddleTier)}`
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await ask(`${apis.middleTier}/todolist`, headers, { method: 'POST', body: 'title=Milk' })
      expect(answer.status).toBe(middleTier === 'fastify' ? 415 : 400)
      expect(JSON.parse(answer.body)).toMatchObject({ status: answer.status })
    })

    it('lets the page read the challenge, and no other origin', async () => {
      const preflight = {
        method: 'OPTIONS',
        headers: { origin: clientOrigin, 'access-control-request-method': 'GET' },
      }
      const page = await fetch(`${apis.middleTier}/todolist`, preflight)
      expect(page.headers.get('access-control-allow-origin')).toBe(clientOrigin)
      expect(page.headers.get('access-control-allow-headers')).toContain('traceparent')

      const refused = await fetch(`${apis.middleTier}/todolist`, { headers: { origin: clientOrigin } })
      expect(refused.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate')

      const other = await fetch(`${apis.middleTier}/todolist`, { headers: { origin: 'http://evil.test' } })
      expect(other.headers.get('access-control-allow-origin')).toBeNull()
    })

    it('answers 503, not 401, while the authority cannot be reached for a token', async () => {
      const fault = apis.emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 503 } })
      const bob = { ...aliceForMiddleTier, user: 'bob@contoso.onmicrosoft.com' }
      const response = await fetch(`${apis.middleTier}/todolist`, {
        headers: { authorization: `Bearer ${await apis.emulator.mint(bob)}` },
      })
      fault.remove()
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    })
  })

  describe('both APIs', () => {
    it('have not written a token, a secret or a stack anywhere in all this', () => {
      expect(apis.complaints.join('\n')).not.toMatch(/eyJ|secret|\n\s+at /)
    })

    it('tell a trace to whoever began it, without any token in it', async () => {
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
      const authorization = `Bearer ${await apis.emulator.mint(aliceForMiddleTier)}`
      await ask(`${apis.middleTier}/todolist`, {
        authorization,
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      })
      const [first, second] = await Promise.all(
        [apis.middleTier, apis.todoApi].map((url) => ask(`${url}/trace/${traceId}`)),
      )
      expect(first?.body).toContain('"downstream_called"')
      expect(second?.body).toContain('"token_validated"')
      expect(`${first?.body}${second?.body}`).not.toContain('eyJ')
      expect((await ask(`${apis.middleTier}/trace/not-a-trace`)).status).toBe(400)
    })
  })
})
