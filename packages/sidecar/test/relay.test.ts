// What goes beyond the original: challenges that the client can act on, outages that are outages, and calls that stream both ways.
import { once } from 'node:events'
import { createServer, request as ask, IncomingMessage, type Server, ServerResponse } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { findClaimsChallenge, parseChallenges } from 'midtier'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeAnswer } from '../src/calls/answer.ts'
import { followRedirects } from '../src/calls/redirects.ts'
import { patienceOf } from '../src/http/patience.ts'
import { Refusal } from '../src/kernel/refusals.ts'
import { startEchoApi } from './echo-api.ts'
import { alice, bob, carol, ids, problemOf, type Scenario, startScenario } from './scenario.ts'

describe('a demand of the authority', () => {
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await startScenario()
  })
  afterAll(() => scenario.stop())

  it.each(['/AuthorizationHeader/todo', '/DownstreamApi/todo', '/Proxy/todo/x'])(
    'for MFA reaches the client of %s as a claims challenge',
    async (path) => {
      const policy = scenario.emulator.policies.add({ kind: 'require_mfa', resource: ids.todoApi })
      const response = await scenario.ask(path, { token: await scenario.token(bob) })
      scenario.emulator.policies.remove(policy.id)
      expect(response.status).toBe(401)
      expect(findClaimsChallenge(parseChallenges(response.headers))?.claims).toBeDefined()
      expect(await problemOf(response)).toMatchObject({ status: 401, error: 'insufficient_claims' })
    },
  )

  it('for consent is a 403 that says where', async () => {
    const response = await scenario.ask('/AuthorizationHeader/todo?optionsOverride.Scopes=Mail.Read')
    expect(response.status).toBe(403)
    expect(parseChallenges(response.headers)[0]?.parameters.get('error')).toBe('insufficient_scope')
    expect(await problemOf(response)).toMatchObject({ consentUrl: expect.stringContaining('http') })
  })

  it.each([
    ['of an API', 'api%3A%2F%2Fnothing%2Fx'],
    ['of Graph', 'Nothing.Read'],
  ])('of scopes %s that do not exist is a 403', async (_, scope) => {
    const response = await scenario.ask(`/AuthorizationHeader/todo?optionsOverride.Scopes=${scope}`)
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('insufficient_scope')
  })
})

describe('a registration at fault', () => {
  it('is a 500 without details, which the log has, without the secret', async () => {
    const secret = 'a-secret-that-nobody-knows'
    const scenario = await startScenario({ AzureAd__ClientCredentials__0__ClientSecret: secret })
    const response = await scenario.ask('/AuthorizationHeader/todo')
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(text).not.toContain('AADSTS')
    expect(scenario.log.join('')).toContain('7000215')
    expect(scenario.log.join('')).not.toContain(secret)
    expect(scenario.log.join('')).not.toContain('eyJ')
    await scenario.stop()
  })
})

describe('an outage of the authority', () => {
  it('is nothing to who has a token, and 503 with Retry-After to others, never 401', async () => {
    const scenario = await startScenario()
    const [warm, cold] = await Promise.all([scenario.token(alice), scenario.token(bob)])
    expect((await scenario.ask('/AuthorizationHeader/todo', { token: warm })).status).toBe(200)
    await scenario.emulator.stop()
    expect((await scenario.ask('/AuthorizationHeader/todo', { token: warm })).status).toBe(200)
    const called = await scenario.ask('/DownstreamApi/todo', { token: warm })
    expect(called.status).toBe(200)
    const response = await scenario.ask('/AuthorizationHeader/todo', { token: cold })
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    await Promise.all([scenario.sidecar.stop(), scenario.todo.stop()])
  })
})

describe('an API that does not answer', () => {
  it('is a 502', async () => {
    const scenario = await startScenario()
    await scenario.todo.stop()
    const response = await scenario.ask('/DownstreamApi/todo')
    expect(response.status).toBe(502)
    await Promise.all([scenario.sidecar.stop(), scenario.emulator.stop()])
  })
})

describe('callers of several tenants', () => {
  it('are each served in their own', async () => {
    const scenario = await startScenario({ AzureAd__TenantId: 'organizations' })
    const tenantOf = async (user: string): Promise<unknown> => {
      const response = await scenario.ask('/DownstreamApi/todo', { token: await scenario.token(user) })
      const { content } = (await response.json()) as { content: string }
      return (JSON.parse(content) as { claims: Record<string, unknown> }).claims['tid']
    }
    expect(await tenantOf(alice)).toBe(ids.contoso)
    expect(await tenantOf(carol)).toBe(ids.fabrikam)
    await scenario.stop()
  })
})

describe('redirects', () => {
  it('are followed without the token where that is switched on', async () => {
    const scenario = await startScenario({ Sidecar__AllowOutboundRedirects: 'true' })
    const response = await scenario.ask('/DownstreamApi/todo?optionsOverride.RelativePath=moved')
    expect(await response.json()).toMatchObject({ statusCode: 200, content: '{"authorization":null}' })
    await scenario.stop()
  })
})

describe('a redirect', () => {
  const moved = (location: string): Response => new Response(null, { status: 302, headers: { location } })
  const from = new URL('http://127.0.0.1/')

  it('to a host that does not answer is a 502', async () => {
    const gone = await startEchoApi()
    await gone.stop()
    const followed = followRedirects(moved(gone.url), from, 'GET', new AbortController().signal)
    await expect(followed).rejects.toMatchObject({ status: 502 })
  })

  it('has, with all that follow and what they say, one time limit', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/first') response.writeHead(302, { location: '/second' }).end()
      else response.flushHeaders() // and never a body
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/first`
    const patience = patienceOf(new ServerResponse(new IncomingMessage(new Socket())))
    const answer = await followRedirects(moved(url), from, 'GET', patience.signal)
    patience.limit(50, () => new Refusal(502, 'too late'))
    await expect(describeAnswer(answer)).rejects.toThrow('too late')
    server.closeAllConnections()
    server.close()
  })
})

describe('/Proxy', () => {
  let scenario: Scenario
  let slow: Server
  const held: { request: IncomingMessage; answer: (text: string) => void; end: () => void }[] = []
  beforeAll(async () => {
    slow = createServer((request, response) => {
      response.writeHead(207, { 'x-own': 'yes', 'set-cookie': 'a=b' })
      response.flushHeaders()
      held.push({ request, answer: (text) => void response.write(text), end: () => void response.end() })
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    scenario = await startScenario({
      DownstreamApis__slow__BaseUrl: `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`,
      DownstreamApis__slow__Scopes__0: `api://${ids.todoApi}/Tasks.ReadWrite`,
      Sidecar__MaxRequestBodyBytes: '10',
    })
  })
  afterAll(async () => {
    slow.closeAllConnections()
    slow.close()
    await scenario.stop()
  })

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('sends %s on as it is', async (method) => {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: 'a body that is longer than ten' }
    const response = await scenario.ask('/Proxy/todo/lists/1?a=1&optionsOverride.Scopes=x', {
      method,
      ...body,
      headers: {
        'x-colour': 'red',
        'x-forwarded-for': '10.0.0.1',
        cookie: 'a=b',
        'content-type': 'text/plain',
      },
    })
    const seen = (await response.json()) as { headers: Record<string, string> }
    expect(seen).toMatchObject({
      method,
      url: '/api/lists/1?a=1&optionsOverride.Scopes=x',
      body: body.body ?? '',
      claims: { oid: ids.alice, aud: ids.todoApi },
    })
    expect(seen.headers).toMatchObject({ 'x-colour': 'red' })
    expect(seen.headers).not.toHaveProperty('cookie')
    expect(seen.headers).not.toHaveProperty('x-forwarded-for')
  })

  it.each([
    ['missing', 404, 'nothing here'],
    ['moved', 302, ''],
  ])('gives the status of %s', async (path, status, text) => {
    const response = await scenario.ask(`/Proxy/todo/${path}`, { redirect: 'manual' })
    expect(response.status).toBe(status)
    expect(await response.text()).toBe(text)
  })

  it('asks for no form that it cannot undo, and says so of one that comes all the same', async () => {
    const coded = await scenario.ask('/Proxy/todo/compressed')
    expect(coded.headers.get('content-encoding')).toBe('compress')
    expect(await coded.text()).toBe('LZW')
    const response = await scenario.ask('/Proxy/todo/x', { headers: { 'accept-encoding': 'zstd' } })
    const seen = (await response.json()) as { headers: Record<string, string> }
    expect(seen.headers['accept-encoding']).not.toContain('zstd')
  })

  it('stays below the base URL', async () => {
    const { hostname, port } = new URL(scenario.url)
    const authorization = `Bearer ${await scenario.token()}`
    const path = '/Proxy/todo/%2e%2e/admin'
    const [response] = (await once(
      ask({ hostname, port, path, headers: { authorization } }).end(),
      'response',
    )) as [IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(400)
  })

  it('streams both ways: each piece arrives before the next is sent', async () => {
    const { hostname, port } = new URL(scenario.url)
    const authorization = `Bearer ${await scenario.token()}`
    const sent = ask({ hostname, port, path: '/Proxy/slow/up', method: 'POST', headers: { authorization } })
    sent.write('one')
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const [got] = held.splice(0)
    const pieceOf = async (stream: IncomingMessage): Promise<string> => {
      const [piece] = (await once(stream, 'data')) as [Buffer]
      return piece.toString()
    }
    expect(response.statusCode).toBe(207)
    expect(response.headers).toMatchObject({ 'x-own': 'yes', 'cache-control': 'no-store' })
    expect(response.headers).not.toHaveProperty('set-cookie')
    expect(await pieceOf(got!.request)).toBe('one')
    got!.answer('first')
    expect(await pieceOf(response)).toBe('first')
    sent.end('two')
    expect(await pieceOf(got!.request)).toBe('two')
    got!.answer('second')
    expect(await pieceOf(response)).toBe('second')
    got!.end()
    await once(response, 'end')
  })

  it('ends the downstream call when the client goes away', async () => {
    const { hostname, port } = new URL(scenario.url)
    const authorization = `Bearer ${await scenario.token()}`
    const sent = ask({ hostname, port, path: '/Proxy/slow/x', headers: { authorization } }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const [got] = held.splice(0)
    const gone = once(got!.request.socket, 'close')
    response.destroy()
    await gone
    expect(scenario.log.join('')).not.toContain('unexpected')
  })
})
