// A cluster of three, one of which is dead: sharing goes on for the slots of the others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSharedStore } from '../../src/acquire/shared/shared-store.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { entryName } from '../../src/stores/redis-keys.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { Slot } from '../../src/token-cache/store.ts'
import { HandClock } from '../acquire/scenario.ts'
import { clusterClients, type OpenClient } from './clients.ts'
import { keyRing } from './conformance.ts'
import { untilDone } from './free-port.ts'
import { ask, type RedisClusterServers, startRedisCluster } from './redis-server.ts'

let cluster: RedisClusterServers
const open: { readonly name: string; readonly client: OpenClient }[] = []
const single = { current: 'k1', keys: { k1: keyRing.keys['k1']! } }

beforeAll(async () => {
  cluster = await startRedisCluster()
  for (const port of cluster.ports) await ask(port, 'CONFIG', 'SET', 'cluster-require-full-coverage', 'no')
  for (const [name, connect] of Object.entries(clusterClients))
    open.push({ name, client: await connect(cluster.ports) })
})
afterAll(async () => {
  for (const { client } of open) client.close()
  await cluster.stop()
})

/** On the node that dies, on another, or so near to its slots that they may be left alone together with them. */
type Side = 'alive' | 'dead' | 'beside'

async function sideOf(slot: Slot): Promise<Side> {
  const number = Number(await ask(cluster.ports[0]!, 'CLUSTER', 'KEYSLOT', entryName('', slot)))
  if (number >= 10_923) return 'dead'
  return number >= 10_923 - 256 ? 'beside' : 'alive'
}

describe('a cluster with one dead node', () => {
  it('is used for the slots of the others by every client, and so are messages', async () => {
    // Time stands still for the breakers: what is left alone once stays so.
    const processes = open.map(({ name, client }) => {
      const store = redisStore(client.client, { prefix: `${name.replaceAll(/\W/g, '-')}:` })
      const clock = new HandClock()
      clock.ms = Date.now()
      const place: { last?: Slot } = {}
      const watched: typeof store = {
        ...store,
        set: (slot, text, ttlMs) => store.set((place.last = slot), text, ttlMs),
      }
      const ports = { clock, random: () => 0 }
      const limited = createSharedStore(sealed(watched, single), { timeoutMs: 1000 }, ports)
      return { name, store, limited, place }
    })
    const accounts = Array.from({ length: 30 }, (_, index) => ({
      partition: `account ${index}`,
      key: `of ${index}`,
    }))
    const sides = new Map<string, Side>()
    for (const { limited, place } of processes)
      for (const slot of accounts) {
        await limited.set(slot, `value of ${slot.key}`, 3_600_000, 'needed')
        sides.set(slot.key, await sideOf(place.last!))
      }
    const count = (side: Side): number => [...sides.values()].filter((each) => each === side).length
    expect([count('alive') > 12, count('dead') > 5, count('beside') < 5]).toEqual([true, true, true])

    await ask(cluster.ports[2]!, 'SHUTDOWN', 'NOSAVE').catch(() => undefined)

    for (const { name, limited } of processes) {
      const outcomes: Record<string, number> = {}
      for (let round = 0; round < 2; round += 1)
        for (const slot of accounts) {
          const outcome = await limited.get(slot).then(
            (text) => (text === `value of ${slot.key}` ? 'found' : 'lost'),
            () => 'failed',
          )
          const side = sides.get(slot.key)
          if (side !== 'beside') outcomes[`${side} ${outcome}`] = (outcomes[`${side} ${outcome}`] ?? 0) + 1
        }
      const each = { 'alive found': 2 * count('alive'), 'dead failed': 2 * count('dead') }
      expect({ name, ...outcomes }).toEqual({ name, ...each })
    }

    for (const { store } of processes) {
      const heard: string[] = []
      const subscription = store.subscribe((message) => heard.push(message))
      await subscription.ready
      await untilDone(async () => {
        await Promise.resolve(store.publish('still here')).catch(() => undefined)
        expect(heard).toContain('still here')
      })
      await subscription.close()
    }
  }, 180_000)
})
