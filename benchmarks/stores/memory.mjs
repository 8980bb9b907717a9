// Many users through one Redis: what each of them takes there, and what becomes of requests when Redis has room for half of them.
import { countOf } from './world.mjs'

const count = 4
const lanes = 16
/** What connections and scripts take of Redis is there before anything is weighed. */
const warmUpUsers = 400
/** A process keeps next to nothing, so that whoever comes again is looked for in Redis. */
const cache = { maxEntries: 1, maxCachedTokens: 1 }

export async function measureMemory(world, { users }) {
  world.progress(`${users} users through one Redis`)
  const store = await world.redis()
  const fleet = await world.openFleet({ count, store, cache, remote: false })
  const meet = (from, upTo) =>
    fleet.each('meet', (at) => {
      const share = (upTo - from) / count
      const [first, end] = [at, at + 1].map((part) => Math.floor(from + share * part))
      return [{ first, end, lanes, signingKey: world.signingKey }]
    })
  await meet(users, users + warmUpUsers)
  const before = await usedMemory(world, store)
  await meet(0, users)
  const bytes = (await usedMemory(world, store)) - before
  const keys = Number(await world.services.ask('command', store.port, 'DBSIZE'))
  const { refused, storeFailures } = await fleet.take()
  await fleet.close()
  await world.services.ask('command', store.port, 'SHUTDOWN', 'NOSAVE')
  return {
    users,
    bytesOfUser: bytes / users,
    keysOfUser: keys / (users + warmUpUsers),
    storeFailures,
    refused: countOf(refused),
  }
}

export async function measureEviction(world, { users, policies }, bytesOfUser) {
  const rows = []
  for (const policy of policies) rows.push(await underPolicy(world, users, policy, bytesOfUser))
  return rows
}

/** All users twice, in one order, each time by the process that saw them before. */
async function underPolicy(world, users, policy, bytesOfUser) {
  world.progress(`${users} users, Redis with room for half of them, ${policy}`)
  const store = await world.redis('--maxmemory-policy', policy)
  const fleet = await world.openFleet({ count, store, cache })
  const first = world.newUsers(warmUpUsers)
  await fleet.know(first)
  await fleet.each('visit', () => [{ indexes: first, seed: 1, lanes }])
  const empty = await usedMemory(world, store)
  const room = Math.round(empty + (users * bytesOfUser) / 2)
  await world.services.ask('command', store.port, 'CONFIG', 'SET', 'maxmemory', String(room))
  const indexes = world.newUsers(users)
  await fleet.know(indexes)
  const visits = []
  for (const [seed, visit] of ['first', 'second'].entries()) {
    await world.authority.ask('counts')
    await fleet.take()
    await fleet.each('visit', (at) => [
      { indexes: indexes.filter((_, index) => index % count === at), seed, lanes },
    ])
    const { exchanges } = await world.authority.ask('counts')
    const { storeFailures, refused, l2 } = await fleet.take()
    visits.push({
      ...{ visit, storeFailures, refused: countOf(refused) },
      exchangesOfUser: exchanges / users,
      fromRedis: l2 / users,
    })
  }
  const stats = String(await world.services.ask('command', store.port, 'INFO', 'stats'))
  await fleet.close()
  await world.services.ask('command', store.port, 'SHUTDOWN', 'NOSAVE')
  return { policy, users, evicted: Number(/evicted_keys:(\d+)/.exec(stats)[1]), visits }
}

async function usedMemory(world, { port }) {
  return Number(/used_memory:(\d+)/.exec(await world.services.ask('command', port, 'INFO', 'memory'))[1])
}
