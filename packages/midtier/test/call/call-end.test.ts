// What ends a call is listened to for as long as somebody waits, and no longer: a signal may outlive a million calls.
import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { DownstreamApi } from '../../src/call/downstream-api.ts'
import { callApi, failureOf } from './called-api.ts'
import { collect } from '../collect.ts'

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

type Use = (api: DownstreamApi, signal: AbortSignal) => Promise<unknown>

describe('the signal of a caller', () => {
  it.each<[string, Use, () => Response]>([
    [
      'is given up',
      async (api, signal) => (await api.get('todos', { signal })).body?.cancel(),
      () => new Response('[]'),
    ],
    [
      'has no body',
      (api, signal) => api.fetch('todos', { signal }),
      () => new Response(null, { status: 204 }),
    ],
    [
      'is read whole',
      async (api, signal) => (await api.relay('todos', { signal })).text(),
      () => new Response('[]'),
    ],
    ['is read by the call', (api, signal) => api.getJson('todos', { signal }), () => new Response('[]')],
    [
      'is a refusal',
      (api, signal) => api.getJson('todos', { signal }),
      () => new Response('', { status: 500 }),
    ],
    ['breaks off', (api, signal) => api.getJson('todos', { signal }), () => new Response(brokenBody())],
    [
      'never comes',
      (api, signal) => api.getJson('todos', { signal }),
      () => {
        throw new Error('no network')
      },
    ],
  ])('is listened to no more when the call has ended and its answer %s', async (_, use, answer) => {
    const { signal } = new AbortController()
    let during = 0
    const { api } = callApi([
      () => {
        during = listeners(signal)
        return answer()
      },
    ])
    await use(api, signal).catch(() => undefined)
    expect(during).toBe(1)
    expect(listeners(signal)).toBe(0)
  })

  it.each<[string, (response: Response) => unknown]>([
    ['is not read', () => undefined],
    ['is read in part', (response) => response.body?.getReader().read()],
  ])('is listened to as long as somebody holds the answer, which %s', async (_, use) => {
    const { signal } = new AbortController()
    const { api } = callApi([() => new Response('[]')])
    const held = await api.fetch('todos', { signal })
    await use(held)
    await collect()
    expect([held.status, listeners(signal)]).toEqual([200, 1])
    const another = new AbortController()
    await use(await callApi([() => new Response('[]')]).api.fetch('todos', { signal: another.signal }))
    expect(listeners(another.signal)).toBe(1)
    await collect(() => listeners(another.signal) === 0)
    expect(held.status).toBe(200)
  })

  it('is listened to while a piece of the answer is waited for', async () => {
    const { signal } = new AbortController()
    let begin: (source: ReadableStreamDefaultController<Uint8Array>) => void
    const reading = new Promise<ReadableStreamDefaultController<Uint8Array>>((resolve) => (begin = resolve))
    const body = new ReadableStream<Uint8Array>({ pull: (source) => begin(source) }, { highWaterMark: 0 })
    const { api } = callApi([new Response(body)])
    const text = (await api.fetch('todos', { signal })).text()
    const source = await reading
    expect(listeners(signal)).toBeGreaterThan(0)
    source.close()
    await text
    expect(listeners(signal)).toBe(0)
  })
})

describe('one signal of many calls', () => {
  it.each(['getJson', 'get', 'fetch'] as const)(
    'has one listener, and nobody warns of a leak: %s',
    async (method) => {
      const leaks: string[] = []
      const warn = ({ name, message }: Error): void => {
        if (name === 'MaxListenersExceededWarning') leaks.push(message)
      }
      process.on('warning', warn)
      const { signal } = new AbortController()
      let most = 0
      const answer = (): Response => {
        most = Math.max(most, listeners(signal))
        return Response.json([])
      }
      const { api } = callApi(Array.from({ length: 20 }, () => answer))
      const answers = await Promise.all(Array.from({ length: 20 }, () => api[method]('todos', { signal })))
      await collect()
      expect([most, answers.length, leaks]).toEqual([1, 20, []])
      process.off('warning', warn)
    },
  )

  it('ends all of them', async () => {
    const caller = new AbortController()
    const never = new Promise<Response>(() => undefined)
    const { api } = callApi(Array.from({ length: 12 }, () => () => never))
    const calls = Array.from({ length: 12 }, () => failureOf(api.get('todos', { signal: caller.signal })))
    const reason = new Error('left')
    caller.abort(reason)
    expect(new Set(await Promise.all(calls))).toEqual(new Set([reason]))
  })
})

describe('a custom `fetch` that never comes back', () => {
  const never = (): Promise<Response> => new Promise(() => undefined)

  it('keeps no listener when its time is over', async () => {
    const { signal } = new AbortController()
    const { api } = callApi([never])
    await failureOf(api.get('todos', { signal, timeoutMs: 20 }))
    expect(listeners(signal)).toBe(0)
  })

  it('keeps no timer when its caller has left', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length
    const before = timers()
    const caller = new AbortController()
    const { api } = callApi([never])
    const call = failureOf(api.get('todos', { signal: caller.signal, timeoutMs: 500_000 }))
    expect(timers()).toBe(before + 1)
    caller.abort(new Error('left'))
    await call
    expect(timers()).toBe(before)
  })
})

describe('a `Request` whose body never ends', () => {
  const hung = (signal?: AbortSignal): Request => {
    const body = new ReadableStream({ pull: () => new Promise<void>(() => undefined) })
    const init = { method: 'POST', body, duplex: 'half', ...(signal && { signal }) } as const
    return new Request('https://todolist.contoso.com/api/todos', init)
  }

  it('is waited for no longer than a call may take', async () => {
    const { api } = callApi([])
    expect(await failureOf(api.fetch(hung(), { timeoutMs: 20 }))).toMatchObject({ code: 'downstream_failed' })
  })

  it.each(['of the call', 'of the request'])('ends with the signal %s', async (whose) => {
    const caller = new AbortController()
    const { api } = callApi([])
    const call = failureOf(
      whose === 'of the call' ? api.fetch(hung(), { signal: caller.signal }) : api.fetch(hung(caller.signal)),
    )
    caller.abort(new Error('left'))
    expect(await call).toMatchObject({ message: 'left' })
  })
})

describe('a call whose time is over', () => {
  it('gives up the body that it was reading, though a custom `fetch` does not listen', async () => {
    let given: unknown
    const stalled = new ReadableStream<Uint8Array>({ cancel: (reason) => void (given = reason) })
    const { api } = callApi([new Response(stalled)])
    expect(await failureOf(api.getJson('todos', { timeoutMs: 20 }))).toMatchObject({
      code: 'downstream_failed',
    })
    expect(given).toMatchObject({ name: 'TimeoutError' })
  })
})

function brokenBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(source) {
      source.error(new Error('socket broke'))
    },
  })
}
