// Two web APIs of one registration on a real Redis: what one of them revokes, the other refuses.
import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWebApi, type RevocationOptions, type TokenCacheOptions, type WebApi } from '../../src/index.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { ask, startRedis, type RedisServer } from '../stores/redis-server.ts'
import { untilDone } from '../stores/free-port.ts'
import { alice, bob, ids, middleTierOptions, startScenario, type Scenario } from './scenario.ts'

const keyRing = { current: 'k1', keys: { k1: new Uint8Array(randomBytes(32)) } }
const clients: Redis[] = []
let redis: RedisServer
let scenario: Scenario
let other: WebApi

beforeAll(async () => {
  redis = await startRedis()
  scenario = await startScenario({ tokenCache: sharedCache(), revocations: {} })
  other = createOther({})
})
afterAll(async () => {
  await other.close()
  await scenario.stop()
  for (const client of clients) client.disconnect()
  await redis.stop()
})

function sharedCache(): TokenCacheOptions {
  const client = new Redis(redis.port, '127.0.0.1', { commandTimeout: 60_000, maxRetriesPerRequest: 0 })
  client.on('error', () => undefined)
  clients.push(client)
  return { store: redisStore(client), keyRing, storeTimeoutMs: 60_000 }
}

function createOther(revocations: RevocationOptions): WebApi {
  const options = middleTierOptions(scenario.emulator, 'http://127.0.0.1:9')
  return createWebApi({ ...options, tokenCache: sharedCache(), revocations })
}

async function present(api: WebApi, token: string): Promise<string> {
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' }).then(
    () => 'accepted',
    (error: unknown) => String((error as { reason?: unknown }).reason),
  )
}

describe('a user who is revoked in one process', () => {
  it('is refused by the other at once, with a token that both had accepted, and asked to sign in again', async () => {
    const token = await scenario.token(alice, { capabilities: ['cp1'] })
    expect(await present(other, token)).toBe('accepted')
    expect((await scenario.get('/whoami', token)).status).toBe(200)

    scenario.emulator.clock.advance(2)
    await scenario.api.revocations.revokeUser({ objectId: ids.alice, tenantId: ids.contoso })
    await untilDone(async () => expect(await present(other, token)).toBe('revoked'))
    const refused = await scenario.get('/whoami', token)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_claims"')

    scenario.emulator.clock.advance(2)
    const anew = await scenario.token(alice)
    expect(await present(other, anew)).toBe('accepted')
    expect((await scenario.get('/whoami', anew)).status).toBe(200)
  })

  it('is refused by a process that is started afterwards, and nobody else is', async () => {
    const [hers, his] = [await scenario.token(alice), await scenario.token(bob)]
    scenario.emulator.clock.advance(2)
    await other.revocations.revokeUser({ objectId: ids.alice, tenantId: ids.contoso })
    const late = createOther({})
    expect(await present(late, hers)).toBe('revoked')
    expect(await present(late, his)).toBe('accepted')
    await late.close()
  })

  it('leaves no identifier in Redis', async () => {
    const keys = (await ask(redis.port, 'KEYS', '*')) as string[]
    const values = await Promise.all(keys.map((key) => ask(redis.port, 'GET', key).catch(() => '')))
    expect(keys.length).toBeGreaterThan(0)
    expect(JSON.stringify([keys, values])).not.toContain(ids.alice)
  })
})

describe('a Redis that is gone', () => {
  it('is a 503 for callers of whom nothing is known, unless that is accepted', async () => {
    const trusting = createOther({ whenStoreFails: 'accept' })
    const careful = createOther({})
    await redis.stop()
    const token = await scenario.token(bob)
    expect(await present(careful, token)).toBe('undefined') // a TokenStoreError, which has no reason
    expect(await present(trusting, token)).toBe('accepted')
    await careful.close()
    await trusting.close()
  })
})
