import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisStore } from '../../src/stores/redis.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { clusterClients, type OpenClient } from './clients.ts'
import { describeConformance, keyRing } from './conformance.ts'
import { compareWithModel } from './model.ts'
import { ask, type RedisClusterServers, startRedisCluster } from './redis-server.ts'

let cluster: RedisClusterServers
const open: OpenClient[] = []

beforeAll(async () => {
  cluster = await startRedisCluster()
})

afterAll(async () => {
  for (const { close } of open) close()
  await cluster.stop()
})

describe.each(Object.keys(clusterClients))('over %s', (name) => {
  let store: Required<TokenStore>
  let other: Required<TokenStore>

  beforeAll(async () => {
    const clients = await Promise.all([0, 1].map(() => clusterClients[name]!(cluster.ports)))
    open.push(...clients)
    const prefix = `${name.replaceAll(/\W/g, '-')}:`
    store = redisStore(clients[0]!.client, { prefix })
    other = redisStore(clients[1]!.client, { prefix })
  })

  describeConformance('the Redis store conforms: it', ['lease', 'messages', 'ranks'], () => ({
    store,
    other,
  }))

  describeConformance('the Redis store, sealed, conforms: it', ['lease', 'messages', 'ranks'], () => ({
    store: sealed(store, keyRing),
    other: sealed(other, keyRing),
  }))

  it('behaves as a naive map does, seen by two processes', () => compareWithModel([store, other], 30))

  it('tells the part of a partition by the slot in which Redis has it', async () => {
    for (const partition of ['alice', 'a}b', 'é', '', 'x'.repeat(300)]) {
      const name = `midtier:{${partition.length}:${partition}}list`
      const slot = await ask(cluster.ports[0]!, 'CLUSTER', 'KEYSLOT', name)
      expect(store.faultGroup(partition), partition).toBe(String(Math.floor((slot as number) / 256)))
    }
  })

  it('spreads accounts over the nodes and keeps each together', async () => {
    await Promise.all(cluster.ports.map((port) => ask(port, 'FLUSHALL')))
    for (let account = 0; account < 30; account += 1)
      for (const key of ['a', 'b', 'c']) await store.set({ partition: `account${account}`, key }, 'v', 60_000)
    const held = await Promise.all(
      cluster.ports.map(async (port) => (await ask(port, 'KEYS', '*')) as string[]),
    )
    const accounts = held.map((names) => new Set(names.map((key) => /account\d+/.exec(key)?.[0])))
    for (const onNode of accounts) expect(onNode.size).toBeGreaterThan(0)
    expect(accounts.reduce((sum, onNode) => sum + onNode.size, 0)).toBe(30)
  })
})
