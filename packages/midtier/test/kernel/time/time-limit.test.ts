// A limit that the other side has to keep, and not the event loop of this process.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { withTimeLimit } from '../../../src/kernel/time/time-limit.ts'

const silence = (): Error => new Error('silence')

describe('a time limit', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it('gives what comes in time, and what is thrown', async () => {
    expect(await withTimeLimit(1000, () => 'at once', silence)).toBe('at once')
    await expect(withTimeLimit(1000, () => Promise.reject(new Error('refused')), silence)).rejects.toThrow(
      'refused',
    )
    const thrower = (): never => {
      throw new Error('thrown')
    }
    await expect(withTimeLimit(1000, thrower, silence)).rejects.toThrow('thrown')
  })

  it('ends the waiting for what does not come, and leaves no timer behind', async () => {
    vi.useFakeTimers()
    const outcome = expect(withTimeLimit(500, () => new Promise(() => undefined), silence)).rejects.toThrow(
      'silence',
    )
    await vi.advanceTimersByTimeAsync(499)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(2)
    await outcome
    expect(await withTimeLimit(500, () => 'at once', silence)).toBe('at once')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends it where a platform has no immediate', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    vi.stubGlobal('setImmediate', undefined)
    const outcome = expect(withTimeLimit(500, () => new Promise(() => undefined), silence)).rejects.toThrow(
      'silence',
    )
    await vi.advanceTimersByTimeAsync(502)
    await outcome
  })

  it.each([
    [550, 'gave up'], // a timer is never quite in time
    [551, ''],
    [3000, ''],
  ])('is given once more, and no more, to a process that was stalled until %i', async (atMs, atFirst) => {
    let nowMs = 0
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] })
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    try {
      let outcome = ''
      withTimeLimit(500, () => new Promise(() => undefined), silence).catch(() => (outcome = 'gave up'))
      nowMs = atMs // the timer is due at 500
      await vi.advanceTimersByTimeAsync(502)
      expect(outcome).toBe(atFirst)
      nowMs = 9000
      await vi.advanceTimersByTimeAsync(502)
      expect(outcome).toBe('gave up')
    } finally {
      clock.mockRestore()
    }
  })

  it.each([
    ['was not stalled', 500],
    ['was stalled', 3000],
  ])(
    'is over with a reply in the very last turn: of a process that %s no timer is left',
    async (_how, atMs) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const turns: (() => void)[] = []
      vi.stubGlobal('setImmediate', (callBack: () => void) => turns.push(callBack))
      let nowMs = 0
      vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
      const silenceAtLast = vi.fn(silence)
      let reply: (text: string) => void = () => undefined
      const work = new Promise<string>((resolve) => (reply = resolve))
      const limit = withTimeLimit(500, () => work, silenceAtLast)
      nowMs = atMs
      await vi.advanceTimersByTimeAsync(500)
      reply('answer')
      expect(await limit).toBe('answer')
      expect(turns).toHaveLength(1)
      for (const turn of turns) turn()
      expect([vi.getTimerCount(), silenceAtLast.mock.calls.length]).toEqual([0, 0])
    },
  )

  it('is kept by a reply that lies in the socket when a stalled process comes to itself', async () => {
    const server = await startAnswering()
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    // The limit is 0, so that not even the second chance would help without the turn of the event loop.
    const limit = withTimeLimit(0, () => ask(socket), silence)
    for (let turn = 0; turn < 3; turn += 1) await Promise.resolve() // the question is sent, and no timer has fired
    server.stallUntilAnswered()
    expect(await limit).toBe('answer')
    socket.destroy()
    await server.stop()
  })
})

function ask(socket: Socket): Promise<string> {
  socket.write('question')
  return once(socket, 'data').then(([data]: unknown[]) => String(data))
}

/** Another thread answers; this one can stand still until the answer lies in the socket. */
async function startAnswering() {
  const answered = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads')
     const server = require('node:net').createServer((socket) => {
       socket.on('error', () => undefined)
       socket.on('data', () => socket.write('answer', () => {
         Atomics.store(workerData, 0, 1)
         Atomics.notify(workerData, 0)
       }))
     })
     server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`,
    { eval: true, workerData: answered },
  )
  const [port] = (await once(worker, 'message')) as [number]
  return {
    port,
    stallUntilAnswered: () => void Atomics.wait(answered, 0, 0, 30_000),
    stop: () => worker.terminate(),
  }
}
