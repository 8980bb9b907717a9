import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemSleep } from '../../../src/kernel/time/sleep.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('waiting', () => {
  it('ends when its time is over and leaves nothing behind', async () => {
    const waited = systemSleep(1000, new AbortController().signal)
    await vi.advanceTimersByTimeAsync(1000)
    await waited
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with the reason of the signal, and its timer with it', async () => {
    const abort = new AbortController()
    const waited = expect(systemSleep(1000, abort.signal)).rejects.toThrow('gone')
    abort.abort(new Error('gone'))
    await waited
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not begin when the signal was aborted before', async () => {
    await expect(systemSleep(1000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
    expect(vi.getTimerCount()).toBe(0)
  })
})
