// Many calls of shuffled users over four processes, one of which has room for few of them, while tokens fall due: whose token comes back.
import { countOf, untilDueMs } from './world.mjs'

const count = 4
const lanes = 16

/** A third of the calls for each: with tokens that are new, and with those renewed once and twice. */
const parts = 3

export async function measureMixUps(world, { users, calls }) {
  world.progress(`${calls} calls of ${users} users`)
  const store = await world.redis()
  const roomy = await world.openFleet({ count: count - 1, store })
  const narrow = await world.openFleet({ count: 1, store, cache: { maxEntries: Math.ceil(users / 10) } })
  const indexes = world.newUsers(users)
  const fleets = [roomy, narrow]
  for (const fleet of fleets) await fleet.know(indexes)
  // Nearly every call of the narrow one is a look into Redis: a hundredth is enough of them.
  const ofNarrow = Math.ceil(calls / 100 / parts)
  const ofRoomy = Math.ceil((calls / parts - ofNarrow) / roomy.count)
  for (let part = 0; part < parts; part += 1) {
    const draw = (fleet, share) =>
      fleet.each('draw', () => [{ indexes, calls: share, seed: world.number(), lanes, isTimed: false }])
    await Promise.all([draw(roomy, ofRoomy), draw(narrow, ofNarrow)])
    for (const fleet of fleets) {
      await fleet.all('settle')
      await fleet.all('moveClock', part < parts - 1 ? untilDueMs : 0)
    }
  }
  const [one, other] = [await roomy.take(), await narrow.take()]
  for (const fleet of fleets) await fleet.close()
  const sum = (name) => one[name] + other[name]
  return {
    users,
    calls: sum('calls'),
    mixUps: sum('mixUps'),
    refused: countOf(one.refused) + countOf(other.refused),
    l2: sum('l2'),
    authority: sum('authority'),
  }
}
