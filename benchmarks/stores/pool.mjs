// PostgreSQL by pools of two and of twenty connections, of which listening takes one: many new users at once, and many who come again.
import { countOf, percentile } from './world.mjs'

const count = 4
const lanes = 8
/** Every call asks the store, and waits for it: what a busy machine makes late is no outage here. */
const cache = { maxEntries: 1, storeTimeoutMs: 5000 }

export async function measurePools(world, { poolUsers }, connectionString) {
  const rows = []
  for (const max of [2, 20])
    rows.push(await run(world, poolUsers, { kind: 'postgres', connectionString, max }))
  const wide = rows.at(-1)
  return rows.map((row) => ({
    ...row,
    p50: row.p50 / wide.p50,
    p99: row.p99 / wide.p99,
  }))
}

async function run(world, users, store) {
  world.progress(`PostgreSQL, pools of ${store.max}`)
  const fleet = await world.openFleet({ count, store, cache })
  const indexes = world.newUsers(users)
  await fleet.know(indexes)
  const first = world.newUsers(lanes)
  await fleet.know(first)
  await fleet.each('visit', () => [{ indexes: first, seed: 1, lanes }]) // the table made, and connections opened
  await fleet.take()
  await world.authority.ask('counts')
  const visit = () => fleet.each('visit', () => [{ indexes, seed: world.number(), lanes }])
  await visit()
  const { exchanges } = await world.authority.ask('counts')
  const times = (await visit()).map((each) => [...each]).flat()
  const again = (await world.authority.ask('counts')).exchanges
  const { refused, commands, calls, storeFailures } = await fleet.take()
  await fleet.close()
  return {
    max: store.max,
    users,
    calls,
    exchangesOfUser: exchanges / users,
    exchangesAgain: again / users,
    sentOfCall: countOf(commands) / calls,
    storeFailures,
    refused: countOf(refused),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  }
}
