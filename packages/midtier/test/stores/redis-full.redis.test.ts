// A Redis that is full under `noeviction`, the policy that loses nothing: what it holds still serves.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createSharedStore } from '../../src/acquire/shared/shared-store.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import { HandClock } from '../acquire/scenario.ts'
import { type OpenClient, singleClients } from './clients.ts'
import { keyRing } from './conformance.ts'
import { ask, type RedisServer, startRedis } from './redis-server.ts'

let redis: RedisServer
const open: OpenClient[] = []

beforeAll(async () => {
  redis = await startRedis(['--maxmemory-policy', 'noeviction'])
})
afterEach(async () => {
  await ask(redis.port, 'CONFIG', 'SET', 'min-replicas-to-write', '0')
})
afterAll(async () => {
  for (const { close } of open) close()
  await redis.stop()
})

it.each(Object.keys(singleClients))(
  'a full Redis is read, and written to once it has room: %s',
  async (name) => {
    const connected = await singleClients[name]!([redis.port])
    open.push(connected)
    const clock = new HandClock()
    clock.ms = Date.now()
    const limits = [{ timeoutMs: 60_000 }, { clock, random: () => 0 }] as const
    const prefix = `${name.replaceAll(/\W/g, '-')}:`
    const store = createSharedStore(sealed(redisStore(connected.client, { prefix }), keyRing), ...limits)
    const slot = { partition: 'alice', key: 'graph' }
    await store.set(slot, 'her token', 3_600_000)

    await ask(redis.port, 'CONFIG', 'SET', 'maxmemory', '1')
    for (let user = 0; user < 10; user += 1)
      await expect(store.set({ partition: `user ${user}`, key: 'graph' }, 'text', 1000)).rejects.toThrow()
    await expect(store.lease!(slot, 1000)).rejects.toThrow('left alone')
    expect(store.health()).toMatchObject({
      failing: true,
      lastFailure: expect.stringContaining('OOM') as unknown,
    })
    expect(await store.get(slot)).toBe('her token')

    await ask(redis.port, 'CONFIG', 'SET', 'maxmemory', '0')
    clock.ms += 3000
    await store.set(slot, 'another one', 3_600_000)
    expect(await store.get(slot)).toBe('another one')
    expect(store.health().failing).toBe(false)
  },
)

it.each(Object.keys(singleClients))(
  'a Redis that refuses to delete as well, as a replica does, is read: %s',
  async (name) => {
    const connected = await singleClients[name]!([redis.port])
    open.push(connected)
    const clock = new HandClock()
    const prefix = `${name.replaceAll(/\W/g, '-')}-refusing:`
    const limits = [{ timeoutMs: 60_000 }, { clock, random: () => 0 }] as const
    const store = createSharedStore(sealed(redisStore(connected.client, { prefix }), keyRing), ...limits)
    const slot = { partition: 'alice', key: 'graph' }
    clock.ms = Date.now()
    await store.set(slot, 'her token', 3_600_000)
    const users = Array.from({ length: 10 }, (_, user) => `user ${user}`)
    for (const partition of users) await store.set({ partition, key: 'graph' }, 'text', 3_600_000)

    await ask(redis.port, 'CONFIG', 'SET', 'min-replicas-to-write', '1')
    for (const partition of users)
      await expect(store.deletePartition(partition)).rejects.toThrow('NOREPLICAS')
    expect(await store.get(slot)).toBe('her token')
    expect(store.health().failing).toBe(true)

    await ask(redis.port, 'CONFIG', 'SET', 'min-replicas-to-write', '0')
    await store.deletePartition('user 0')
    expect(store.health().failing).toBe(false)
  },
)
