// A cluster of three, one of which is dead: sharing goes on for the slots of the others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSharedStore } from '../../src/acquire/shared-store.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
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

describe('a cluster with one dead node', () => {
  it('is used for the slots of the others by every client, and so are messages', async () => {
    // Time stands still for the breakers: what is left alone once stays so.
    const processes = open.map(({ name, client }) => {
      const store = redisStore(client.client, { prefix: `${name.replaceAll(/\W/g, '-')}:` })
      const clock = new HandClock()
      clock.ms = Date.now()
      const limited = createSharedStore(sealed(store, single), { timeoutMs: 500 }, { clock, random: () => 0 })
      return { name, store, limited }
    })
    const accounts = Array.from({ length: 60 }, (_, index) => ({
      partition: `account ${index}`,
      key: `of ${index}`,
    }))
    for (const { limited } of processes)
      for (const slot of accounts) await limited.set(slot, `value of ${slot.key}`, 3_600_000, 'needed')

    await ask(cluster.ports[2]!, 'SHUTDOWN', 'NOSAVE').catch(() => undefined)

    for (const { name, limited } of processes) {
      const outcomes = new Map<string, number>()
      for (let round = 0; round < 2; round += 1)
        for (const slot of accounts) {
          const outcome = await limited.get(slot).then(
            (text) => (text === `value of ${slot.key}` ? 'found' : 'lost'),
            () => 'failed',
          )
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        }
      // About a third is on the dead node; the share is by chance of the names alone, which are the same in every run.
      expect([name, outcomes.get('lost')]).toEqual([name, undefined])
      expect(outcomes.get('found')).toBeGreaterThanOrEqual(2 * 30)
      expect(outcomes.get('failed')).toBeGreaterThan(2 * 8)
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
