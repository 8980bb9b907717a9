// Over real HTTP, since the pace of a client and its going away are facts of a connection.
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { callApi } from '../call/called-api.ts'
import type { SendResponseOptions } from '../../src/adapters/shared/outgoing-response.ts'
import { clientGone, sendResponse } from '../../src/adapters/shared/send-response.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

async function serve(handler: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => {
    handler(response)
  })
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** Serves one Response, and tells how sending it ended. */
async function serveResponse(
  make: () => Response | Promise<Response>,
  options: SendResponseOptions = {},
  before: (outgoing: ServerResponse) => void = () => undefined,
): Promise<{ url: string; sent: Promise<unknown> }> {
  let settle: (outcome: unknown) => void
  const sent = new Promise((resolve) => (settle = resolve))
  const url = await serve((response) => {
    before(response)
    Promise.resolve(make())
      .then((answer) => sendResponse(response, answer, options))
      .then(
        () => {
          settle('sent')
        },
        (error: unknown) => {
          settle(error)
          response.destroy()
        },
      )
  })
  return { url, sent }
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, resolve).on('error', reject)
  })
}

describe('sending a Response through Node', () => {
  it('has its status, headers and body', async () => {
    const headers = { 'content-type': 'text/csv', etag: '"1"' }
    const { url, sent } = await serveResponse(() => new Response('a,b', { status: 206, headers }))
    const answer = await fetch(url)
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-type')).toBe('text/csv')
    expect(answer.headers.get('etag')).toBe('"1"')
    expect(await answer.text()).toBe('a,b')
    expect(await sent).toBe('sent')
  })

  it('ends where there is no body', async () => {
    const { url } = await serveResponse(() => new Response(null, { status: 204 }))
    expect((await fetch(url)).status).toBe(204)
  })

  it("ends where a fetch of one's own has left the body out", async () => {
    const bodiless = Object.defineProperty(new Response(null, { headers: { etag: '"1"' } }), 'body', {
      value: undefined,
    })
    const { url, sent } = await serveResponse(() => callApi([bodiless]).api.fetch('todos'))
    const answer = await fetch(url)
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([200, '"1"', ''])
    expect(await sent).toBe('sent')
  })

  it('passes nothing of a raw answer on that would not be relayed', async () => {
    const { url } = await serveResponse(() => {
      const headers = {
        'content-type': 'text/plain',
        'content-encoding': 'gzip', // of a body that has been decoded
        'content-length': '999',
        'access-control-allow-origin': '*',
        'keep-alive': 'timeout=7777',
        'www-authenticate': 'Bearer evil',
        'server-timing': 'db;dur=53',
        'strict-transport-security': 'max-age=1',
        'cache-control': 'public, max-age=600',
        'x-total-count': '3',
      }
      const response = new Response('decoded', { headers })
      response.headers.append('set-cookie', 'session=evil')
      return response
    })
    const answer = await fetch(url)
    expect(await answer.text()).toBe('decoded')
    const own = ['connection', 'date', 'keep-alive', 'transfer-encoding']
    expect([...answer.headers].filter(([name]) => !own.includes(name))).toEqual([
      ['cache-control', 'private, max-age=600'],
      ['content-type', 'text/plain'],
      ['vary', 'Authorization'],
      ['x-content-type-options', 'nosniff'],
    ])
    expect(answer.headers.get('keep-alive')).not.toContain('7777')
  })

  it('passes the header of a raw answer on that is named, and those that a relayed one has kept', async () => {
    const headers = { 'x-total-count': '3' }
    const raw = await serveResponse(() => new Response('x', { headers }), { keepHeaders: ['x-total-count'] })
    expect((await fetch(raw.url)).headers.get('x-total-count')).toBe('3')
    const relayed = await serveResponse(() =>
      callApi([new Response('x', { headers })]).api.relay('todos', { keepHeaders: ['x-total-count'] }),
    )
    expect((await fetch(relayed.url)).headers.get('x-total-count')).toBe('3')
    const cookie = await serveResponse(() => new Response('x'), { keepHeaders: ['set-cookie'] })
    await expect(fetch(cookie.url)).rejects.toThrow()
    expect(await cookie.sent).toMatchObject({ reason: 'header_refused' })
  })

  it.each([401, 407, 302])('does not pass a raw answer on that is about this API: %i', async (status) => {
    const { url, sent } = await serveResponse(() =>
      callApi([new Response('x', { status })]).api.fetch('todos'),
    )
    await expect(fetch(url)).rejects.toThrow()
    expect(await sent).toMatchObject({ code: 'downstream_failed', api: 'todolist', downstreamStatus: status })
  })

  it('leaves standing what a middleware has said of caching', async () => {
    const { url } = await serveResponse(
      () => new Response('x', { headers: { 'cache-control': 'max-age=600' } }),
      {},
      (outgoing) => outgoing.setHeader('vary', 'Origin').setHeader('cache-control', 'no-store'),
    )
    const { headers } = await fetch(url)
    expect(headers.get('vary')).toBe('Origin, Authorization')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('sends nothing where the request has been answered already', async () => {
    const { url, sent } = await serveResponse(
      () => new Response('late'),
      {},
      (outgoing) => outgoing.writeHead(503).end('too slow'),
    )
    expect(await (await fetch(url)).text()).toBe('too slow')
    expect(await sent).toBe('sent')
  })

  it.each([
    ['that comes too late', 200, (outgoing: ServerResponse) => outgoing.writeHead(503).end('too slow')],
    ['that is about this API', 401, () => undefined],
  ])('lets go of the body of an answer %s', async (_what, status, before) => {
    let letGo: () => void
    const cancelled = new Promise<void>((resolve) => (letGo = resolve))
    const body = new ReadableStream({
      cancel: () => {
        letGo()
      },
    })
    const { url, sent } = await serveResponse(() => new Response(body, { status }), {}, before)
    await fetch(url).catch(() => undefined)
    await cancelled
    await sent
  })

  it('reads no faster than the client takes it', async () => {
    const piece = new Uint8Array(64 * 1024)
    let made = 0
    const pieces = 2000
    const { url, sent } = await serveResponse(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              controller.enqueue(piece)
              made += 1
              if (made === pieces) controller.close()
            },
          }),
        ),
    )
    const answer = await open(url) // nothing is read of it yet
    let before = -1
    while (before !== made) {
      before = made
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(made).toBeLessThan(pieces)
    let bytes = 0
    for await (const chunk of answer) bytes += (chunk as Buffer).length
    expect(bytes).toBe(pieces * piece.length)
    expect(await sent).toBe('sent')
  })

  it('stops reading when the client goes away, and that is no error', async () => {
    let cancelled: () => void
    const stopped = new Promise<void>((resolve) => (cancelled = resolve))
    const { url, sent } = await serveResponse(
      () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              await new Promise((resolve) => setImmediate(resolve))
              controller.enqueue(new Uint8Array(1024))
            },
            cancel: () => {
              cancelled()
            },
          }),
        ),
    )
    const answer = await open(url)
    answer.destroy()
    await stopped
    expect(await sent).toBe('sent')
  })

  it('cuts the connection when the body breaks off, so that half an answer is not taken for a whole one', async () => {
    let pulled = 0
    const { url, sent } = await serveResponse(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              pulled += 1
              if (pulled === 1) controller.enqueue(new TextEncoder().encode('half'))
              else controller.error(new Error('the API broke off'))
            },
          }),
        ),
    )
    const text = fetch(url).then((answer) => answer.text())
    await expect(text).rejects.toThrow()
    expect(await sent).toMatchObject({ message: 'the API broke off' })
  })
})

describe('a signal of the client', () => {
  it('aborts when the client goes away before it has an answer', async () => {
    let signal: AbortSignal | undefined
    const aborted = new Promise<void>((resolve) => {
      void serve((response) => {
        signal = clientGone(response)
        signal.addEventListener('abort', () => {
          resolve()
        })
        request.destroy()
      }).then((url) => {
        request = get(url).on('error', () => undefined)
      })
    })
    let request: ReturnType<typeof get>
    await aborted
    expect(signal?.reason).toMatchObject({ name: 'AbortError' })
  })

  it('does not abort once the whole answer is sent', async () => {
    let signal: AbortSignal | undefined
    const closed = new Promise<void>((resolve) => {
      void serve((response) => {
        signal = clientGone(response)
        response.once('close', resolve).end('x')
      }).then((url) => fetch(url))
    })
    await closed
    expect(signal?.aborted).toBe(false)
  })
})
