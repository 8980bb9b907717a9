// What each kind of request sends to a store, by name, in a store that holds nothing else.
import { untilDueMs } from './world.mjs'

export async function measureOperations(world, stores) {
  const rows = []
  for (const [name, store] of Object.entries(stores)) rows.push(...(await operationsOf(world, name, store)))
  return rows
}

const users = 20

async function operationsOf(world, name, store) {
  world.progress(`operations on ${name}`)
  const [one, other] = [
    await world.openFleet({ count: 1, store }),
    await world.openFleet({ count: 1, store }),
  ]
  const [first, ...indexes] = world.newUsers(users + 1)
  for (const fleet of [one, other]) {
    await fleet.know([first, ...indexes])
    await visit(fleet, [first]) // connected, the table created, and swept
    await fleet.take()
  }
  const rows = []
  const note = async (kind, fleet, work) => {
    await work(fleet)
    await fleet.all('settle')
    await rest()
    const { commands } = await fleet.take()
    rows.push({ store: name, kind, commands: Object.fromEntries(byUser(commands)) })
  }
  await note('an exchange: nobody has the token', one, (fleet) => visit(fleet, indexes))
  await note('another process has it', other, (fleet) => visit(fleet, indexes))
  await note('this process has it', one, (fleet) => visit(fleet, indexes))
  for (const fleet of [one, other]) await fleet.all('moveClock', untilDueMs)
  await note('renewed behind the answer', one, (fleet) => visit(fleet, indexes))
  await note('renewed by another process', other, (fleet) => visit(fleet, indexes))
  await note('an account is forgotten', one, async (fleet) => {
    for (const index of indexes) await fleet.all('forget', index)
  })
  await one.close()
  await other.close()
  return rows
}

const visit = (fleet, indexes) => fleet.all('visit', { indexes, seed: 1, lanes: 1 })

/** A lease is given back behind the answer. */
const rest = () => new Promise((resolve) => void setTimeout(resolve, 200))

/** A statement that is sent now and then, such as a sweep, counts by its share. */
function byUser(commands) {
  return Object.entries(commands).map(([name, count]) => [name, count / users])
}
