import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepSubscribed, type OpenConnection } from '../../src/stores/keep-subscribed.ts'

/** Connections under the control of a test, in the order in which they were opened. */
function createConnections() {
  const opened: {
    hear: (message: string) => void
    lost: () => void
    succeed: () => void
    fail: () => void
    closed: number
  }[] = []
  const open: OpenConnection = (hear, lost) => {
    const { promise, resolve, reject } = createSignal()
    const connection = { hear, lost, succeed: resolve, fail: () => reject(new Error('refused')), closed: 0 }
    opened.push(connection)
    return {
      opened: promise,
      close: () => {
        connection.closed += 1
      },
    }
  }
  return { opened, open }
}

function createSignal() {
  let resolve: () => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<void>((res, rej) => {
    resolve = res
    reject = rej
  })
  return { promise, resolve, reject }
}

describe('a subscription', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('hears nothing of what arrives after it was closed', async () => {
    const { opened, open } = createConnections()
    const heard: string[] = []
    const subscription = keepSubscribed((message) => heard.push(message), open)
    opened[0]!.succeed()
    await subscription.ready
    opened[0]!.hear('before')
    await subscription.close()
    opened[0]!.hear('after')
    expect([heard, opened[0]!.closed]).toEqual([['before'], 1])
  })

  it('is tried again until it is there, giving up each connection that failed', async () => {
    const { opened, open } = createConnections()
    const subscription = keepSubscribed(() => undefined, open)
    opened[0]!.fail()
    await vi.advanceTimersByTimeAsync(1000)
    opened[1]!.fail()
    await vi.advanceTimersByTimeAsync(1000)
    opened[2]!.succeed()
    await subscription.ready
    expect(opened.map(({ closed }) => closed)).toEqual([1, 1, 0])
  })

  it('is opened once more after it was lost, however often that is said', async () => {
    const { opened, open } = createConnections()
    const heard: string[] = []
    const subscription = keepSubscribed((message) => heard.push(message), open)
    opened[0]!.succeed()
    await subscription.ready
    opened[0]!.lost()
    opened[0]!.lost()
    await vi.advanceTimersByTimeAsync(5000)
    opened[0]!.hear('from the old one')
    opened[1]!.hear('from the new one')
    expect([heard, opened.length]).toEqual([['from the new one'], 2])
  })

  it('is not opened again once it is closed', async () => {
    const { opened, open } = createConnections()
    const subscription = keepSubscribed(() => undefined, open)
    opened[0]!.lost()
    await subscription.close()
    await vi.advanceTimersByTimeAsync(5000)
    await expect(subscription.ready).resolves.toBeUndefined()
    expect(opened).toHaveLength(1)
    opened[0]!.fail()
    await vi.advanceTimersByTimeAsync(5000)
    expect(opened).toHaveLength(1)
  })
})
