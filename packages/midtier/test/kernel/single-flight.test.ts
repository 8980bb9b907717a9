import { describe, expect, it } from 'vitest'
import { SingleFlight } from '../../src/kernel/single-flight.ts'

function deferred<T>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (reason: Error) => void
} {
  let resolve!: (value: T) => void
  let reject!: (reason: Error) => void
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

describe('single flight', () => {
  it('runs concurrent work of one key once and gives everybody its result', async () => {
    const flights = new SingleFlight<number>()
    const work = deferred<number>()
    let runs = 0
    const start = (): Promise<number> => {
      runs += 1
      return work.promise
    }
    const waiting = Array.from({ length: 200 }, () => flights.run('a', start))
    work.resolve(42)
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([42]))
    expect(runs).toBe(1)
  })

  it('keeps different keys apart', async () => {
    const flights = new SingleFlight<string>()
    expect(await Promise.all([flights.run('a', async () => 'a'), flights.run('b', async () => 'b')])).toEqual(
      ['a', 'b'],
    )
  })

  it('shares a failure with those who waited and tries again for the next call', async () => {
    const flights = new SingleFlight<number>()
    const failing = deferred<number>()
    const waiting = [flights.run('a', () => failing.promise), flights.run('a', () => failing.promise)]
    failing.reject(new Error('down'))
    await expect(Promise.allSettled(waiting)).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ])
    expect(flights.size).toBe(0)
    await expect(flights.run('a', async () => 7)).resolves.toBe(7)
  })

  it('lets one caller give up without stopping the others', async () => {
    const flights = new SingleFlight<number>()
    const work = deferred<number>()
    const impatient = new AbortController()
    const first = flights.run('a', () => work.promise, impatient.signal)
    const second = flights.run('a', () => work.promise)
    impatient.abort(new Error('gave up'))
    await expect(first).rejects.toThrow('gave up')
    work.resolve(1)
    await expect(second).resolves.toBe(1)
  })

  it('does not start work for a caller that has given up already', async () => {
    const flights = new SingleFlight<number>()
    await expect(flights.run('a', async () => 1, AbortSignal.abort(new Error('gone')))).rejects.toThrow(
      'gone',
    )
    expect(flights.size).toBe(0)
  })

  it('rejects with an AbortError when the reason is no error', async () => {
    const flights = new SingleFlight<number>()
    const isAbort = { name: 'AbortError', message: 'The call was aborted' }
    await expect(flights.run('a', async () => 1, AbortSignal.abort('gone'))).rejects.toMatchObject(isAbort)
    const late = new AbortController()
    const waiting = flights.run('a', () => new Promise(() => undefined), late.signal)
    late.abort('gone')
    await expect(waiting).rejects.toMatchObject(isAbort)
  })
})
