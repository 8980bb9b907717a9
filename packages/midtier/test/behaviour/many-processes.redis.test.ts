// Many users over many processes: nobody gets another one's token, and no outage of the shared cache or of a process is an outage.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilDone } from '../stores/free-port.ts'
import { processCount, startCluster, userCount, userId, type Cluster } from './many-processes/cluster.ts'
import { sendTraffic, type Schedule } from './many-processes/traffic.ts'
import type { WorkerAnswer } from './many-processes/worker-process.ts'

const limitMs = 900_000
let cluster: Cluster

function ask(worker: number, user: number, token: string): Promise<WorkerAnswer> {
  return cluster.workers[worker % processCount]!.get(`/whoami/${userId(user)}`, token)
}

describe('four processes that share a Redis', () => {
  beforeAll(async () => {
    cluster = await startCluster(60_000)
  }, limitMs)
  afterAll(() => cluster.stop())

  it(
    'exchange once when two hundred requests of one user meet a cold cache',
    { timeout: limitMs },
    async () => {
      const token = await cluster.token(1)
      const before = cluster.exchanges()
      const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => ask(index, 1, token)))
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(
        new Set([`200 {"oid":"${userId(1)}"}`]),
      )
      expect(cluster.exchanges() - before).toBe(1)
    },
  )

  it("keep the tokens of a user's two devices side by side", { timeout: limitMs }, async () => {
    const devices = [await cluster.token(2), await cluster.token(2)]
    expect(devices[0]).not.toBe(devices[1])
    const [exchanges, before] = [cluster.exchanges(), await cluster.counts()]
    for (let index = 0; index < 40; index += 1)
      expect(await ask(Math.floor(index / 2), 2, devices[index % 2]!)).toMatchObject({ status: 200 })
    const after = await cluster.counts()
    expect(cluster.exchanges() - exchanges).toBe(2)
    // Each device is new to each process once: to the first of them it costs an exchange, to the others a look into Redis.
    expect(after.l2 - before.l2).toBe(2 * (processCount - 1))
    expect(after.l1 - before.l1).toBe(40 - 2 * processCount)
  })
})

describe('a thousand users over four processes', () => {
  // Enough for every fault to strike; MANY_PROCESSES_REQUESTS=100000 sends more.
  const total = Number(process.env['MANY_PROCESSES_REQUESTS'] ?? 10_000)

  beforeAll(async () => {
    cluster = await startCluster(250)
  }, limitMs)
  afterAll(() => cluster.stop())

  /** Processes are replaced in good and in bad weather, so that caches are cold while Redis is slow, silent, gone and empty. */
  function faults(): Schedule {
    const { proxy } = cluster
    const replace = (worker: number) => () => cluster.replaceWorker(worker)
    const percents: readonly (readonly [number, () => Promise<void>])[] = [
      [10, async () => proxy.set({ kind: 'delay', delayMs: 300 })],
      [12, replace(0)],
      [20, async () => proxy.set({ kind: 'pass' })],
      [24, replace(1)],
      [30, async () => proxy.set({ kind: 'drop' })],
      [32, replace(2)],
      [40, async () => proxy.set({ kind: 'pass' })],
      [44, () => cluster.killRedis()],
      [46, replace(3)],
      [54, () => cluster.restartRedis()],
      ...[0, 1, 2, 3].map((worker) => [60 + worker * 8, replace(worker)] as const),
    ]
    return new Map(percents.map(([percent, event]) => [(total * percent) / 100, event]))
  }

  it(
    'serves each of them with their own token, whatever happens to Redis and to the processes',
    { timeout: limitMs },
    async () => {
      const tokens = await Promise.all(Array.from({ length: userCount }, (_, user) => cluster.token(user)))
      const result = await sendTraffic(cluster, tokens, total, faults())
      expect(result).toMatchObject({ served: total, misdelivered: 0, failures: [] })
      expect(result.retried).toBeGreaterThan(0) // the kills did hit requests
      expect(cluster.downstream.mismatches).toBe(0)
      expect(cluster.downstream.calls).toBeGreaterThanOrEqual(total)
      expect((await cluster.counts()).storeFailures).toBeGreaterThan(0) // and the outages processes

      // A process asks once for each user at most, however the others and Redis fare.
      expect(cluster.starts).toBe(processCount + 8)
      expect(cluster.exchanges()).toBeLessThanOrEqual(userCount * cluster.starts)
    },
  )

  it('shares tokens again once everything is well', { timeout: limitMs }, async () => {
    await untilDone(async () => {
      const token = await cluster.token(0)
      const before = (await cluster.counts()).l2
      for (const worker of [0, 1, 2, 3]) expect((await ask(worker, 0, token)).status).toBe(200)
      expect((await cluster.counts()).l2 - before).toBe(processCount - 1)
    })
  })
})
