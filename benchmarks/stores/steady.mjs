// Users who come again and again, to whichever process: what reaches the authority, what reaches the store, and what each process has.
import { countOf } from './world.mjs'

const lanes = 16

export async function measureSteady(world, { users, calls, processes }) {
  const rows = []
  for (const count of processes) rows.push(await run(world, { users, calls, count }))
  const [count] = processes
  rows.push(await run(world, { users, calls, count, cache: { maxEntries: Math.ceil(users / 5) } }))
  return rows
}

async function run(world, { users, calls, count, cache }) {
  world.progress(
    `steady over ${count} processes${cache === undefined ? '' : ', with room for a fifth of the users'}`,
  )
  const store = await world.redis()
  const fleet = await world.openFleet({ count, store, cache })
  const indexes = world.newUsers(users)
  await fleet.know(indexes)
  await world.authority.ask('counts')
  await fleet.take()
  const before = await countCommands(world, store)
  await fleet.each('draw', () => [{ indexes, calls: Math.ceil(calls / count), seed: world.number(), lanes }])
  const executed = (await countCommands(world, store)) - before
  const { exchanges, users: seen } = await world.authority.ask('counts')
  const taken = await fleet.take()
  await fleet.close()
  const share = (name) => taken[name] / taken.calls
  return {
    count,
    users,
    room: cache?.maxEntries,
    calls: taken.calls,
    exchangesOfUser: exchanges / seen,
    sentOfCall: countOf(taken.commands) / taken.calls,
    executedOfCall: executed / taken.calls,
    l1: share('l1'),
    l2: share('l2'),
    refused: taken.refused,
  }
}

/** What the server itself has counted, the commands inside scripts included, and without those that connections send. */
async function countCommands(world, { port }) {
  const told = String(await world.services.ask('command', port, 'INFO', 'commandstats'))
  return [...told.matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm)]
    .filter(([, name]) => !['info', 'hello', 'client', 'ping', 'subscribe', 'command'].includes(name))
    .reduce((so, [, , calls]) => so + Number(calls), 0)
}
