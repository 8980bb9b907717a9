import { describe, expect, it } from 'vitest'
import { callApi, failureOf } from '../called-api.ts'

const relayed = async (answer: Response, keepHeaders?: readonly string[]): Promise<Response> =>
  callApi([answer]).api.relay('todos', keepHeaders === undefined ? {} : { keepHeaders })

describe('an answer that is relayed', () => {
  it.each([200, 201, 202, 206, 400, 403, 404, 409, 412, 422, 429, 500, 503])(
    'has its status: %i',
    async (status) => {
      const response = await relayed(new Response('{"a":1}', { status }))
      expect(response.status).toBe(status)
      expect(await response.text()).toBe('{"a":1}')
    },
  )

  it.each([204, 205, 304])('has no body where its status allows none: %i', async (status) => {
    const response = await relayed(new Response(null, { status, headers: { etag: '"1"' } }))
    expect(response.status).toBe(status)
    expect(response.body).toBeNull()
    expect(response.headers.get('etag')).toBe('"1"')
  })

  it('keeps the headers that describe it', async () => {
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="todos.csv"',
      'content-language': 'en',
      'content-range': 'bytes 0-9/100',
      'accept-ranges': 'bytes',
      etag: '"1"',
      'last-modified': 'Thu, 01 Jan 1970 00:00:00 GMT',
      'retry-after': '7',
    }
    const response = await relayed(new Response('x', { headers }))
    for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name)).toBe(value)
  })

  it.each([
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'content-length',
    'content-encoding',
    'set-cookie',
    'set-cookie2',
    'www-authenticate',
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'content-security-policy',
    'strict-transport-security',
    'clear-site-data',
    'location',
    'refresh',
    'server',
    'server-timing',
    'pragma',
    'no-vary-search',
    'x-powered-by',
    'x-accel-redirect',
    'x-sendfile',
    'x-anything-nobody-thought-of',
  ])('is stripped of %s', async (name) => {
    const answer = new Response('x')
    answer.headers.append(name, 'hostile')
    expect((await relayed(answer)).headers.has(name)).toBe(false)
  })

  it('keeps a header that is asked for, whatever its case', async () => {
    const response = await relayed(new Response('x', { headers: { 'x-total-count': '3' } }), [
      'X-Total-Count',
    ])
    expect(response.headers.get('x-total-count')).toBe('3')
  })

  it.each([
    // About the connection and the body
    ...['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'content-encoding'],
    ...['content-length', 'proxy-authenticate', 'proxy-authorization', 'via', 'date', 'server'],
    // About who the caller is
    ...['Set-Cookie', 'set-cookie2', 'www-authenticate', 'authentication-info', 'clear-site-data'],
    // About caching, which is decided anew
    ...['age', 'cache-control', 'expires', 'pragma', 'vary', 'no-vary-search', 'surrogate-control'],
    ...['cdn-cache-control', 'cloudflare-cdn-cache-control'],
    // What a browser obeys of our origin
    ...['access-control-allow-origin', 'access-control-allow-credentials', 'content-security-policy'],
    ...['content-security-policy-report-only', 'cross-origin-opener-policy', 'strict-transport-security'],
    ...['permissions-policy', 'public-key-pins', 'service-worker-allowed', 'speculation-rules', 'alt-svc'],
    ...['origin-agent-cluster', 'x-content-type-options', 'nel', 'report-to', 'reporting-endpoints'],
    ...['location', 'refresh', 'sourcemap', 'x-sourcemap', 'server-timing', 'timing-allow-origin'],
    // What a proxy before us obeys
    ...['x-accel-redirect', 'x-accel-expires', 'x-sendfile'],
  ])('cannot be asked to keep %s', async (name) => {
    const { api, acquired } = callApi([new Response('x')])
    await expect(api.relay('todos', { keepHeaders: [name] })).rejects.toMatchObject({
      reason: 'header_refused',
    })
    expect(acquired).toEqual([])
  })

  it.each<[unknown]>([[[5]], [['a b']], [['']], [[undefined]], ['etag']])(
    'cannot be asked to keep what is no name, or no list: %j',
    async (names) => {
      const keepHeaders = names as readonly string[]
      await expect(callApi([new Response('x')]).api.relay('todos', { keepHeaders })).rejects.toMatchObject({
        reason: 'header_refused',
      })
    },
  )

  it('is none with a status that cannot be passed on, with a body or without', async () => {
    for (const body of ['x', null]) {
      const answer = Object.defineProperty(new Response(body), 'status', { value: 999 })
      expect(await failureOf(callApi([answer]).api.relay('todos'))).toMatchObject({
        code: 'downstream_failed',
        downstreamStatus: 999,
      })
    }
  })

  it('is not taken by a browser for anything but what it says it is', async () => {
    expect((await relayed(new Response('<script>'))).headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('streams: its first piece is there before the last one is made', async () => {
    let more: () => void = () => undefined
    const text = (piece: string): Uint8Array => new TextEncoder().encode(piece)
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(text('first'))
        await new Promise<void>((resolve) => (more = resolve))
        controller.enqueue(text('last'))
        controller.close()
      },
    })
    const reader = (await relayed(new Response(body))).body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first')
    more()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('last')
  })

  it('ends at its source when nobody reads it any more', async () => {
    let cancelled = false
    const body = new ReadableStream({ cancel: () => void (cancelled = true) })
    await (await relayed(new Response(body))).body!.cancel()
    expect(cancelled).toBe(true)
  })
})

describe('an answer that is about us and not about our caller', () => {
  it.each([401, 407, 300, 301, 302, 303, 307, 308])('is not relayed: %i', async (status) => {
    const headers = { location: 'https://evil.example/', 'www-authenticate': 'Bearer error="invalid_token"' }
    const error = await failureOf(relayed(new Response(null, { status, headers })))
    expect(error).toMatchObject({ code: 'downstream_failed', downstreamStatus: status })
    expect(JSON.stringify(error)).not.toContain('evil')
  })
})
