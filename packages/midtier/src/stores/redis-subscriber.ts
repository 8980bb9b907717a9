// A connection that hears one channel of Redis; in a cluster to any of its nodes, since each of them carries every message.
import type { Connection } from './keep-subscribed.ts'

/** `Redis` of ioredis. */
export interface IoredisNode {
  duplicate(options: object): IoredisSubscriber
}

interface IoredisSubscriber {
  on(event: 'message', listener: (channel: string, message: string) => void): unknown
  on(event: 'error' | 'close', listener: () => void): unknown
  subscribe(channel: string): Promise<unknown>
  ping(): Promise<unknown>
  disconnect(): void
}

/** The client of @redis/client. */
export interface NodeRedisNode {
  duplicate(options: object): object
}

interface NodeRedisSubscriber {
  readonly isOpen: boolean
  on(event: 'error' | 'end' | 'reconnecting', listener: () => void): unknown
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  ping(): Promise<unknown>
  destroy(): void
}

/** What a subscriber is told. */
export interface Hearing {
  readonly channel: string
  readonly hear: (message: string) => void
  readonly lost: () => void
}

/** Clients are kept from reconnecting by themselves: somebody has to know that messages were missed. */
export function subscribeIoredis(find: () => IoredisNode, { channel, hear, lost }: Hearing): Connection {
  let subscriber: IoredisSubscriber | undefined
  return {
    opened: open(),
    ping: async () => subscriber?.ping(),
    close: () => subscriber?.disconnect(),
  }

  async function open(): Promise<void> {
    const own = find().duplicate({
      lazyConnect: false,
      enableOfflineQueue: true,
      autoResubscribe: false,
      retryStrategy: () => null,
    })
    subscriber = own
    own.on('error', unheard)
    own.on('close', lost)
    own.on('message', (_channel, message) => hear(message))
    await own.subscribe(channel)
  }
}

export function subscribeNodeRedis(
  find: () => NodeRedisNode | Promise<NodeRedisNode>,
  { channel, hear, lost }: Hearing,
): Connection {
  let subscriber: NodeRedisSubscriber | undefined
  const closing = new AbortController()
  return { opened: open(), ping: async () => subscriber?.ping(), close }

  async function open(): Promise<void> {
    const own = (await find()).duplicate({}) as NodeRedisSubscriber
    closing.signal.throwIfAborted()
    subscriber = own
    own.on('error', lost)
    own.on('reconnecting', lost)
    own.on('end', lost)
    await own.connect()
    await own.subscribe(channel, hear)
  }

  function close(): void {
    closing.abort()
    if (subscriber?.isOpen === true) subscriber.destroy() // one that gave up connecting would throw
  }
}

/** Without a listener a client throws or prints; the application's own connection reports the same outage. */
function unheard(): void {
  return undefined
}
