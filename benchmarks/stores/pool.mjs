// PostgreSQL by pools of two and of twenty connections, of which listening takes one: many new users at once, and many who come again.
import { countOf, percentile } from './world.mjs'

const count = 4
const lanes = 8
/** While the table is made and connections are opened, operations may take longer than they are waited for: the store is left alone then. */
const untilTriedAgainMs = 3500

export async function measurePools(world, { poolUsers }, connectionString) {
  const rows = []
  for (const max of [2, 20])
    rows.push(await run(world, poolUsers, { kind: 'postgres', connectionString, max }))
  const [narrow, wide] = rows
  return rows.map((row) => ({
    ...row,
    p50: row.p50 / wide.p50,
    p99: row.p99 / wide.p99,
    narrow: row === narrow,
  }))
}

async function run(world, users, store) {
  world.progress(`PostgreSQL, pools of ${store.max}`)
  const fleet = await world.openFleet({ count, store, cache: { maxEntries: 1 } }) // every call asks the store
  const indexes = world.newUsers(users)
  await fleet.know(indexes)
  const first = world.newUsers(lanes)
  await fleet.know(first)
  await fleet.each('visit', () => [{ indexes: first, seed: 1, lanes }])
  const opening = await fleet.take()
  await new Promise((resolve) => void setTimeout(resolve, untilTriedAgainMs))
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
    failuresOfOpening: opening.storeFailures,
    refused: countOf(refused),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  }
}
