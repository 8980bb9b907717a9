// One way to speak to every Redis client: ioredis and @redis/client, a single server and a cluster, told apart by their methods.
import { ConfigurationError } from '../kernel/errors.ts'
import type { Connection } from './keep-subscribed.ts'

/** `Redis` or `Cluster` of ioredis 5 and 6; iovalkey is the same. */
export interface IoredisClient {
  readonly isCluster: boolean
  call(command: string, args: string[]): Promise<unknown>
  duplicate(first?: object, second?: object): IoredisSubscriber
}

interface IoredisSubscriber {
  on(event: 'message', listener: (channel: string, message: string) => void): unknown
  on(event: 'error', listener: () => void): unknown
  subscribe(channel: string): Promise<unknown>
  disconnect(): void
}

/** The client of `createClient` or `createClientPool` of @redis/client, which the package `redis` brings too. */
export interface NodeRedisClient {
  sendCommand(args: readonly string[]): Promise<unknown>
  duplicate(): object
}

/** The cluster of `createCluster` of @redis/client. */
export interface NodeRedisCluster {
  sendCommand(firstKey: string | undefined, isReadonly: boolean, args: string[]): Promise<unknown>
  nodeClient(node: never): unknown
  duplicate(): object
}

interface NodeRedisSubscriber {
  readonly isOpen: boolean
  on(event: 'error', listener: () => void): unknown
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  destroy(): void
}

/** The application's own client. It stays the application's: connected, configured and closed by it. */
export type RedisClient = IoredisClient | NodeRedisClient | NodeRedisCluster

/** What a store needs of a client. */
export interface RedisCommands {
  /** Sends a command to the node that has `firstKey`; `undefined` for a command without a key. */
  send(firstKey: string | undefined, command: string, ...args: string[]): Promise<unknown>
  /** Hears a channel on a connection of its own, which the client restores by itself once it stands. */
  subscribe(channel: string, listener: (message: string) => void): Connection
}

/** Recognises the client. @throws ConfigurationError for anything else. */
export function redisCommands(client: RedisClient): RedisCommands {
  if (hasMethod(client, 'call')) return ioredisCommands(client as IoredisClient)
  if (hasMethod(client, 'nodeClient')) return clusterCommands(client as NodeRedisCluster)
  if (hasMethod(client, 'sendCommand')) return nodeRedisCommands(client as NodeRedisClient)
  throw new ConfigurationError('client', 'is neither a client of ioredis nor one of @redis/client (redis)')
}

function ioredisCommands(client: IoredisClient): RedisCommands {
  return {
    send: (_firstKey, command, ...args) => client.call(command, args),
    subscribe(channel, listener) {
      const own = { enableOfflineQueue: true, autoResubscribe: true }
      const subscriber = client.isCluster ? client.duplicate([], own) : client.duplicate(own)
      subscriber.on('error', unheard)
      subscriber.on('message', (_channel, message) => listener(message))
      return { opened: subscriber.subscribe(channel), close: () => subscriber.disconnect() }
    },
  }
}

function nodeRedisCommands(client: NodeRedisClient): RedisCommands {
  return {
    send: (_firstKey, command, ...args) => client.sendCommand([command, ...args]),
    subscribe: (channel, listener) => subscribeNodeRedis(client, channel, listener),
  }
}

function clusterCommands(client: NodeRedisCluster): RedisCommands {
  return {
    // Never from a replica, even where the application reads from them: it could still have what was just forgotten.
    send: (firstKey, command, ...args) => client.sendCommand(firstKey, false, [command, ...args]),
    subscribe: (channel, listener) => subscribeNodeRedis(client, channel, listener),
  }
}

function subscribeNodeRedis(
  client: NodeRedisClient | NodeRedisCluster,
  channel: string,
  listener: (message: string) => void,
): Connection {
  const subscriber = client.duplicate() as NodeRedisSubscriber
  subscriber.on('error', unheard)
  const opened = subscriber.connect().then(() => subscriber.subscribe(channel, listener))
  return {
    opened,
    close() {
      if (subscriber.isOpen) subscriber.destroy() // one that gave up connecting would throw
    },
  }
}

/** Without a listener a client throws or prints; the application's own connection reports the same outage. */
function unheard(): void {
  return undefined
}

function hasMethod(client: object, name: string): boolean {
  return typeof Reflect.get(client, name) === 'function'
}
