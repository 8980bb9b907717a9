// Run with --expose-gc: what a cached token weighs in the process and in Redis, and what processor time it costs to get.
import { randomBytes } from 'node:crypto'
import { createUsers } from '../acquire-tokens.mjs'
import { openApi, scopesOf } from './api.mjs'
import { numberOf, processorOf, withRedis } from './redis.mjs'

const count = Number(process.argv[2])
const atOnce = 16

async function usedHeap() {
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc()
    await new Promise((resolve) => void setTimeout(resolve, 20))
  }
  return process.memoryUsage().heapUsed
}

/** Microseconds of a call: of this process, and of Redis. */
async function time(client, calls, call) {
  const redisBefore = await processorOf(client)
  const before = process.cpuUsage()
  let next = 0
  const work = async () => {
    while (next < calls) await call(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const { user, system } = process.cpuUsage(before)
  return { own: (user + system) / calls, redis: ((await processorOf(client)) - redisBefore) / calls }
}

await withRedis(async (client, port) => {
  const users = createUsers()
  const secret = randomBytes(32).toString('base64')
  const open = () => openApi({ port, jwks: users.jwks, secret, maxCachedTokens: 0 })
  const [first, second] = [open(), open()]
  const processBytes = process.memoryUsage().rss
  const acquire = (caller, api) => caller.acquireToken({ scopes: scopesOf(api) })
  const warm = Math.min(2_000, count)
  const callersOf = async ({ authenticate }) => {
    const callers = []
    for (let index = 0; index < warm + count; index += 1)
      callers.push(await authenticate(users.assertion(index)))
    for (const caller of callers.splice(0, warm)) await acquire(caller, 0)
    return callers
  }
  const [here, there] = [await callersOf(first), await callersOf(second)]
  const heapBefore = await usedHeap()
  const memory = () => numberOf(client, 'memory', 'used_memory')
  const empty = await memory()
  const exchange = await time(client, count, (index) => acquire(here[index], 0))
  const heapBytes = ((await usedHeap()) - heapBefore) / count
  const withOne = await memory()
  const hit = await time(client, count, (index) => acquire(there[index], 0))
  await time(client, count, (index) => acquire(here[index], 1))
  const withTwo = await memory()
  const told = JSON.stringify({
    users: count,
    processBytes,
    heapBytes,
    accountBytes: (2 * withOne - empty - withTwo) / count,
    entryBytes: (withTwo - withOne) / count,
    exchangeMicroseconds: exchange.own,
    storeHitMicroseconds: hit.own,
    redisHitMicroseconds: hit.redis,
    redisExchangeMicroseconds: exchange.redis,
  })
  process.stdout.write(told)
})
process.exit() // what listens for messages would go on
