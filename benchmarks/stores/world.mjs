// What stands around the rows: users, the authority, the stores, and fleets of processes of one middle tier.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createUsers, tenantId } from '../acquire-tokens.mjs'
import { openProcess } from './asked.mjs'
import { createRandom, shuffle } from '../random.mjs'

/** A token of ninety minutes is due for renewal from 45 on at the latest, and far from its end then. */
export const untilDueMs = 46 * 60_000

/** Tokens are cut into parts of so many on their way to a process. */
const assertionsAtOnce = 500

export async function openWorld({ seed, progress }) {
  const random = createRandom(seed)
  const services = openProcess('services-child.mjs')
  const authority = openProcess('authority-child.mjs')
  const origin = await authority.ask('open')
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const people = createUsers(`${origin}/${tenantId}`, 'ES256', pair)
  await authority.ask('publish', people.jwks)
  const keyRing = { current: 'k1', keys: { k1: randomBytes(32).toString('base64') } }
  const fleets = new Set()
  const total = createTotal()
  let nextUser = 0

  return {
    progress,
    services,
    authority,
    total,
    tokenLength: people.length,
    signingKey: pair.privateKey.export({ format: 'jwk' }),
    number: () => Math.floor(random() * 2 ** 32),
    shuffle: (items) => shuffle(items, random),
    /** So many users whom nobody has seen. */
    newUsers: (count) => Array.from({ length: count }, () => nextUser++),
    async redis(...args) {
      return { kind: 'redis', port: await services.ask('startRedis', args) }
    },
    async openFleet({ count, store, cache, remote = true }) {
      const settings = { origin: remote ? origin : undefined, jwks: people.jwks, store, keyRing, cache }
      const fleet = await startFleet(count, settings, people, total)
      fleets.add(fleet)
      return { ...fleet, close: () => fleets.delete(fleet) && fleet.close() }
    },
    async close() {
      await Promise.all([...fleets].map((fleet) => fleet.close()))
      await Promise.all([authority.close(), services.close()])
    },
  }
}

async function startFleet(count, settings, people, total) {
  const processes = Array.from({ length: count }, () => openProcess('api-child.mjs'))
  const all = (question, ...args) => Promise.all(processes.map(({ ask }) => ask(question, ...args)))
  const close = async () => void (await Promise.all(processes.map((each) => each.close())))
  try {
    await all('open', settings)
  } catch (error) {
    await close()
    throw error
  }
  return {
    count,
    all,
    /** Each process something else: `argsOf(index)`. */
    each: (question, argsOf) =>
      Promise.all(processes.map(({ ask }, index) => ask(question, ...argsOf(index)))),
    async know(indexes) {
      for (let from = 0; from < indexes.length; from += assertionsAtOnce) {
        const part = indexes.slice(from, from + assertionsAtOnce)
        await all('know', part.map(people.assertion), part[0])
      }
    },
    /** What all of them counted since this was asked last. */
    async take() {
      const taken = sum(await all('take'))
      addTo(total, taken)
      return taken
    },
    close,
  }
}

const numbers = ['calls', 'mixUps', 'l1', 'l2', 'authority', 'storeFailures']

function createTotal() {
  return { ...Object.fromEntries(numbers.map((name) => [name, 0])), refused: {}, commands: {} }
}

function sum(tallies) {
  const total = createTotal()
  for (const tally of tallies) addTo(total, tally)
  return total
}

function addTo(total, tally) {
  for (const name of numbers) total[name] += tally[name]
  for (const kind of ['refused', 'commands'])
    for (const [name, count] of Object.entries(tally[kind]))
      total[kind][name] = (total[kind][name] ?? 0) + count
}

/** How many in all. */
export const countOf = (counts) => Object.values(counts).reduce((so, count) => so + count, 0)

/** The value that this share of all values does not exceed. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}
