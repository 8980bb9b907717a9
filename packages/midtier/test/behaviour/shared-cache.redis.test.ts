import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TokenCacheOptions } from '../../src/index.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { startRedis, type RedisServer } from '../stores/redis-server.ts'
import { alice, bob, ids, middleTierOptions, startScenario, type Scenario } from './scenario.ts'
import { createWebApi, type ObservedEvent, type WebApi } from '../../src/index.ts'

let redis: RedisServer
const clients: Redis[] = []
const keyRing = { current: 'k1', keys: { k1: new Uint8Array(randomBytes(32)) } }

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  for (const client of clients) client.disconnect()
  await redis.stop()
})

function sharedCache(): TokenCacheOptions {
  const client = new Redis(redis.port, '127.0.0.1', { commandTimeout: 60_000, maxRetriesPerRequest: 0 })
  client.on('error', () => undefined)
  clients.push(client)
  return { store: redisStore(client), keyRing, storeTimeoutMs: 60_000 }
}

describe('two processes that share a Redis', () => {
  let scenario: Scenario
  let other: WebApi
  let events: ObservedEvent[]

  beforeEach(async () => {
    scenario = await startScenario({ tokenCache: sharedCache() })
    events = []
    other = createWebApi({
      ...middleTierOptions(scenario.emulator, 'http://127.0.0.1:9'),
      tokenCache: sharedCache(),
      observer: (event) => events.push(event),
    })
  })
  afterEach(() => scenario.stop())

  async function acquireAtTheOther(token: string): Promise<string> {
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${token}` : undefined
    const caller = await other.authenticate({ header, method: 'GET', url: '/' })
    return (await caller.acquireToken({ scopes: [`api://${ids.todoApi}/.default`] })).origin
  }

  it('exchange once: the second process finds what the first one acquired, and then has it itself', async () => {
    const token = await scenario.token()
    expect((await scenario.get('/whoami', token)).status).toBe(200)
    expect(await acquireAtTheOther(token)).toBe('l2')
    expect(await acquireAtTheOther(token)).toBe('l1')
    expect(events.filter(({ type }) => type === 'token_requested')).toHaveLength(0)
  })

  it("never find another user's token", async () => {
    await scenario.get('/whoami', await scenario.token(alice))
    expect(await acquireAtTheOther(await scenario.token(bob))).toBe('authority')
  })
})
