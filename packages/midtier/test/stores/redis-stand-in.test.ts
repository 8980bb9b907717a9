// What a store asks of a Redis client, and how it takes what a client may answer or lose: clients in the hands of a test.
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { redisStore } from '../../src/stores/redis.ts'

const slot = { partition: 'p', key: 'k' }

type Reply = (args: readonly string[]) => unknown

/** A client of @redis/client that notes what it is asked. */
function createStandIn(reply: Reply = () => null) {
  const asked: (readonly string[])[] = []
  const client = {
    sendCommand: (args: readonly string[]) => {
      asked.push(args)
      return Promise.resolve(reply(args))
    },
    duplicate: () => ({}),
  }
  return { asked, store: redisStore(client) }
}

describe('a store over a Redis that answers as it should not', () => {
  it('gives up deleting what is written faster, after a thousand pages', async () => {
    const { asked, store } = createStandIn(([command]) => (command === 'ZRANGE' ? ['k'] : null))
    await expect(Promise.resolve(store.deletePartition('p'))).rejects.toMatchObject({
      code: 'token_store_failed',
    })
    expect(asked.filter(([command]) => command === 'ZRANGE')).toHaveLength(1000)
  })

  it.each([[null], [undefined], [false]])('takes %s for no entry', async (nothing) => {
    expect(await createStandIn(() => nothing).store.get(slot)).toBeUndefined()
  })

  it('reads bytes as the text that they are', async () => {
    expect(await createStandIn(() => Buffer.from('é')).store.get(slot)).toBe('é')
  })

  it.each([[5], [true], [['v']]])('refuses %j as an entry', async (reply) => {
    await expect(Promise.resolve(createStandIn(() => reply).store.get(slot))).rejects.toMatchObject({
      code: 'token_store_failed',
    })
  })

  it.each([[null], [undefined]])('takes %s for a lease that somebody else has', async (nothing) => {
    expect(await createStandIn(() => nothing).store.lease(slot, 1000)).toBeUndefined()
  })
})

describe('a time to live of less than a millisecond', () => {
  it.each([
    [0.9, 'DEL'],
    [-1, 'DEL'],
    [1, 'EVAL'],
    [1.9, 'EVAL'],
  ])('%d: an entry is for %s', async (ttlMs, command) => {
    const { asked, store } = createStandIn()
    await store.set(slot, 'v', ttlMs)
    expect(asked.map(([name]) => name)).toEqual([command])
  })

  it('is one for a lease and for what is ranked, since Redis takes no other', async () => {
    const { asked, store } = createStandIn()
    await store.lease(slot, 0.5)
    await store.setIfGreater(slot, 1, 'v', 0.5)
    await store.lease(slot, 2.5)
    expect(asked.map((args) => args.at(args[0] === 'SET' ? -1 : -3))).toEqual(['1', '1', '2'])
  })
})

interface Subscriber extends EventEmitter {
  answersPings: boolean
  closed: number
  say(message: string): void
}

/** A connection that both libraries would take for one of theirs. */
function createSubscriber(): Subscriber {
  let hear: ((message: string) => void) | undefined
  const subscriber = Object.assign(new EventEmitter(), {
    isOpen: true,
    answersPings: true,
    closed: 0,
    connect: () => Promise.resolve(),
    subscribe: (_channel: string, listener?: (message: string) => void) => {
      hear = listener
      return Promise.resolve()
    },
    ping: () => (subscriber.answersPings ? Promise.resolve('PONG') : new Promise(() => undefined)),
    destroy: () => (subscriber.closed += 1),
    disconnect: () => (subscriber.closed += 1),
    say(message: string) {
      hear?.(message)
      subscriber.emit('message', 'midtier:messages', message)
    },
  })
  return subscriber
}

const libraries = {
  ioredis: { call: () => Promise.resolve(null), isCluster: false },
  '@redis/client': { sendCommand: () => Promise.resolve(null) },
}

/** A subscription over one of the libraries, and its connections in the order in which they were opened. */
function subscribeOver(members: object) {
  const opened: Subscriber[] = []
  const given: object[] = []
  const duplicate = (options: object): object => {
    given.push(options)
    const subscriber = createSubscriber()
    opened.push(subscriber)
    return subscriber
  }
  const heard: string[] = []
  const subscription = redisStore({ ...members, duplicate } as never).subscribe((message) => {
    heard.push(message)
  })
  return { opened, given, heard, subscription }
}

describe('a connection that listens', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ['ioredis', 'close'],
    ['@redis/client', 'end'],
    ['@redis/client', 'reconnecting'],
    ['@redis/client', 'error'],
  ] as const)('of %s is replaced after its event %s', async (name, event) => {
    const { opened, heard, subscription } = subscribeOver(libraries[name])
    await subscription.ready
    opened[0]!.say('one')
    opened[0]!.emit(event, new Error('lost'))
    await vi.advanceTimersByTimeAsync(1000)
    expect([opened.length, opened[0]!.closed]).toEqual([2, 1])
    opened[1]!.say('two')
    expect(heard).toEqual(['one', 'two'])
    await subscription.close()
    expect(opened[1]!.closed).toBe(1)
  })

  it('of ioredis lives through an error, which its owner hears of', async () => {
    const { opened, subscription } = subscribeOver(libraries.ioredis)
    await subscription.ready
    opened[0]!.emit('error', new Error('lost'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(opened).toHaveLength(1)
    await subscription.close()
  })

  it.each(Object.entries(libraries))(
    'of %s is replaced when it no longer answers',
    async (_name, members) => {
      const { opened, subscription } = subscribeOver(members)
      await subscription.ready
      opened[0]!.answersPings = false
      await vi.advanceTimersByTimeAsync(5100)
      expect(opened).toHaveLength(2)
      await subscription.close()
    },
  )

  it('of ioredis connects at once, waits until it can send, and does not mend itself', () => {
    const [options] = subscribeOver(libraries.ioredis).given as [Record<string, unknown>]
    expect(options).toEqual({
      lazyConnect: false,
      enableOfflineQueue: true,
      autoResubscribe: false,
      retryStrategy: expect.any(Function) as unknown,
    })
    expect((options['retryStrategy'] as () => unknown)()).toBeNull()
  })

  it('of a cluster is not opened when it was closed before its node was found', async () => {
    let opened = 0
    const node = {
      duplicate: () => ({ ...createSubscriber(), connect: () => Promise.resolve((opened += 1)) }),
    }
    let found: (node: object) => void = () => undefined
    const cluster = {
      masters: [{}],
      sendCommand: () => Promise.resolve(null),
      nodeClient: () => new Promise((resolve) => (found = resolve)),
    }
    const subscription = redisStore(cluster).subscribe(() => undefined)
    await subscription.close()
    found(node)
    await vi.advanceTimersByTimeAsync(0)
    expect(opened).toBe(0)
  })

  it('that is closed already is not closed again, which would throw', async () => {
    const { opened, subscription } = subscribeOver(libraries['@redis/client'])
    await subscription.ready
    Object.assign(opened[0]!, { isOpen: false })
    await subscription.close()
    expect(opened[0]!.closed).toBe(0)
  })
})
