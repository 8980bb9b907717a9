// A subscription in the hands of a test: connections that open, fail, fall silent and are lost.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepSubscribed, type OpenConnection } from '../../src/stores/keep-subscribed.ts'

interface TestConnection {
  readonly hear: (message: string) => void
  readonly lost: () => void
  readonly succeed: () => void
  readonly fail: () => void
  /** Answers the last ping that was not. */
  answer: () => void
  /** Answers pings, while it is set. */
  answers: boolean
  pings: number
  closed: number
}

/** Connections under the control of a test, in the order in which they were opened. */
function createConnections() {
  const opened: TestConnection[] = []
  const open: OpenConnection = (hear, lost) => {
    const { promise, resolve, reject } = createSignal()
    const connection: TestConnection = {
      hear,
      lost,
      succeed: resolve,
      fail: () => reject(new Error('refused')),
      answer: () => undefined,
      answers: true,
      pings: 0,
      closed: 0,
    }
    opened.push(connection)
    return {
      opened: promise,
      ping: () => {
        connection.pings += 1
        return connection.answers
          ? Promise.resolve()
          : new Promise((resolve) => (connection.answer = () => resolve(undefined)))
      },
      close: () => {
        connection.closed += 1
      },
    }
  }
  const heard: string[] = []
  const subscription = keepSubscribed(open)(
    (message) => heard.push(message),
    () => heard.push('begun'),
  )
  return { opened, heard, subscription }
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
    const { opened, heard, subscription } = createConnections()
    opened[0]!.succeed()
    await subscription.ready
    opened[0]!.hear('before')
    await subscription.close()
    opened[0]!.hear('after')
    expect([heard, opened[0]!.closed]).toEqual([['begun', 'before'], 1])
  })

  it('is tried again until it is there, giving up each connection that failed', async () => {
    const { opened, subscription } = createConnections()
    opened[0]!.fail()
    await vi.advanceTimersByTimeAsync(1000)
    opened[1]!.fail()
    await vi.advanceTimersByTimeAsync(1000)
    opened[2]!.succeed()
    await subscription.ready
    expect(opened.map(({ closed }) => closed)).toEqual([1, 1, 0])
  })

  it('is tried again when nobody says whether it is there', async () => {
    const { opened } = createConnections()
    await vi.advanceTimersByTimeAsync(7000)
    expect(opened.map(({ closed }) => closed)).toEqual([1, 0])
  })

  it('is opened once more after it was lost, however often that is said, and says that it began anew', async () => {
    const { opened, heard, subscription } = createConnections()
    opened[0]!.succeed()
    await subscription.ready
    opened[0]!.lost()
    opened[0]!.lost()
    await vi.advanceTimersByTimeAsync(1500)
    opened[0]!.hear('from the old one')
    opened[1]!.succeed()
    await vi.advanceTimersByTimeAsync(0)
    opened[1]!.hear('from the new one')
    expect([heard, opened.length]).toEqual([['begun', 'begun', 'from the new one'], 2])
  })

  it('is opened once more though the lost connection answers yet', async () => {
    const { opened, subscription } = createConnections()
    opened[0]!.answers = false
    opened[0]!.succeed()
    await subscription.ready
    await vi.advanceTimersByTimeAsync(2500)
    expect(opened[0]!.pings).toBe(1)
    opened[0]!.lost()
    opened[0]!.answer()
    await vi.advanceTimersByTimeAsync(1500)
    expect([opened.length, opened[0]!.pings]).toEqual([2, 1])
    await subscription.close()
  })

  it('gives a lost connection up once, and hears nothing more on it', async () => {
    const { opened, heard, subscription } = createConnections()
    opened[0]!.succeed()
    await subscription.ready
    opened[0]!.lost()
    opened[0]!.hear('late')
    opened[0]!.lost()
    expect([heard, opened[0]!.closed]).toEqual([['begun'], 1])
  })

  it('pauses a second before another try, and waits five for a connection', async () => {
    const { opened } = createConnections()
    opened[0]!.fail()
    await vi.advanceTimersByTimeAsync(999)
    expect(opened).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(opened).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(5000)
    expect(opened[1]!.closed).toBe(0)
    await vi.advanceTimersByTimeAsync(1) // one more turn, in which it might still be heard
    expect(opened[1]!.closed).toBe(1)
  })

  it('is asked after two seconds of silence, and given up after two more', async () => {
    const { opened, subscription } = createConnections()
    opened[0]!.answers = false
    opened[0]!.succeed()
    await subscription.ready
    await vi.advanceTimersByTimeAsync(1999)
    expect(opened[0]!.pings).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(opened[0]!.pings).toBe(1)
    await vi.advanceTimersByTimeAsync(2000)
    expect(opened[0]!.closed).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(opened[0]!.closed).toBe(1)
  })

  it('is not opened again once it is closed', async () => {
    const { opened, subscription } = createConnections()
    opened[0]!.lost()
    await subscription.close()
    await vi.advanceTimersByTimeAsync(5000)
    await expect(subscription.ready).resolves.toBeUndefined()
    expect(opened).toHaveLength(1)
    opened[0]!.fail()
    await vi.advanceTimersByTimeAsync(5000)
    expect(opened).toHaveLength(1)
  })

  it('that is quiet is asked for a sign of life, again and again, and stays while it gives one', async () => {
    const { opened, subscription } = createConnections()
    opened[0]!.succeed()
    await subscription.ready
    await vi.advanceTimersByTimeAsync(60_000)
    expect([opened.length, opened[0]!.pings, opened[0]!.closed]).toEqual([1, 30, 0])
  })

  it('on which messages arrive is not asked', async () => {
    const { opened, subscription } = createConnections()
    opened[0]!.succeed()
    await subscription.ready
    for (let second = 0; second < 20; second += 1) {
      opened[0]!.hear('alive')
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(opened[0]!.pings).toBe(0)
  })

  it('that is silent is given up within seconds, and another one says that it began', async () => {
    const { opened, heard, subscription } = createConnections()
    opened[0]!.succeed()
    await subscription.ready
    opened[0]!.answers = false
    await vi.advanceTimersByTimeAsync(5100)
    expect([opened[0]!.closed, opened.length]).toEqual([1, 2])
    opened[1]!.succeed()
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toEqual(['begun', 'begun'])
  })

  it('leaves no timer behind when it is closed', async () => {
    const { opened, subscription } = createConnections()
    opened[0]!.succeed()
    await subscription.ready
    await vi.advanceTimersByTimeAsync(10)
    await subscription.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})
