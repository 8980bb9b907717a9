import http, {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  type Server,
  type ServerResponse,
} from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { authorityFetch } from '../../src/kernel/http/authority-fetch.node.ts'
import { sendHttp, type HttpError, type HttpResponse } from '../../src/kernel/http/http.ts'

let server: Server | undefined
let connections: Socket[] = []
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
  connections = []
})

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer)
  server.on('connection', (socket) => connections.push(socket))
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
}

function post(
  url: string,
  body = 'grant_type=x',
  more: { signal?: AbortSignal } = {},
): Promise<HttpResponse> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'client-request-id': '1' }
  const limits = { timeoutMs: 10_000, maxResponseBytes: 1000 }
  return sendHttp(authorityFetch, { method: 'POST', url, headers, body, ...limits, ...more })
}

const refusalOf = (sending: Promise<unknown>): Promise<HttpError> =>
  sending.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error as HttpError,
  )

describe('asking an authority by the http client of the platform', () => {
  it('sends method, headers and body, and gives status, headers and text', async () => {
    const url = await serve((request, response) => {
      void text(request).then((body) => {
        const { method, headers } = request
        response.writeHead(400, { 'x-ms-request-id': 'r', 'set-cookie': ['a=1', 'b=2'] })
        response.end([method, headers['client-request-id'], headers['content-length'], body].join(' '))
      })
    })
    const { status, headers, text: answered } = await post(url, 'scope=ü')
    expect([status, headers.get('x-ms-request-id')]).toEqual([400, 'r'])
    expect(answered).toBe('POST 1 8 scope=ü')
  })

  it('keeps connections of its own, unless the owner put another agent in the place of Node’s', async () => {
    const url = await serve((_, response) => response.end('ok'))
    await post(url)
    expect(http.globalAgent.freeSockets).toEqual({})
    const ordinary = http.globalAgent
    class OwnAgent extends http.Agent {}
    const own = new OwnAgent({ keepAlive: true })
    http.globalAgent = own
    try {
      await post(url)
      await expect.poll(() => Object.keys(own.freeSockets)).toHaveLength(1)
    } finally {
      http.globalAgent = ordinary
      own.destroy()
    }
  })

  it('uses a connection again', async () => {
    const url = await serve((_, response) => response.end('{}'))
    for (let turn = 0; turn < 5; turn++) await post(url)
    expect(connections).toHaveLength(1)
  })

  it('sends once more what met a connection that the other side had just closed', async () => {
    const bodies: string[] = []
    const url = await serve((request, response) => {
      void text(request).then((body) => {
        bodies.push(body)
        response.end('{}')
      })
    })
    await post(url, 'first')
    // As after the idle time of a server: closed at the moment at which we write.
    connections[0]?.once('data', () => undefined)
    connections[0]?.pause()
    const second = post(url, 'second')
    connections[0]?.resetAndDestroy()
    expect((await second).text).toBe('{}')
    expect(bodies).toEqual(['first', 'second'])
  })

  it('sends once more, and not again and again', async () => {
    let asked = 0
    const url = await serve((request, response) => {
      asked++
      if (asked === 1) response.end('{}')
      else request.socket.resetAndDestroy()
    })
    await post(url, 'first')
    connections[0]?.pause()
    const second = refusalOf(post(url, 'second'))
    connections[0]?.resetAndDestroy()
    expect((await second).kind).toBe('network')
    expect(asked).toBe(2)
  })

  it('does not send again what its caller has given up on a connection that was used before', async () => {
    const asked: string[] = []
    const url = await serve((request, response) => {
      void text(request).then((body) => {
        asked.push(body)
        if (body === 'second') impatient.abort(new Error('gone'))
        else response.end('{}')
      })
    })
    const impatient = new AbortController()
    await post(url, 'first')
    const second = refusalOf(post(url, 'second', { signal: impatient.signal }))
    const closed = new Promise((resolve) => connections[0]?.once('close', resolve))
    await Promise.all([second, closed])
    await post(url, 'third')
    expect([asked, connections.length]).toEqual([['first', 'second', 'third'], 2])
  })

  it('does not send again what a fresh connection lost: that may have been read', async () => {
    let asked = 0
    const url = await serve((request) => {
      asked++
      request.socket.resetAndDestroy()
    })
    expect((await refusalOf(post(url))).kind).toBe('network')
    expect(asked).toBe(1)
  })

  it('follows no redirect', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked++
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect((await refusalOf(post(url))).kind).toBe('redirect')
    expect(asked).toBe(1)
  })

  it('reads no more than it may', async () => {
    const url = await serve((_, response) => {
      const more = (): void =>
        void response.write('x'.repeat(600), () => !response.destroyed && setImmediate(more))
      more()
    })
    expect((await refusalOf(post(url))).kind).toBe('too_large')
  })

  it('waits no longer than it may, neither for the answer nor for the rest of it', async () => {
    const limits = { method: 'GET', headers: {}, maxResponseBytes: 1000, timeoutMs: 100 } as const
    const silent = await serve(() => undefined)
    expect((await refusalOf(sendHttp(authorityFetch, { ...limits, url: silent }))).kind).toBe('timeout')
    server?.closeAllConnections()
    const halting = await serve((_, response) => void response.write('{'))
    expect((await refusalOf(sendHttp(authorityFetch, { ...limits, url: halting }))).kind).toBe('timeout')
  })

  it('gives up when its caller does', async () => {
    const giveUp = new AbortController()
    const url = await serve(() => {
      giveUp.abort(new Error('no longer wanted'))
    })
    expect((await refusalOf(post(url, '', { signal: giveUp.signal }))).message).toBe('no longer wanted')
  })

  it('says so when nobody listens', async () => {
    const url = await serve(() => undefined)
    await new Promise((resolve) => server?.close(resolve))
    expect((await refusalOf(post(url))).kind).toBe('network')
  })
})

describe('an answer', () => {
  it('that is cut short is no answer', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"access_token":', () => request.socket.destroy())
    })
    expect((await refusalOf(post(url))).kind).toBe('network')
  })

  it('that comes in pieces is put together, a character that was cut in two as well', async () => {
    const [first, second] = [Buffer.from('{"a":"é"}').subarray(0, 7), Buffer.from('{"a":"é"}').subarray(7)]
    const url = await serve((_, response) => {
      response.write(first, () => setTimeout(() => response.end(second), 20))
    })
    expect((await post(url)).text).toBe('{"a":"é"}')
  })

  it('tells its headers by any spelling, and one that came several times as one', async () => {
    const url = await serve((_, response) => {
      response.writeHead(503, [
        ['Retry-After', '7'],
        ['X-Ms-Trace', 'a'],
        ['X-Ms-Trace', 'b'],
        ['Set-Cookie', 'c=1'],
        ['Set-Cookie', 'd=2'],
      ] as never)
      response.end()
    })
    const { headers } = await post(url)
    const told = ['retry-after', 'Retry-After', 'x-ms-trace', 'set-cookie', 'x-none'].map((name) =>
      headers.get(name),
    )
    expect(told).toEqual(['7', '7', 'a, b', 'c=1, d=2', null])
  })
})

describe('a request that cannot be sent', () => {
  it.each([
    ['a header with a line break', { 'x-a': 'a\r\nx-b: b' }, 'http://127.0.0.1:1/'],
    ['a header whose name is none', { 'x a': 'a' }, 'http://127.0.0.1:1/'],
  ])('for %s is refused at once', async (_what, headers, url) => {
    const request = { method: 'GET', url, headers, timeoutMs: 60_000, maxResponseBytes: 10 } as const
    expect((await refusalOf(sendHttp(authorityFetch, request))).kind).toBe('network')
  })

  it('since its caller has given up before is not sent', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked++
      response.end()
    })
    const error = await refusalOf(post(url, '', { signal: AbortSignal.abort(new Error('too late')) }))
    expect([error.message, asked]).toEqual(['too late', 0])
  })
})

describe('what watches or stands in for node:http', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('is called at each request, although it came after us, and may add to the headers', async () => {
    const traceparents: unknown[] = []
    const url = await serve((request, response) => {
      traceparents.push(request.headers['traceparent'])
      response.end('{}')
    })
    const { request } = http
    // As tracing does it: one function in the place of another, and a header more in the object of headers.
    vi.spyOn(http, 'request').mockImplementation(((options: RequestOptions) => {
      Object.assign(options.headers ?? {}, { traceparent: '00-1' })
      return request(options)
    }) as typeof request)
    expect([(await post(url)).status, (await post(url)).status]).toEqual([200, 200])
    vi.restoreAllMocks()
    await post(url)
    expect(traceparents).toEqual(['00-1', '00-1', undefined])
  })

  it.each([
    ['http', http],
    ['https', https],
  ] as const)('is told where a request goes in the ordinary way (%s)', async (protocol, module) => {
    const asked = vi.spyOn(module, 'request').mockImplementation(() => {
      throw new Error('seen')
    })
    await refusalOf(post(`${protocol}://[::1]:8080/a/token?b=c`))
    expect(asked.mock.calls[0]?.[0]).toMatchObject({
      protocol: `${protocol}:`,
      hostname: '::1',
      port: 8080,
      path: '/a/token?b=c',
      method: 'POST',
      headers: { 'client-request-id': '1', 'content-length': '12' },
    })
  })

  it('does not change what the next request says by changing the headers of one', async () => {
    const seen: unknown[] = []
    const url = await serve((request, response) => {
      seen.push(request.headers['x-added'])
      response.end('{}')
    })
    const headers = { 'client-request-id': '1' }
    const { request } = http
    vi.spyOn(http, 'request').mockImplementationOnce(((options: RequestOptions) => {
      Object.assign(options.headers ?? {}, { 'x-added': 'once' })
      Object.assign(options, { path: '/elsewhere' })
      return request(options)
    }) as typeof request)
    for (let turn = 0; turn < 2; turn++)
      await sendHttp(authorityFetch, { method: 'GET', url, headers, timeoutMs: 10_000, maxResponseBytes: 99 })
    expect([seen, headers]).toEqual([['once', undefined], { 'client-request-id': '1' }])
  })
})
