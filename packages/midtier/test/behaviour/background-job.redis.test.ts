import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  AcquisitionError,
  ConfigurationError,
  createWebApi,
  InteractionRequiredError,
  TokenStoreError,
  type WebApi,
} from '../../src/index.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { startRedis, type RedisServer } from '../stores/redis-server.ts'
import { alice, ids, middleTierOptions, startScenario, type Scenario } from './scenario.ts'

const todoScope = `api://${ids.todoApi}/.default`
const keyRing = { current: 'k1', keys: { k1: new Uint8Array(randomBytes(32)) } }

let redis: RedisServer
let scenario: Scenario
const clients: Redis[] = []

beforeAll(async () => {
  redis = await startRedis()
  scenario = await startScenario()
})
afterAll(async () => {
  for (const client of clients) client.disconnect()
  await scenario.stop()
  await redis.stop()
})

/** A process of the middle tier: it shares the Redis with the others and nothing else. */
function startProcess(port = redis.port): WebApi {
  const client = new Redis(port, '127.0.0.1', {
    commandTimeout: 60_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined)
  clients.push(client)
  return createWebApi({
    ...middleTierOptions(scenario.emulator, 'http://127.0.0.1:9'),
    tokenCache: { store: redisStore(client), keyRing, storeTimeoutMs: 60_000 },
    longRunning: {},
  })
}

async function startJob(api: WebApi): Promise<string> {
  const token = await scenario.token(alice)
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  const caller = await api.authenticate({ header, method: 'POST', url: '/jobs' })
  return api.longRunning.start(caller, { scopes: [todoScope] })
}

const oidOf = (accessToken: string): unknown =>
  (JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as { oid: unknown }).oid

describe('a job that outlives the token it began with', () => {
  it('finishes hours later, in another process, after a restart', async () => {
    const web = startProcess()
    const sessionKey = await startJob(web)
    await web.close()
    scenario.emulator.clock.advance(5 * 3600)
    const worker = startProcess()
    const token = await worker.longRunning.acquire(sessionKey)
    expect(token.origin).toBe('authority')
    expect(oidOf(token.accessToken)).toBe(ids.alice)
    expect((await worker.longRunning.acquire(sessionKey)).origin).toBe('l1')
    await worker.close()
  })

  it('is over once it was stopped: the session is unknown then', async () => {
    const api = startProcess()
    const sessionKey = await startJob(api)
    expect(await api.longRunning.stop(sessionKey)).toBe(true)
    expect(await api.longRunning.stop(sessionKey)).toBe(false)
    await expect(startProcess().longRunning.acquire(sessionKey)).rejects.toMatchObject({
      name: AcquisitionError.name,
      reason: 'session_unknown',
    })
  })

  it('is told apart when its user was revoked: somebody has to sign in', async () => {
    const api = startProcess()
    const sessionKey = await startJob(api)
    scenario.emulator.clock.advance(7200)
    scenario.emulator.directory.revokeSessions(
      scenario.emulator.directory.findUser(alice)!,
      scenario.emulator.clock.now(),
    )
    const failure: unknown = await api.longRunning.acquire(sessionKey).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InteractionRequiredError)
    expect(failure).toMatchObject({ reason: 'sign_in_required' })
  })

  it('is told apart when the store is down: the session may well be there', async () => {
    const failure: unknown = await startProcess(1)
      .longRunning.acquire('x'.repeat(43))
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TokenStoreError)
  })
})

describe('long-running sessions', () => {
  it('are refused at start-up without a shared store', () => {
    const options = middleTierOptions(scenario.emulator, 'http://127.0.0.1:9')
    expect(() => createWebApi({ ...options, longRunning: {} })).toThrow(ConfigurationError)
  })

  it('say how they are switched on', async () => {
    await expect(scenario.api.longRunning.acquire('x')).rejects.toThrow('longRunning: {}')
  })
})
