// Whoever waits for a token may stop; the work goes on, and nothing of the wait is left.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { abandonable } from '../../../src/acquire/sources/abandonable.ts'
import type { AccessToken, TokenRequest } from '../../../src/acquire/token-source.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Work that ends when it is told to, and what it was given. */
function begin(request: Partial<TokenRequest>) {
  const { promise, resolve, reject } = promiseOf<AccessToken>()
  const given: TokenRequest[] = []
  const asked = { scopes: ['s'], signal: undefined, timeoutMs: undefined, ...request } as TokenRequest
  const waited = abandonable(asked, (work) => {
    given.push(work)
    return promise
  })
  const outcome = waited.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  return { asked, given, outcome, resolve, reject }
}

function promiseOf<Value>() {
  let resolve: (value: Value) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<Value>((...settle) => {
    ;[resolve, reject] = settle
  })
  return { promise, resolve, reject }
}

const token = { accessToken: 't' } as unknown as AccessToken

/** A signal, and how many listen to it. */
function watchedSignal() {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1
    remove(...args)
  }
  return { controller, signal, listeners: () => listeners }
}

describe('work that somebody waits for', () => {
  it('without a signal or a time limit is given the request as it is', async () => {
    const { asked, given, outcome, resolve } = begin({})
    expect(given[0]).toBe(asked)
    resolve(token)
    expect(await outcome).toEqual({ value: token })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('belongs to nobody: it is given neither signal nor time limit, and the rest', () => {
    const { asked, given } = begin({ signal: new AbortController().signal, timeoutMs: 50 })
    expect(given).toEqual([{ ...asked, signal: undefined, timeoutMs: undefined }])
  })

  it.each(['resolve', 'reject'] as const)(
    'ends as it ends (%s), and leaves no timer and no listener',
    async (how) => {
      const { signal, listeners } = watchedSignal()
      const begun = begin({ signal, timeoutMs: 50 })
      expect([vi.getTimerCount(), listeners()]).toEqual([1, 1])
      const error = new Error('refused')
      if (how === 'resolve') begun.resolve(token)
      else begun.reject(error)
      expect(await begun.outcome).toEqual(how === 'resolve' ? { value: token } : { error })
      await Promise.resolve()
      expect([vi.getTimerCount(), listeners()]).toEqual([0, 0])
    },
  )

  it('is waited for until the signal aborts, for its reason', async () => {
    const { controller, signal } = watchedSignal()
    const { outcome, resolve } = begin({ signal })
    const reason = new Error('the caller has gone')
    controller.abort(reason)
    expect(await outcome).toEqual({ error: reason })
    resolve(token)
  })

  it('is waited for no longer than the time limit, which the error names', async () => {
    const { outcome } = begin({ timeoutMs: 50 })
    const over = vi.fn()
    void outcome.then(over)
    await vi.advanceTimersByTimeAsync(49)
    expect(over).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(over).toHaveBeenCalled()
    expect(await outcome).toMatchObject({
      error: {
        name: 'AuthorityUnavailableError',
        message: 'No token came within 50 ms',
        retryAfterSeconds: 1,
      },
    })
  })
})
