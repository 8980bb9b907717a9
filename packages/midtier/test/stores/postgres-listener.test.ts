// Connections that listen, out of a pool in the hands of a test: asked for once, given up for good, and heard.
import { describe, expect, it } from 'vitest'
import { listenOn, type PostgresConnection } from '../../src/stores/postgres-listener.ts'

function createPool() {
  const waiting: {
    readonly give: (connection: PostgresConnection) => void
    readonly fail: (error: Error) => void
  }[] = []
  const connect = (): Promise<PostgresConnection> => new Promise((give, fail) => waiting.push({ give, fail }))
  return { waiting, open: listenOn(connect, 'channel') }
}

function createConnection() {
  const listeners: Record<string, (given: { readonly payload?: string | undefined }) => void> = {}
  const log: unknown[] = []
  const connection: PostgresConnection = {
    query: async (text) => void log.push(text),
    on: (event: string, listener: (given: { readonly payload?: string | undefined }) => void) => {
      listeners[event] = listener
    },
    release: (destroy) => void log.push(['release', destroy]),
  }
  return { connection, listeners, log }
}

describe('a connection that listens', () => {
  it('is had by whoever asked last, though whoever asked first gives up', async () => {
    const { waiting, open } = createPool()
    const nothing = (): void => undefined
    const [first, second] = [open(nothing, nothing), open(nothing, nothing)]
    await first.close()
    const { connection, log } = createConnection()
    waiting[0]?.give(connection)
    await second.opened
    expect([waiting.length, log]).toEqual([1, ['LISTEN "channel"']])
  })

  it('hears what arrives, and says when none arrives any more', async () => {
    const { waiting, open } = createPool()
    const heard: unknown[] = []
    const own = open(
      (message) => heard.push(message),
      () => heard.push('lost'),
    )
    const { connection, listeners, log } = createConnection()
    waiting[0]?.give(connection)
    await own.opened
    await own.ping()
    expect(log).toEqual(['LISTEN "channel"', 'SELECT 1'])
    listeners['notification']?.({ payload: 'a' })
    listeners['notification']?.({})
    listeners['error']?.({})
    listeners['end']?.({})
    expect(heard).toEqual(['a', '', 'lost', 'lost'])
  })

  it('is closed, and not given back to the pool', async () => {
    const { waiting, open } = createPool()
    const own = open(
      () => undefined,
      () => undefined,
    )
    const { connection, log } = createConnection()
    waiting[0]?.give(connection)
    await own.opened
    await own.close()
    await own.close()
    await own.ping()
    expect(log).toEqual(['LISTEN "channel"', ['release', true]])
  })
})

describe('a pool that has no connection to give', () => {
  const nothing = (): void => undefined

  it('is asked once, and the last who wants one has it', async () => {
    const { waiting, open } = createPool()
    const first = open(nothing, nothing)
    await first.close()
    const second = open(nothing, nothing)
    expect(waiting).toHaveLength(1)
    const { connection, log } = createConnection()
    waiting[0]?.give(connection)
    await second.opened
    expect(log).toEqual(['LISTEN "channel"'])
    const third = open(nothing, nothing)
    expect(waiting).toHaveLength(2)
    await third.close()
  })

  it('gives one too late, and it is closed', async () => {
    const { waiting, open } = createPool()
    await open(nothing, nothing).close()
    const { connection, log } = createConnection()
    waiting[0]?.give(connection)
    await expect.poll(() => log).toEqual([['release', true]])
  })

  it('that refuses is said so to who waits, and is asked again by the next', async () => {
    const { waiting, open } = createPool()
    const { opened } = open(nothing, nothing)
    waiting[0]?.fail(new Error('no more connections'))
    await expect(opened).rejects.toThrow('no more connections')
    void open(nothing, nothing)
    expect(waiting).toHaveLength(2)
  })
})
