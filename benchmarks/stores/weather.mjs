// Requests while the store is well, slow, silent, gone, or short of a node; as multiples of what they took while it was well, in the same run.
import { countOf, percentile } from './world.mjs'

const count = 4
const lanes = 4

/** A delay is on either way, so that an answer takes twice as long; the last is longer than a store is waited for. */
const weathers = [
  { name: 'well', weather: { kind: 'pass' }, isExtreme: true },
  { name: '50 ms slower', weather: { kind: 'delay', delayMs: 25 } },
  { name: '500 ms slower', weather: { kind: 'delay', delayMs: 250 } },
  { name: 'silent', weather: { kind: 'drop' }, isExtreme: true },
  { name: 'gone', weather: { kind: 'pass' }, isGone: true, isExtreme: true },
]

export async function measureWeather(world, sizes) {
  const { port } = await world.redis()
  const store = { kind: 'redis', port: await world.services.ask('startProxy', port) }
  const rows = []
  for (const { name, weather, isGone } of weathers.filter((each) => !sizes.fewWeathers || each.isExtreme)) {
    const change = async () => {
      await world.services.ask('setWeather', weather)
      if (isGone) await world.services.ask('command', port, 'SHUTDOWN', 'NOSAVE')
    }
    rows.push(await under(world, sizes, `Redis, ${name}`, store, change))
    await world.services.ask('setWeather', { kind: 'pass' })
  }
  return rows.map((row) => compare(row, rows[0]))
}

export async function measureCluster(world, sizes) {
  const ports = await world.services.ask('startCluster')
  const store = { kind: 'cluster', ports }
  const kill = () => world.services.ask('command', ports[2], 'SHUTDOWN', 'NOSAVE')
  const rows = [
    await under(world, sizes, 'Redis Cluster, well', store, () => undefined),
    await under(world, sizes, 'Redis Cluster, one of three nodes gone', store, kill),
  ]
  return rows.map((row) => compare(row, rows[0]))
}

/** Each row has a fleet of its own, which saw its store well before: what fails, fails under its feet. */
async function under(world, { warmCalls, coldUsers, sharedUsers }, name, store, change) {
  world.progress(name)
  const fleet = await world.openFleet({ count, store })
  const [known, cold, shared] = [coldUsers, coldUsers, sharedUsers].map(world.newUsers)
  await fleet.know([...known, ...cold, ...shared])
  await fleet.all('visit', { indexes: known, seed: world.number(), lanes })
  await fleet.each('visit', (index) => [{ indexes: index === 0 ? shared : [], seed: world.number(), lanes }])
  await fleet.take()
  await world.authority.ask('counts')
  await change()
  const draw = () => [{ indexes: known, calls: Math.ceil(warmCalls / count), seed: world.number(), lanes: 1 }]
  const warm = (await fleet.each('draw', draw)).map((times) => [...times]).flat()
  const coldTimes = await fleet.each('visit', (at) => [
    { indexes: cold.filter((_, index) => index % count === at), seed: world.number(), lanes },
  ])
  const ofCold = await world.authority.ask('counts')
  // Those whose token another process has: without the store each process asks the authority once.
  await fleet.each('visit', (at) => [{ indexes: at === 0 ? [] : shared, seed: world.number(), lanes }])
  const ofShared = await world.authority.ask('counts')
  const { refused, mixUps, storeFailures, calls } = await fleet.take()
  await fleet.close()
  return {
    ...{ name, calls, mixUps, storeFailures, refused: countOf(refused) },
    exchangesOfCold: ofCold.exchanges / coldUsers,
    exchangesOfShared: ofShared.exchanges / sharedUsers / (count - 1),
    warm: timesOf(warm),
    cold: timesOf(coldTimes.map((times) => [...times]).flat()),
  }
}

function timesOf(times) {
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

function compare(row, well) {
  const against = (kind) => ({
    p50: row[kind].p50 / well[kind].p50,
    p99: row[kind].p99 / well[kind].p99,
    ms: row[kind],
  })
  return { ...row, warm: against('warm'), cold: against('cold') }
}
