// Many processes on one store, Redis, a Redis Cluster and PostgreSQL: exchanges a user, operations a request, what weather costs, what a user
// weighs, and whether anybody gets another one's token. What each row does is in stores/, in the file of its name.
import { existsSync } from 'node:fs'
import { measureEviction, measureMemory } from './stores/memory.mjs'
import { measureHerd } from './stores/herd.mjs'
import { measureMixUps } from './stores/mix-ups.mjs'
import { measureOperations } from './stores/operations.mjs'
import { measurePools } from './stores/pool.mjs'
import { drawCharts } from './stores/charts.mjs'
import { promisesOf } from './stores/promises.mjs'
import { measureSteady } from './stores/steady.mjs'
import { measureCluster, measureWeather } from './stores/weather.mjs'
import { openWorld } from './stores/world.mjs'

export { render } from './stores/report.mjs'

const ordinary = {
  herd: { users: 60, processes: [4, 16] },
  steady: { users: 500, calls: 60_000, processes: [4, 8, 16] },
  weather: { warmCalls: 40_000, coldUsers: 200, sharedUsers: 120 },
  pools: { poolUsers: 200 },
  memory: { users: 50_000 },
  eviction: { users: 10_000, policies: ['allkeys-lru', 'volatile-ttl', 'noeviction'] },
  mixUps: { users: 2000, calls: 400_000 },
}

const small = {
  herd: { users: 10, processes: [4] },
  steady: { users: 100, calls: 6000, processes: [4] },
  weather: { warmCalls: 2000, coldUsers: 40, sharedUsers: 120, fewWeathers: true },
  pools: { poolUsers: 40 },
  memory: { users: 2000 },
  eviction: { users: 1000, policies: ['allkeys-lru', 'noeviction'] },
  mixUps: { users: 200, calls: 20_000 },
}

export async function measure({ quick = false, calls, seed = 1 }) {
  const startedMs = performance.now()
  const progress = (text) => {
    process.stderr.write(`stores: ${((performance.now() - startedMs) / 1000).toFixed(0)} s, ${text}\n`)
  }
  const sizes = structuredClone(quick ? small : ordinary)
  if (calls !== undefined) sizes.mixUps.calls = calls
  const world = await openWorld({ seed, progress })
  try {
    const measured = await measureAll(world, sizes)
    const options = [`--seed ${seed}`, quick && '--quick']
    return {
      ...measured,
      options: [...options, calls !== undefined && `--calls ${calls}`].filter(Boolean).join(' '),
      tokenLength: world.tokenLength,
      peers: ['ioredis', 'pg'],
      total: world.total,
      files: drawCharts(measured),
      promises: promisesOf(measured, world.total),
    }
  } finally {
    await world.close()
  }
}

/** One after the other: each has the machine to itself. */
async function measureAll(world, sizes) {
  const redis = await world.redis()
  const servers = await world.services.ask('startPostgres').then(
    (connectionString) => ({ connectionString }),
    () => undefined,
  )
  const postgres = servers && { kind: 'postgres', connectionString: servers.connectionString, max: 5 }
  const operations = await measureOperations(world, {
    Redis: redis,
    ...(postgres && { PostgreSQL: postgres }),
  })
  const herd = await measureHerd(world, sizes.herd)
  const steady = await measureSteady(world, sizes.steady)
  const weather = await measureWeather(world, sizes.weather)
  const cluster = await measureCluster(world, sizes.weather)
  const pools =
    postgres === undefined ? [] : await measurePools(world, sizes.pools, postgres.connectionString)
  const memory = await measureMemory(world, sizes.memory)
  const eviction = await measureEviction(world, sizes.eviction, memory.bytesOfUser)
  const mixUps = await measureMixUps(world, sizes.mixUps)
  const version = await world.services.ask('serverVersions', redis.port, postgres?.connectionString)
  const valkey = existsSync('/usr/bin/valkey-server')
  return { operations, herd, steady, weather, cluster, pools, memory, eviction, mixUps, version, valkey }
}
