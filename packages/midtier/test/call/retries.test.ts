import { describe, expect, it } from 'vitest'
import { systemSleep } from '../../src/kernel/time/sleep.ts'
import { callApi, failureOf } from './called-api.ts'

const wait = (status: number, retryAfter: string | undefined) => (): Response =>
  new Response('later', { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } })

const ok = (): Response => Response.json({ ok: true })

describe('an API that says when to come back', () => {
  it.each([429, 503])('is asked again then, after a %i', async (status) => {
    const { api, received, waitedMs, events } = callApi([wait(status, '2'), ok])
    expect(await api.getJson('todos')).toEqual({ ok: true })
    expect(waitedMs).toEqual([2000])
    expect(received.map(({ token }) => token)).toEqual(['token-1', 'token-1'])
    expect(events).toMatchObject([
      { type: 'downstream_called', status, attempt: 1 },
      {
        type: 'downstream_retried',
        api: 'todolist',
        method: 'GET',
        path: '/api/todos',
        status,
        waitMs: 2000,
      },
      { type: 'downstream_called', status: 200, attempt: 2 },
    ])
  })

  it('is understood when it names a date', async () => {
    const { api, waitedMs } = callApi([wait(503, new Date(1_000_000 + 3000).toUTCString()), ok])
    await api.getJson('todos')
    expect(waitedMs).toEqual([3000])
  })

  it('is asked again at once when the date is past or the seconds are none', async () => {
    const { api, waitedMs } = callApi([wait(503, 'Thu, 01 Jan 1970 00:00:00 GMT'), wait(503, '0'), ok])
    await api.getJson('todos')
    expect(waitedMs).toEqual([0, 0])
  })

  it('is never asked sooner than it said; chance only adds to that, more each time', async () => {
    const { api, waitedMs } = callApi([wait(503, '1'), wait(503, '1'), ok], {}, { random: () => 0.5 })
    await api.getJson('todos')
    expect(waitedMs).toEqual([1125, 1250])
  })

  it('is left alone after so many tries, and its last answer is the answer', async () => {
    const { api, received } = callApi([wait(429, '1')], { maxRetries: 3 })
    expect(await failureOf(api.getJson('todos'))).toMatchObject({
      downstreamStatus: 429,
      retryAfterSeconds: 1,
    })
    expect(received).toHaveLength(4)
    expect((await api.fetch('todos', { maxRetries: 0 })).status).toBe(429)
    expect(received).toHaveLength(5)
    await api.fetch('todos', { maxRetries: 1_000 })
    expect(received).toHaveLength(11)
  })

  it('is not waited for beyond the budget, all waits of the call together', async () => {
    const { api, received, waitedMs } = callApi([wait(503, '4')], { maxRetries: 5, retryBudgetMs: 10_000 })
    await failureOf(api.getJson('todos'))
    expect(waitedMs).toEqual([4000, 4000])
    expect(received).toHaveLength(3)
  })

  it('is not waited for beyond the time of the call', async () => {
    const { api, waitedMs } = callApi([wait(503, '4')], { timeoutMs: 3000 })
    expect(await failureOf(api.getJson('todos'))).toMatchObject({ downstreamStatus: 503 })
    expect(waitedMs).toEqual([])
  })

  it('is left alone when it did not say when, or unintelligibly', async () => {
    const { api, received } = callApi([wait(503, undefined), wait(429, 'soon')])
    await failureOf(api.getJson('todos'))
    await failureOf(api.getJson('todos'))
    expect(received).toHaveLength(2)
  })

  it('is left alone after any other status', async () => {
    const { api, received } = callApi([wait(500, '1'), wait(502, '1'), wait(504, '1'), wait(200, '1')])
    for (let call = 0; call < 4; call += 1) await failureOf(api.fetch('todos'))
    expect(received).toHaveLength(4)
  })

  it('is no longer waited for when the handler gives up', async () => {
    const { api, received } = callApi([wait(503, '9')], {}, { sleep: systemSleep })
    const handler = new AbortController()
    const call = api.fetch('todos', { signal: handler.signal })
    setTimeout(() => {
      handler.abort(new Error('not wanted any more'))
    }, 5)
    await expect(call).rejects.toThrow('not wanted any more')
    expect(received).toHaveLength(1)
  })
})

describe('what may be asked for twice', () => {
  it.each([
    ['GET', true],
    ['HEAD', true],
    ['OPTIONS', true],
    ['PUT', true],
    ['DELETE', true],
    ['POST', false],
    ['PATCH', false],
    ['put', true],
    ['patch', false],
  ])('is told by the method: %s %s', async (method, repeated) => {
    const { api, received } = callApi([wait(503, '1'), () => new Response()])
    await api.fetch('todos', { method })
    expect(received).toHaveLength(repeated ? 2 : 1)
    expect(received[0]?.init.method).toBe(method.toUpperCase())
  })

  it('is told by the call, when it knows better', async () => {
    const { api, received } = callApi([wait(503, '1'), ok, wait(503, '1'), ok])
    await api.postJson('todos', {}, { idempotent: true, headers: { 'idempotency-key': '1' } })
    expect(received).toHaveLength(2)
    await failureOf(api.getJson('todos', { idempotent: false }))
    expect(received).toHaveLength(3)
  })

  it('is nothing whose body is sent once', async () => {
    const { api, received } = callApi([wait(503, '1'), ok])
    await failureOf(api.put('todos', 'x', { replay: false }))
    expect(received).toHaveLength(1)
  })
})
