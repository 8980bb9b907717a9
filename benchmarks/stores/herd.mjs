// Two hundred requests of each user at once, spread over the processes: when nobody has a token, and when all are due for renewal.
import { untilDueMs } from './world.mjs'

const requestsOfUser = 200
/** So many users at once: the herd is to meet, not to wait for its processor. */
const usersInWave = 5

export async function measureHerd(world, { users, processes }) {
  const rows = []
  for (const count of processes) {
    world.progress(`herd over ${count} processes`)
    const fleet = await world.openFleet({ count, store: await world.redis() })
    const indexes = world.newUsers(users)
    await fleet.know(indexes)
    const cold = await inWaves(world, fleet, indexes)
    await fleet.all('moveClock', untilDueMs)
    const ahead = await inWaves(world, fleet, indexes)
    const { calls, refused, mixUps } = await fleet.take()
    rows.push({ count, users, calls, cold, ahead, refused, mixUps })
    await fleet.close()
  }
  return rows
}

/** Gives the exchanges of a user. */
async function inWaves(world, fleet, indexes) {
  await world.authority.ask('counts')
  for (let from = 0; from < indexes.length; from += usersInWave) {
    const wave = world.shuffle(indexes.slice(from, from + usersInWave))
    await fleet.all('herd', wave, Math.ceil(requestsOfUser / fleet.count))
    await fleet.all('settle')
  }
  const { exchanges, most } = await world.authority.ask('counts')
  return { mean: exchanges / indexes.length, most }
}
