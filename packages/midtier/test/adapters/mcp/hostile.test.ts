// What a caller sends so that the gate and the transport read it differently, or so that one request costs many.
import express5 from 'express'
import { Agent, request as send } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { callerOf, renderErrors } from '../../../src/adapters/mcp.ts'
import { faces, type ToolContext } from './faces.ts'
import { call, closeAll, keep, listen, post } from './servers.ts'
import { createApi, createMcp } from './world.ts'

closeAll()

const guarded = { tools: { send: { scopes: ['Mail.Send'] } } }
const named = (params: string): string => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`

describe.each(faces)('$name', (face) => {
  it.each([
    ['a name behind __proto__', named('{"__proto__":{"name":"send"},"arguments":{}}')],
    ['a name beside one behind __proto__', named('{"name":"other","__proto__":{"name":"send"}}')],
    [
      'parameters behind __proto__',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","__proto__":{"params":{"name":"send"}}}',
    ],
    [
      'a method behind __proto__',
      '{"jsonrpc":"2.0","id":1,"__proto__":{"method":"tools/call","params":{"name":"send"}}}',
    ],
    ['no name', named('{}')],
    ['a name that is no text', named('{"name":["send"]}')],
    ['parameters in a list', named('["send"]')],
    ['no parameters', '{"jsonrpc":"2.0","id":1,"method":"tools/call"}'],
    [
      'one of them in a batch',
      `[${JSON.stringify(call('other'))},${named('{"__proto__":{"name":"send"}}')}]`,
    ],
  ])('refuses a call of a tool with %s', async (_what, body) => {
    const api = createApi()
    let ran = 0
    const tools = { send: () => (ran += 1), other: () => (ran += 1) }
    const { url } = await face.start(createMcp(api, guarded), { tools })
    expect([(await post(url, body, { token: api.token({ scopes: ['Mcp.Use'] }) })).status, ran]).toEqual([
      400, 0,
    ])
  })

  it('knows methods as they are written', async () => {
    const api = createApi()
    const { url } = await face.start(createMcp(api, guarded), { tools: {} })
    const authorization = `Bearer ${api.token({ scopes: ['Mcp.Use'] })}`
    for (const method of ['PATCH', 'PUT']) {
      const answer = await fetch(`${url}/mcp`, { method, headers: { authorization }, body: '{}' })
      expect([answer.status, answer.headers.get('allow')], method).toEqual([
        405,
        'GET, HEAD, POST, DELETE, OPTIONS',
      ])
    }
  })

  it('measures a tool once, however often a batch calls it, and no endless batch', async () => {
    const api = createApi()
    let measured = 0
    const check = (): boolean => (measured += 1) > 0
    const { url } = await face.start(createMcp(api, { tools: { me: { check } } }), {
      tools: { me: () => ({}) },
    })
    const token = api.token({ scopes: ['Mcp.Use'] })
    const batch = (length: number): object[] => Array.from({ length }, (_, id) => call('me', id))
    expect([(await post(url, batch(100), { token })).status, measured]).toEqual([200, 1])
    expect([(await post(url, batch(101), { token })).status, measured]).toEqual([400, 1])
  })

  it('takes two session ids for none, and the id of another client of the same person too', async () => {
    const api = createApi()
    const { url } = await face.start(createMcp(api), { tools: { me: () => ({}) } })
    const status = async (sessionId: string, azp: string): Promise<number> => {
      const token = api.token({ user: 'alice', scopes: ['Mcp.Use'], claims: { azp } })
      return (await post(url, call('me'), { token, headers: { 'mcp-session-id': sessionId } })).status
    }
    const [strong, weak] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
    expect(await status('session-1', strong)).toBe(200)
    expect(await status('session-1', weak)).toBe(404)
    expect(await status('session-1, session-1', strong)).toBe(404)
    expect(await status('', strong)).toBe(404)
  })
})

it('does not take `post` of HTTP/2 for a request without a body', async () => {
  const api = createApi()
  let handled = 0
  const listener = createMcp(api, guarded).node((_request, response) => {
    handled += 1
    response.end()
  })
  const server = createHttp2((request, response) => void listener(request as never, response as never))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  keep({ url: '', close: () => (client.destroy(), server.close()) })
  const authorization = `Bearer ${api.token({ scopes: ['Mcp.Use'] })}`
  const statusOf = (method: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const stream = client.request({ ':method': method, ':path': '/mcp', authorization })
      stream.on('response', (headers) => resolve(headers[':status'])).on('error', reject)
      stream.end(named('{"name":"send"}'))
    })
  expect([await statusOf('POST'), await statusOf('post'), await statusOf('Post'), handled]).toEqual([
    403, 405, 405, 0,
  ])
})

it.each([
  ['text', express5.text({ type: '*/*' })],
  ['bytes', express5.raw({ type: '*/*' })],
])('hands on what it has measured where a parser in front left %s', async (_left, parser) => {
  const api = createApi()
  const token = api.token({ scopes: ['Mcp.Use'] })
  let handed: unknown
  const app = express5().use(parser, createMcp(api, guarded).express, (req, res) => {
    handed = req.body
    res.end()
  })
  const { url } = await listen(app)
  expect((await post(url, call('send'), { token })).status).toBe(403)
  expect((await post(url, call('me'), { token })).status).toBe(200)
  expect(handed).toEqual(call('me'))
})

it('outlives a client that goes away within its body', async () => {
  const api = createApi()
  const listener = createMcp(api, guarded).node((_request, response) => response.end())
  let outcome: (done: Promise<void>) => void = () => undefined
  const listened = new Promise<void>((resolve, reject) => {
    outcome = (done) => void done.then(resolve, reject)
  })
  const { url } = await listen((request, response) => {
    outcome(listener(request, response))
  })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const head = ['POST /mcp HTTP/1.1', 'host: api', 'content-length: 100']
  const authorization = `authorization: Bearer ${api.token({ scopes: ['Mcp.Use'] })}`
  socket.write([...head, authorization, '', '{"a'].join('\r\n'), () => setImmediate(() => socket.destroy()))
  await expect(listened).resolves.toBeUndefined()
})

describe('a tool whose failure belongs into HTTP, behind a transport that begins its answer', () => {
  it.each(['json', 'end', 'write', 'flushHeaders', 'writeHead'] as const)('by %s', async (way) => {
    const api = createApi()
    const me = renderErrors(async (extra: ToolContext) => callerOf(extra).downstream('graph').getJson('me'))
    const app = express5().set('env', 'test')
    app.use(createMcp(api).express)
    app.use(async (request, response) => {
      const result = await me({ authInfo: (request as { auth?: object }).auth ?? {} })
      const text = JSON.stringify({ jsonrpc: '2.0', id: 1, result })
      if (way === 'json') return void response.json({ jsonrpc: '2.0', id: 1, result })
      response.setHeader('content-type', 'application/json')
      if (way === 'writeHead') response.writeHead(200)
      if (way === 'flushHeaders') response.flushHeaders()
      if (way === 'write') response.write(text)
      await new Promise<void>((resolve) => response.end(way === 'write' ? '' : text, resolve))
    })
    const { url } = await listen(app)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    keep({ url, close: () => agent.destroy() })
    const token = api.token({ user: 'alice', scopes: ['Mcp.Use'] })
    const ask = (): Promise<readonly [number | undefined, string]> =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
        const sent = send(`${url}/mcp`, { agent, method: 'POST', headers }, (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
          answer.on('end', () => resolve([answer.statusCode, text])).on('error', reject)
        })
        sent.on('error', reject).end(JSON.stringify(call('me')))
      })
    api.downstream('graph').refuse('sign_in')
    const [status, problem] = await ask()
    expect([status, JSON.parse(problem)]).toEqual([401, expect.objectContaining({ status: 401 })])
    api.downstream('graph').recover()
    const [next, answer] = await ask() // on the same connection
    expect([next, JSON.parse(answer)]).toMatchObject([200, { result: { displayName: 'alice' } }])
  })
})
