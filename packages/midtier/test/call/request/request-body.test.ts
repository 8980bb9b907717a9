import { Readable, Stream } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { DownstreamBody } from '../../../src/call/request/request-body.ts'
import { callApi, failureOf } from '../called-api.ts'

const challenge = (): Response =>
  new Response(null, {
    status: 401,
    headers: {
      'www-authenticate': `Bearer error="insufficient_claims", claims="${btoa('{"access_token":{"nbf":{"value":"1"}}}')}"`,
    },
  })

const ok = (): Response => Response.json(null)

function form(): FormData {
  const data = new FormData()
  data.append('title', 'Milk')
  data.append('picture', new File(['pixels'], 'milk.png', { type: 'image/png' }))
  return data
}

describe('a body that can be sent again', () => {
  it.each<[string, DownstreamBody, string]>([
    ['a string', 'Milk', 'Milk'],
    ['bytes', new TextEncoder().encode('Milk'), 'Milk'],
    ['a part of some bytes', new TextEncoder().encode('[Milk]').subarray(1, 5), 'Milk'],
    ['an ArrayBuffer', new TextEncoder().encode('Milk').buffer, 'Milk'],
    ['a Blob', new Blob(['Mi', 'lk']), 'Milk'],
    ['URL parameters', new URLSearchParams({ title: 'Milk' }), 'title=Milk'],
    ['a function that makes a stream', () => new Blob(['Milk']).stream(), 'Milk'],
    ['a function that promises one', async () => new Blob(['Milk']).stream(), 'Milk'],
    [
      'a function that makes a Node stream',
      () => Readable.from([Buffer.from('Mi'), Buffer.from('lk')]),
      'Milk',
    ],
  ])('is: %s', async (_, body, text) => {
    const { api, received } = callApi([challenge, ok])
    await api.post('todos', body)
    expect(received.map((each) => each.body)).toEqual([text, text])
    expect(received.map(({ token }) => token)).toEqual(['token-1', 'token-2'])
  })

  it('is: a form with files', async () => {
    const { api, received } = callApi([challenge, ok])
    await api.post('todos', form())
    expect(received).toHaveLength(2)
    for (const { body } of received) {
      expect(body).toContain('name="title"\r\n\r\nMilk\r\n')
      expect(body).toContain('filename="milk.png"\r\nContent-Type: image/png\r\n\r\npixels\r\n')
    }
  })

  it('is: a form and a request of the undici package', async () => {
    const undici = await import('undici')
    const foreign = new undici.FormData()
    foreign.append('title', 'Milk')
    const { api, received } = callApi([challenge, ok, ok, ok])
    await api.post('todos', foreign as unknown as DownstreamBody)
    expect(received[1]?.body).toContain('name="title"\r\n\r\nMilk')
    const request = new undici.Request('https://todolist.contoso.com/api/todos', {
      method: 'PUT',
      headers: { 'x-own': '1' },
      body: 'Milk',
    })
    await api.fetch(request as unknown as Request)
    expect(received[2]).toMatchObject({ method: 'PUT', body: 'Milk', url: request.url })
    expect(received[2]?.headers.get('x-own')).toBe('1')
    const elsewhere = new undici.Request('https://evil.example/api/todos') as unknown as Request
    expect(await failureOf(api.fetch(elsewhere))).toMatchObject({ reason: 'path_refused' })
  })

  it('is: JSON', async () => {
    const { api, received } = callApi([challenge, ok])
    await api.postJson('todos', { title: 'Milk' })
    expect(received.map((each) => each.body)).toEqual(['{"title":"Milk"}', '{"title":"Milk"}'])
  })

  it('is: the body of a Request', async () => {
    const { api, received } = callApi([challenge, ok])
    const href = 'https://todolist.contoso.com/api/todos'
    await api.fetch(new Request(href, { method: 'POST', body: form() }))
    expect(received.map((each) => each.body?.includes('pixels'))).toEqual([true, true])
    expect(received[1]?.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
  })
})

describe('a body that can be sent once', () => {
  const streams: [string, () => DownstreamBody][] = [
    ['a stream', () => new Blob(['Milk']).stream()],
    ['a Node stream', () => Readable.from([Buffer.from('Milk')])],
  ]

  it.each(streams)('is refused before anything is sent, with what to pass instead: %s', async (_, make) => {
    const { api, received, acquired } = callApi([ok])
    for (const call of [api.post('todos', make()), api.fetch('todos', { method: 'POST', body: make() })]) {
      const error = await failureOf(call)
      expect(error).toMatchObject({ code: 'acquisition_impossible', reason: 'body_not_replayable' })
      expect(String(error)).toMatch(/function that makes the stream.*bytes.*string.*replay: false/)
    }
    expect(acquired).toEqual([])
    expect(received).toEqual([])
  })

  it.each(streams)('is sent, once, when the call says so: %s', async (_, make) => {
    const { api, received } = callApi([ok])
    await api.post('todos', make(), { replay: false })
    expect(received.map((each) => each.body)).toEqual(['Milk'])
    expect(received[0]?.init).toMatchObject({ duplex: 'half' })
  })

  it('is refused when somebody else is reading it', async () => {
    const { api, received } = callApi([ok])
    const stream = new Blob(['Milk']).stream()
    stream.getReader()
    await expect(api.post('todos', stream, { replay: false })).rejects.toMatchObject({
      reason: 'body_not_replayable',
    })
    expect(received).toEqual([])
  })

  it('is not read further when sending it failed', async () => {
    let ended = false
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(1024)
      } finally {
        ended = true
      }
    }
    const fetch = async (_: string | URL, init?: RequestInit): Promise<Response> => {
      const reader = (init?.body as ReadableStream<Uint8Array>).getReader()
      await reader.read()
      await reader.cancel()
      throw new TypeError('fetch failed')
    }
    const { api } = callApi([], {}, { fetch })
    await failureOf(api.post('todos', endless(), { replay: false }))
    expect(ended).toBe(true)
  })
})

describe('a method without a body', () => {
  it.each(['GET', 'HEAD'])('refuses one: %s', async (method) => {
    const { api, acquired } = callApi([ok])
    await expect(api.fetch('todos', { method, body: 'x' })).rejects.toMatchObject({
      reason: 'method_refused',
    })
    expect(acquired).toEqual([])
  })
})

describe('what is no body', () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  /** As the npm package form-data is: an old stream with headers of its own. */
  const packagedForm = Object.assign(new Stream(), { getHeaders: () => ({}), append: () => undefined })

  it.each<[string, unknown]>([
    ['a plain object', { title: 'Milk' }],
    ['a list', ['Milk']],
    ['a number', 7],
    ['true', true],
    ['a Map', new Map()],
    ['a Date', new Date(0)],
    ['a promise', Promise.resolve('Milk')],
    ['the form of a package', packagedForm],
    [
      'such a form that can be iterated over',
      Object.assign(Readable.from(['x']), { getHeaders: () => ({}) }),
    ],
    ['a stream of old', new Stream()],
    ['an object that calls itself a form', { [Symbol.toStringTag]: 'FormData' }],
  ])('is refused before a token is acquired: %s', async (_, body) => {
    const { api, acquired, received } = callApi([ok])
    for (const call of [
      api.post('todos', body as string),
      api.fetch('todos', { method: 'POST', body: body as string, replay: false }),
    ])
      expect(await failureOf(call)).toMatchObject({
        code: 'acquisition_impossible',
        reason: 'body_not_sendable',
      })
    expect([acquired, received]).toEqual([[], []])
  })

  it.each<[string, unknown, RegExp]>([
    ['the form of a package', packagedForm, /build it with the global FormData/],
    ['a stream of old', new Stream(), /wrap it, new Readable\(\)\.wrap\(stream\)/],
    ['a plain object', { title: 'Milk' }, /for JSON use postJson/],
  ])('is refused with what to send instead: %s', async (_, body, remedy) => {
    const { api } = callApi([ok])
    await expect(api.post('todos', body as string)).rejects.toThrow(remedy)
  })

  it.each<[string, unknown]>([
    ['a circle', circular],
    ['a BigInt', 1n],
    ['a function', () => undefined],
  ])('is refused as JSON: %s', async (_, body) => {
    const { api, received } = callApi([ok])
    expect(await failureOf(api.postJson('todos', body))).toMatchObject({ reason: 'body_not_sendable' })
    expect(received).toEqual([])
  })

  it('is refused when a function makes it', async () => {
    const { api, received } = callApi([ok])
    const made = (() => ({ title: 'Milk' })) as unknown as DownstreamBody
    expect(await failureOf(api.post('todos', made))).toMatchObject({ reason: 'body_not_sendable' })
    expect(received).toEqual([])
  })
})
