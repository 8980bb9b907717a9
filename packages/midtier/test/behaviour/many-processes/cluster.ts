// Four processes of one middle tier, the Redis that they share behind a proxy, and what is around them: authority, users, downstream API.
import { randomBytes } from 'node:crypto'
import { createEmulator, defaultDirectory, type Emulator } from '@midtier/emulator'
import { startRedis, type RedisServer } from '../../stores/redis-server.ts'
import { ids } from '../scenario.ts'
import { agents, describeIssued } from './agents.ts'
import { startComparingApi, type ComparingApi } from './downstream-api.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { startWorker, type WorkerCounts, type WorkerProcess } from './worker-process.ts'

export const userCount = 1000
export const processCount = 4

export interface Cluster {
  readonly workers: readonly WorkerProcess[]
  readonly downstream: ComparingApi
  readonly proxy: FaultProxy
  /** Processes that were started so far. */
  readonly starts: number
  /** A new token of a user by number, as another device would get it. */
  token(user: number): Promise<string>
  /** On-behalf-of requests that the authority answered so far. The emulator remembers 1000: ask more often than that. */
  exchanges(): number
  /** What the authority issued since this was asked last, in a few words each; the emulator remembers 1000. */
  issued(): readonly string[]
  /** What all processes counted; of a killed one, what it had counted shortly before. */
  counts(): Promise<WorkerCounts>
  /** Kills a process and starts another one in its place. */
  replaceWorker(index: number): Promise<void>
  killRedis(): Promise<void>
  /** Starts Redis again on its port, empty. */
  restartRedis(): Promise<void>
  stop(): Promise<void>
}

export function userId(user: number): string {
  return `d0000000-0000-4000-8000-${user.toString(16).padStart(12, '0')}`
}

/** Whose processes they are. */
interface Registration {
  readonly clientId: string
  readonly secret: string
  readonly scope: string
}

const middleTier: Registration = {
  clientId: ids.middleTier,
  secret: 'middle-tier-secret-for-local-use-only',
  scope: 'access_as_user',
}

/** Agents act by its processes. */
export const blueprint: Registration = {
  clientId: 'a0000000-0000-4000-8000-000000000006',
  secret: 'blueprint-secret-for-local-use-only',
  scope: 'access_agent',
}

/** Starts everything. A store that takes longer than `storeTimeoutMs` counts as a miss. */
export async function startCluster(storeTimeoutMs: number, as = middleTier): Promise<Cluster> {
  const directory = { ...defaultDirectory, ...agents, users: [...users(), ...agents.users] }
  const emulator = await createEmulator({ directory })
  const downstream = await startComparingApi(ids.todoApi)
  let redis = await startRedis()
  const proxy = await startFaultProxy(redis.port)
  const settings = workerSettings(emulator, as, downstream.url, proxy.port, storeTimeoutMs)
  const workers = await Promise.all(Array.from({ length: processCount }, () => startWorker(settings)))
  const ofTheDead: WorkerCounts[] = []
  let starts = processCount
  let exchanges = 0

  return {
    workers,
    downstream,
    proxy,
    get starts() {
      return starts
    },
    token: (user) =>
      emulator.mint({
        user: userId(user),
        client: ids.webClient,
        audience: as.clientId,
        scopes: [as.scope],
      }),
    exchanges() {
      exchanges += emulator.requests.list({ grantType: onBehalfOf }).length
      emulator.requests.clear()
      return exchanges
    },
    issued() {
      const records = emulator.requests.list({ endpoint: 'token' })
      emulator.requests.clear()
      return records.map(describeIssued)
    },
    counts: async () => sum([...ofTheDead, ...(await Promise.all(workers.map((each) => each.counts())))]),
    async replaceWorker(index) {
      ofTheDead.push(await workers[index]!.counts())
      await workers[index]!.kill()
      workers[index] = await startWorker(settings)
      starts += 1
    },
    killRedis: () => redis.stop(),
    async restartRedis() {
      redis = await startRedis([], redis.port)
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.kill()))
      await Promise.all([proxy.stop(), downstream.stop(), emulator.stop(), stopRedis(redis)])
    },
  }
}

const onBehalfOf = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

async function stopRedis(redis: RedisServer): Promise<void> {
  await redis.stop()
}

function users(): typeof defaultDirectory.users {
  return Array.from({ length: userCount }, (_, user) => ({
    id: userId(user),
    tenantId: ids.contoso,
    username: `user${user}@contoso.onmicrosoft.com`,
    password: 'Passw0rd!',
    displayName: `User ${user}`,
  }))
}

function workerSettings(
  emulator: Emulator,
  { clientId, secret, scope }: Registration,
  downstreamUrl: string,
  redisPort: number,
  storeTimeoutMs: number,
): object {
  const todolist = { baseUrl: `${downstreamUrl}/api/`, scopes: [`api://${ids.todoApi}/.default`] }
  return {
    api: {
      tenantId: ids.contoso,
      clientId,
      instance: emulator.origin,
      downstreamApis: { todolist },
      // A busy machine is no outage of the authority.
      tokenRequestTimeoutMs: 120_000,
      signingKeys: { timeoutMs: 60_000 },
      resilience: { retryBudgetMs: 120_000 },
    },
    clientSecret: secret,
    scope,
    keyRing: { current: 'k1', keys: { k1: new Uint8Array(randomBytes(32)) } },
    redisPort,
    storeTimeoutMs,
  }
}

function sum(counts: readonly WorkerCounts[]): WorkerCounts {
  const total = (name: keyof WorkerCounts): number => counts.reduce((so, each) => so + each[name], 0)
  return {
    l1: total('l1'),
    l2: total('l2'),
    authority: total('authority'),
    storeFailures: total('storeFailures'),
  }
}
