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
    await use(await callApi([() => new Response('[]')]).api.fetch('todos', { signal }))
    expect(listeners(signal)).toBe(2)
    await collect(() => listeners(signal) === 1)
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
