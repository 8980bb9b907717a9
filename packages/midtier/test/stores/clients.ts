// Every Redis client that the store is for, connected to a server or a cluster, and closed afterwards.
import { createClient, createCluster } from '@redis/client'
import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5'
import type { RedisClient } from '../../src/stores/redis.ts'

export interface OpenClient {
  readonly client: RedisClient
  readonly close: () => void
}

type Connect = (ports: readonly number[]) => Promise<OpenClient>

export const singleClients: Readonly<Record<string, Connect>> = {
  'ioredis 5': async ([port]) => {
    const client = new Redis5({ host: '127.0.0.1', port: port! })
    return { client, close: () => client.disconnect() }
  },
  'ioredis 6': async ([port]) => {
    const client = new Redis({ host: '127.0.0.1', port: port! })
    return { client, close: () => client.disconnect() }
  },
  '@redis/client': async ([port]) => {
    const client = createClient({ socket: { host: '127.0.0.1', port: port! } })
    client.on('error', () => undefined)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
}

export const clusterClients: Readonly<Record<string, Connect>> = {
  'a cluster of ioredis 5': async (ports) => {
    const client = new Cluster5(ports.map((port) => ({ host: '127.0.0.1', port })))
    return { client, close: () => client.disconnect() }
  },
  'a cluster of ioredis 6': async (ports) => {
    const client = new Cluster(ports.map((port) => ({ host: '127.0.0.1', port })))
    return { client, close: () => client.disconnect() }
  },
  'a cluster of @redis/client': async (ports) => {
    const rootNodes = ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }))
    const client = createCluster({ rootNodes })
    client.on('error', () => undefined)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
}
