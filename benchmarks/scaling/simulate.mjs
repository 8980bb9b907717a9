// Users, processes, their store and the authority as events in time: what the formulas of `midtier plan` are held to. Not shipped.
import { createRandom } from '../random.mjs'
import { Process } from './process.mjs'
import { busyness, Events, untilNext } from './world.mjs'

/** What is counted, second by second. */
const counters = [
  'requests',
  'l1',
  'l2',
  'authority',
  'refused',
  'exchanges',
  'throttled',
  'operations',
  'reads',
]

/**
 * Runs a simulation.
 *
 * `inputs` are those of a plan. `failures` is a list of `{ at, kind, seconds }`: `store` (gone for so long, and empty afterwards),
 * `restart` (of all processes at once), `rollout` (of one after another, so many seconds apart), `region` (the first one is lost).
 *
 * @returns `sum(from, to)`: what was counted in that time; and the entries in the store and in processes at the end.
 */
export function simulate(inputs, { seed, seconds, failures = [], retryAfter = 10 }) {
  const events = new Events()
  const random = createRandom(seed)
  const counted = Object.fromEntries(counters.map((name) => [name, new Float64Array(Math.ceil(seconds) + 1)]))
  const count = (name, much = 1) => (counted[name][Math.floor(events.nowSeconds)] += much)
  const settings = settingsOf(inputs)
  const world = {
    events,
    random,
    settings,
    count,
    authority: createAuthority(inputs, events, count, retryAfter),
  }
  const regions = Array.from({ length: inputs.regions }, () => createRegion(world, inputs))
  const alive = (region) => (region.isLost ? regions.find(({ isLost }) => !isLost) : region)

  function begin(startedAt) {
    const region = regions[Math.floor(random() * regions.length)]
    const session = {
      user: (begin.count = (begin.count ?? 0) + 1),
      startedAt,
      tokens: new Map(),
      region,
      place: random(),
      rate: settings.visits * busyness(random, inputs.skew),
    }
    visitLater(session)
  }

  function visitLater(session) {
    const wait = untilNext(random, session.rate)
    if (events.nowSeconds + wait < session.startedAt + settings.sessionSeconds)
      events.after(wait, () => {
        visit(session)
        visitLater(session)
      })
  }

  function visit(session) {
    const { processes } = alive(session.region)
    const token = tokenOf(session)
    for (let nth = 0; nth < inputs.atOnce; nth += 1) {
      count('requests')
      const place = inputs.sticky ? session.place : random()
      processes[Math.floor(place * processes.length)].ask(token, (origin) => count(origin))
    }
  }

  function tokenOf(session) {
    const renewed = Math.floor((events.nowSeconds - session.startedAt) / settings.clientSeconds)
    const api = Math.floor(random() * inputs.downstreamApis)
    const name = renewed * inputs.downstreamApis + api
    const known = session.tokens.get(name)
    if (known !== undefined) return known
    const token = { id: (tokenOf.count = (tokenOf.count ?? 0) + 1), user: session.user }
    session.tokens.set(name, token)
    return token
  }

  // Those who are there already at the beginning, and those who come.
  for (let nth = 0; nth < settings.sessions * settings.sessionSeconds; nth += 1)
    begin(-random() * settings.sessionSeconds)
  const comeLater = () =>
    events.after(untilNext(random, settings.sessions), () => {
      begin(events.nowSeconds)
      comeLater()
    })
  comeLater()
  for (const failure of failures) events.at(failure.at, () => fail(failure, regions, events))
  events.runUntil(seconds)
  return {
    sum: (from, to) =>
      Object.fromEntries(
        counters.map((name) => [name, counted[name].subarray(from, to).reduce((sum, each) => sum + each, 0)]),
      ),
    storeEntries: regions.reduce((sum, { store }) => sum + store.entries(), 0),
    processEntries: regions.flatMap(({ processes }) => processes.map(({ entries }) => entries)),
  }
}

function settingsOf(inputs) {
  const tokenSeconds = inputs.tokenMinutes * 60
  return {
    sessions: (inputs.users * inputs.sessionsPerDay * inputs.peak) / 86_400,
    sessionSeconds: inputs.sessionMinutes * 60,
    visits: inputs.requestsPerMinute / 60 / inputs.atOnce,
    clientSeconds: inputs.clientTokenMinutes * 60,
    tokenSeconds,
    refreshSeconds: inputs.refreshMinutes > 0 ? inputs.refreshMinutes * 60 : tokenSeconds / 2,
    exchangeSeconds: inputs.exchangeMs / 1000,
    entries: inputs.maxEntries,
  }
}

function createRegion(world, inputs) {
  const region = { isLost: false, store: createStore(world, inputs.store !== 'none') }
  const processes = inputs.processes / inputs.regions
  region.processes = Array.from({ length: processes }, () => new Process(world, region))
  return region
}

/** A store with leases; each operation is counted while it is there. */
function createStore({ events, count }, isThere) {
  const kept = new Map()
  const leases = new Map()
  const operate = (work) => {
    if (!store.isUp) return undefined
    count('operations')
    return work()
  }
  const store = {
    isUp: isThere,
    get reads() {
      return 0
    },
    set reads(_) {
      count('reads')
    },
    get: (id) => operate(() => kept.get(id)),
    set: (id, token) => void operate(() => kept.set(id, token)),
    takeLease: (id, seconds) =>
      operate(() => {
        if ((leases.get(id) ?? 0) > events.nowSeconds) return false
        leases.set(id, events.nowSeconds + seconds)
        return true
      }),
    giveBack: (id) => void operate(() => leases.delete(id)),
    clear: () => {
      kept.clear()
      leases.clear()
    },
    entries: () => [...kept.values()].filter(({ expires }) => expires > events.nowSeconds).length,
  }
  return store
}

/** Takes so many a second, and a second's worth at once; beyond that it says when to come back. */
function createAuthority({ authorityLimit = Infinity }, events, count, retryAfter) {
  let [room, filledAt] = [authorityLimit, 0]
  return {
    ask() {
      count('exchanges')
      const now = events.nowSeconds
      room = Math.min(authorityLimit, room + authorityLimit * (now - filledAt))
      filledAt = now
      if (authorityLimit === Infinity) return {}
      if (room >= 1) {
        room -= 1
        return {}
      }
      count('throttled')
      return { retryAfter }
    },
  }
}

function fail({ kind, seconds }, regions, events) {
  const processes = regions.flatMap((region) => region.processes)
  if (kind === 'restart') for (const each of processes) each.restart()
  if (kind === 'rollout') processes.forEach((each, nth) => events.after(nth * seconds, () => each.restart()))
  if (kind === 'region') regions[0].isLost = true
  if (kind !== 'store') return
  for (const { store } of regions) {
    store.isUp = false
    store.clear()
    events.after(seconds, () => (store.isUp = true))
  }
}
