// A body may break off at any place, and with anything: a custom `fetch` throws what it likes.
import { describe, expect, it } from 'vitest'
import type { DownstreamApi } from '../../src/call/downstream-api.ts'
import { DownstreamError } from '../../src/kernel/errors/errors.ts'
import { printed } from '../kernel/printed.ts'
import { accessToken, callApi, failureOf } from './called-api.ts'

const challenge = `Bearer error="insufficient_claims", claims="${btoa('{"access_token":{"acrs":{"value":"c1"}}}')}"`

const thrown: Readonly<Record<string, unknown>> = {
  'an error': new Error('socket broke'),
  'an error with the request in it': Object.assign(new Error('Bearer opaque'), {
    headers: { authorization: 'Bearer opaque' },
  }),
  'an AbortError of somebody else': new DOMException('terminated', 'AbortError'),
  'a text': 'broken',
  nothing: undefined,
  null: null,
}

const read = async (response: Promise<Response>): Promise<unknown> => (await response).text()
const cases: Readonly<
  Record<string, { status: number; headers?: HeadersInit; call: (api: DownstreamApi) => Promise<unknown> }>
> = {
  'a retry': { status: 429, headers: { 'retry-after': '0' }, call: (api) => api.getJson('todos') },
  'a claims challenge': {
    status: 401,
    headers: { 'www-authenticate': challenge },
    call: (api) => api.getJson('todos'),
  },
  getJson: { status: 200, call: (api) => api.getJson('todos') },
  postJson: { status: 201, call: (api) => api.postJson('todos', {}) },
  getBytes: { status: 200, call: (api) => api.getBytes('todos') },
  delete: { status: 200, call: (api) => api.delete('todos') },
  'a refusal': { status: 500, call: (api) => api.getJson('todos') },
  'a 401 that is not relayed': { status: 401, call: (api) => api.relay('todos') },
  'the body of get': { status: 200, call: (api) => read(api.get('todos')) },
  'the body of post': { status: 200, call: (api) => read(api.post('todos', 'x')) },
  'the body of fetch': { status: 200, call: (api) => read(api.fetch('todos')) },
  'the body of relay': { status: 200, call: (api) => read(api.relay('todos')) },
}

describe('an answer that breaks off', () => {
  it.each(Object.keys(cases).flatMap((name) => Object.keys(thrown).map((what) => [name, what] as const)))(
    'is a DownstreamError in %s, by %s',
    async (name, what) => {
      const { status, headers, call } = cases[name]!
      const broken = new ReadableStream({
        start(controller) {
          controller.error(thrown[what])
        },
      })
      const answer = new Response(broken, { status, ...(headers === undefined ? {} : { headers }) })
      const { api } = callApi([answer], {}, { acquire: async () => accessToken('opaque') })
      const error = await failureOf(call(api))
      expect(error).toBeInstanceOf(DownstreamError)
      expect(error).toMatchObject({ api: 'todolist', downstreamStatus: status })
      expect(printed(error as Error)).not.toContain('opaque')
    },
  )

  const readers = Object.entries(cases).filter(([name]) => name.startsWith('the body of'))
  it.each(readers.flatMap(([name]) => (['before', 'while'] as const).map((when) => [name, when] as const)))(
    'is ended by the signal of the call in %s, %s it is waited for, though a custom `fetch` does not listen',
    async (name, when) => {
      let reading: () => void = () => undefined
      const isRead = new Promise<void>((resolve) => (reading = resolve))
      let given: unknown
      const stalled = new ReadableStream<Uint8Array>(
        {
          pull: () => {
            reading()
            return new Promise(() => undefined)
          },
          cancel: (reason) => void (given = reason),
        },
        { highWaterMark: 0 },
      )
      const handler = new AbortController()
      const left = new Error('the client has left')
      const { api } = callApi([new Response(stalled)])
      const { signal } = handler
      const [, method] = /(\w+)$/.exec(name) ?? []
      const response = await (method === 'post'
        ? api.post('todos', 'x', { signal })
        : api[method as 'get' | 'fetch' | 'relay']('todos', { signal }))
      if (when === 'before') handler.abort(left)
      const text = failureOf(response.text())
      if (when === 'while') {
        await isRead
        handler.abort(left)
      }
      expect(await text).toBe(left)
      expect(given).toBe(left) // nothing is left open
    },
  )

  it('is a DownstreamError too when its reader throws whatever is asked of it', async () => {
    const refuse = (): never => {
      throw new Error('Bearer opaque')
    }
    const body = { getReader: () => ({ read: refuse, cancel: refuse }) }
    const answer = (): Response => Object.defineProperty(new Response('x'), 'body', { value: body })
    const { api } = callApi([answer], {}, { acquire: async () => accessToken('opaque') })
    const error = await failureOf(api.getJson('todos'))
    expect(error).toMatchObject({ code: 'downstream_failed', downstreamStatus: 200 })
    expect(printed(error as Error)).not.toContain('opaque')
  })

  it('is a DownstreamError too when it has been read by somebody else', async () => {
    const answer = new Response('x')
    await answer.text()
    const { api } = callApi([answer])
    expect(await failureOf(api.getJson('todos'))).toMatchObject({ code: 'downstream_failed' })
  })

  const notBytes = ['a text', 1, undefined]
  it.each(
    ['getJson', 'getBytes', 'a refusal'].flatMap((name) => notBytes.map((piece) => [name, piece] as const)),
  )('is given up where its pieces are no bytes: %s, %j', async (name, piece) => {
    const { status, call } = cases[name]!
    let given = false
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(piece),
      cancel: () => void (given = true),
    })
    expect(await failureOf(call(callApi([new Response(body, { status })]).api))).toMatchObject({
      code: 'downstream_failed',
      downstreamStatus: status,
    })
    expect(given).toBe(true)
  })

  it('is told where the body itself cannot be had', async () => {
    const answer = Object.defineProperty(new Response('{}'), 'body', {
      get() {
        throw new Error('none today')
      },
    })
    const { api } = callApi([answer])
    expect(await failureOf(api.getJson('todos'))).toMatchObject({ code: 'downstream_failed' })
  })

  it('is none for what has no ok, and a good status', async () => {
    const answer = Object.defineProperty(Response.json({ a: 1 }), 'ok', { value: undefined })
    expect(await callApi([answer]).api.getJson('todos')).toEqual({ a: 1 })
  })

  it('keeps what an answer of fetch tells of itself', async () => {
    const answer = Object.defineProperty(new Response('x', { statusText: 'Fine' }), 'url', {
      value: 'https://x/',
    })
    expect(await callApi([answer]).api.fetch('todos')).toMatchObject({
      url: 'https://x/',
      statusText: 'Fine',
      ok: true,
    })
  })

  it.each([
    ['a reason in the language of its server', 404, 'Non trouv\ufffd 見つかりません'],
    ['a status that no Response is made with', 999, ''],
  ])('is an answer with %s', async (_, status, statusText) => {
    const answer = (): Response => {
      const response = new Response('x', { status: 500 })
      Object.defineProperty(response, 'status', { value: status })
      return Object.defineProperty(response, 'statusText', { value: statusText })
    }
    const response = await callApi([answer]).api.fetch('todos')
    expect(response).toMatchObject({ status, statusText, ok: false })
    expect(await failureOf(callApi([answer]).api.getJson('todos'))).toMatchObject({
      downstreamStatus: status,
      body: 'x',
    })
  })
})

describe('a fetch that listens to no signal', () => {
  it.each([
    ['never answers', () => new Promise<Response>(() => undefined)],
    ['answers with a body that never comes', () => new Response(new ReadableStream())],
    [
      'answers with a body that cannot be given up',
      () =>
        new Response(new ReadableStream({ cancel: () => new Promise(() => undefined) }), {
          status: 401,
          headers: { 'www-authenticate': challenge },
        }),
    ],
  ])('is not waited for beyond the time of the call when it %s', async (_, answer) => {
    const { api } = callApi([answer])
    expect(await failureOf(api.getJson('todos', { timeoutMs: 20 }))).toMatchObject({
      code: 'downstream_failed',
    })
  })

  it('has its answer given up when that comes after the end', async () => {
    let answerWith: ((answer: Response) => void) | undefined
    const { api } = callApi([() => new Promise<Response>((resolve) => (answerWith = resolve))])
    const handler = new AbortController()
    const calling = failureOf(api.getJson('todos', { signal: handler.signal }))
    while (answerWith === undefined) await new Promise((resolve) => setImmediate(resolve))
    handler.abort(new Error('the client has gone'))
    await calling
    await new Promise<void>((resolve) => {
      answerWith?.(new Response(new ReadableStream({ cancel: () => resolve() })))
    })
  })
})

// The platform's `fetch` gives it none; one of somebody's own may.
describe.each([204, 205, 304])('a body of an answer whose status allows none: %i', (status) => {
  const withBody = (): { readonly answer: Response; readonly isGivenUp: () => boolean } => {
    let given = false
    const body = new ReadableStream({ cancel: () => void (given = true) })
    const answer = new Response(body, { headers: { etag: '"1"' } })
    return { answer: Object.defineProperty(answer, 'status', { value: status }), isGivenUp: () => given }
  }

  it('is given up, and the answer goes on without it', async () => {
    const { answer, isGivenUp } = withBody()
    const response = await callApi([answer]).api.fetch('todos')
    expect([response.status, response.headers.get('etag'), response.body]).toEqual([status, '"1"', null])
    expect(isGivenUp()).toBe(true)
  })

  it('is not relayed', async () => {
    const { answer, isGivenUp } = withBody()
    const response = await callApi([answer]).api.relay('todos')
    expect([response.status, response.headers.get('etag'), response.body]).toEqual([status, '"1"', null])
    expect(isGivenUp()).toBe(true)
  })
})
