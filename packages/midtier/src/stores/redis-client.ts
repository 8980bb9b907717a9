// One way to speak to every Redis client: ioredis and @redis/client, a single server and a cluster, told apart by their methods.
import { checkClient } from './check-client.ts'
import { systemRandom } from '../kernel/crypto/random.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import type { Connection } from './keep-subscribed.ts'
import {
  type Hearing,
  type IoredisNode,
  type NodeRedisNode,
  subscribeIoredis,
  subscribeNodeRedis,
} from './redis-subscriber.ts'

/** `Redis` of ioredis 5 and 6; iovalkey is the same. */
export interface IoredisClient extends IoredisNode {
  readonly isCluster: boolean
  call(command: string, args: string[]): Promise<unknown>
}

/** `Cluster` of ioredis 5 and 6; iovalkey is the same. */
export interface IoredisCluster {
  readonly isCluster: boolean
  call(command: string, args: string[]): Promise<unknown>
  nodes(role: 'master'): readonly IoredisNode[]
}

/** The client of `createClient` of @redis/client, which the package `redis` brings too. */
export interface NodeRedisClient extends NodeRedisNode {
  sendCommand(args: readonly string[]): Promise<unknown>
}

/** The cluster of `createCluster` of @redis/client. */
export interface NodeRedisCluster {
  readonly masters: readonly object[]
  sendCommand(firstKey: string | undefined, isReadonly: boolean, args: string[]): Promise<unknown>
  nodeClient(node: never): unknown
}

/** The application's own client. It stays the application's: connected, configured and closed by it. */
export type RedisClient = IoredisClient | IoredisCluster | NodeRedisClient | NodeRedisCluster

/** What a store needs of a client. */
export interface RedisCommands {
  readonly isCluster: boolean
  /** Sends a command to the node that has `firstKey`; `undefined` for a command without a key. */
  send(firstKey: string | undefined, command: string, ...args: string[]): Promise<unknown>
  /** Hears a channel on a connection of its own. */
  subscribe(hearing: Hearing): Connection
}

/** Recognises the client. @throws ConfigurationError for anything else. */
export function redisCommands(client: RedisClient): RedisCommands {
  checkClient(client, 'client', 'a client of ioredis or of @redis/client (redis)')
  if (hasMethod(client, 'call')) return ioredisCommands(client as IoredisClient | IoredisCluster)
  if (hasMethod(client, 'nodeClient')) return clusterCommands(client as NodeRedisCluster)
  if (hasMethod(client, 'sendCommand')) return nodeRedisCommands(client as NodeRedisClient)
  throw new ConfigurationError('client', 'is neither a client of ioredis nor one of @redis/client (redis)')
}

function ioredisCommands(client: IoredisClient | IoredisCluster): RedisCommands {
  const find = (): IoredisNode => ('nodes' in client ? oneOf(client.nodes('master')) : client)
  return {
    isCluster: client.isCluster,
    send: (_firstKey, command, ...args) => client.call(command, args),
    subscribe: (hearing) => subscribeIoredis(find, hearing),
  }
}

function nodeRedisCommands(client: NodeRedisClient): RedisCommands {
  if (!hasMethod(client, 'duplicate'))
    throw new ConfigurationError('client', 'is a pool, which cannot listen: pass a client of createClient')
  return {
    isCluster: false,
    send: (_firstKey, command, ...args) => client.sendCommand([command, ...args]),
    subscribe: (hearing) => subscribeNodeRedis(() => client, hearing),
  }
}

function clusterCommands(client: NodeRedisCluster): RedisCommands {
  const find = async (): Promise<NodeRedisNode> =>
    (await client.nodeClient(oneOf(client.masters) as never)) as NodeRedisNode
  return {
    isCluster: true,
    // Never from a replica, even where the application reads from them: it could still have what was just forgotten.
    send: (firstKey, command, ...args) => client.sendCommand(firstKey, false, [command, ...args]),
    subscribe: (hearing) => subscribeNodeRedis(find, hearing),
  }
}

/** Another one each time, so that a node that is down is passed over. @throws Error while the client knows none. */
function oneOf<Node>(nodes: readonly Node[]): Node {
  const node = nodes[Math.floor(systemRandom() * nodes.length)]
  if (node === undefined) throw new Error('The client knows no node of the cluster yet')
  return node
}

function hasMethod(client: object, name: string): boolean {
  return typeof Reflect.get(client, name) === 'function'
}
