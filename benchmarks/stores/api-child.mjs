// One process of a middle tier: validates its callers, gets each a token for the downstream API, and sees that it is that caller's.
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { clientSecret, createWebApi } from '../../packages/midtier/dist/esm/index.js'
import { midtierUser, optionsOf, requestOf } from '../acquire-midtier.mjs'
import { clientSecretText, createUsers, userId } from '../acquire-tokens.mjs'
import { answer } from './asked.mjs'
import { openStore } from './connect.mjs'
import { createRandom, shuffle } from '../random.mjs'

let api
/** Of each user: the assertion as bytes, and the object id. */
let users = []
let tally = createTally()
let aheadMs = 0
const renewals = new Set()

/** What the clock shows can be moved; time goes on by itself beside that. */
const clock = {
  nowMs: () => Date.now() + aheadMs,
  passedMs: () => Math.floor(performance.now()) + aheadMs,
}

function createTally() {
  return { calls: 0, mixUps: 0, l1: 0, l2: 0, authority: 0, storeFailures: 0, refused: {}, commands: {} }
}

function increase(counts, name) {
  counts[name] = (counts[name] ?? 0) + 1
}

/** @param origin Of the authority; `undefined`: exchanges are answered inside the process, and counted as those of the authority. */
async function open({ origin, jwks, store, keyRing, cache = {} }) {
  const shared = await openStore(store, (command) => increase(tally.commands, command))
  const more = {
    clock,
    logger: false,
    observer: (event) => {
      if (event.type === 'store_failed') tally.storeFailures += 1
    },
    waitUntil: (work) => {
      renewals.add(work)
      work.finally(() => renewals.delete(work))
    },
    ...(origin !== undefined && { instance: `${origin}/`, fetch: undefined }),
  }
  const { maxCachedTokens, ...tokenCache } = cache
  const options = optionsOf(jwks, {
    more,
    tokenCache: { store: shared, keyRing, ...tokenCache },
    ...(maxCachedTokens !== undefined && { maxCachedTokens }),
  })
  api = createWebApi({ ...options, clientCredential: clientSecret(clientSecretText) })
  await api.warmUp()
}

/** Gives how long it took, in milliseconds. */
async function call(assertion, id) {
  const startedMs = performance.now()
  try {
    const caller = await api.authenticate(requestOf(assertion))
    const { accessToken, origin } = await caller.acquireToken(midtierUser)
    tally[origin] += 1
    if (!accessToken.startsWith(`${id}.`) || !caller.account.id.startsWith(`${id}.`)) tally.mixUps += 1
  } catch (error) {
    increase(tally.refused, error.code ?? error.name)
  }
  tally.calls += 1
  return performance.now() - startedMs
}

const callOf = ({ bytes, id }) => call(bytes.latin1Slice(), id)

/** What is at hand is answered without a turn of the event loop, which a server gets with every request, and which those wait for that are not. */
const callsBetweenTurns = 8

/** Works on what `next` gives until it gives nothing more, on so many at once. */
async function inLanes(lanes, next, work) {
  let done = 0
  const lane = async () => {
    for (let item = next(); item !== undefined; item = next()) {
      await work(item)
      done += 1
      if (done % callsBetweenTurns === 0) await new Promise((resolve) => void setImmediate(resolve))
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

answer({
  open,
  know(assertions, first) {
    for (const [at, assertion] of assertions.entries())
      users[first + at] = { bytes: Buffer.from(assertion, 'latin1'), id: userId(first + at) }
  },
  /** All of it at once: each of the users that many times. */
  async herd(indexes, each) {
    const turns = Array.from({ length: each }, () => indexes).flat()
    await Promise.all(turns.map((index) => callOf(users[index])))
  },
  /** Calls of users drawn by a seed. Gives how long each took, unless they are too many to note that. */
  async draw({ indexes, calls, seed, lanes, isTimed = true }) {
    const random = createRandom(seed)
    const next = () => (calls-- > 0 ? indexes[Math.floor(random() * indexes.length)] : undefined)
    const times = []
    await inLanes(lanes, next, async (index) => {
      const tookMs = await callOf(users[index])
      if (isTimed) times.push(tookMs)
    })
    return Float64Array.from(times)
  },
  /** One call of each. Gives how long each took. */
  async visit({ indexes, seed, lanes }) {
    const order = shuffle(indexes, createRandom(seed))
    const times = []
    await inLanes(
      lanes,
      () => order.pop(),
      async (index) => void times.push(await callOf(users[index])),
    )
    return Float64Array.from(times)
  },
  /** One call of each of many users, whose tokens this process signs itself. */
  async meet({ first, end, lanes, signingKey }) {
    const privateKey = createPrivateKey({ key: signingKey, format: 'jwk' })
    const people = createUsers(undefined, 'ES256', { privateKey, publicKey: createPublicKey(privateKey) })
    let index = first
    const next = () => (index < end ? index++ : undefined)
    await inLanes(lanes, next, (each) => call(people.sign(each), userId(each)))
  },
  moveClock(byMs) {
    aheadMs += byMs
  },
  /** When nothing goes on behind the answers any more. */
  async settle() {
    await Promise.allSettled([...renewals])
  },
  /** What was counted since this was asked last. */
  take() {
    const taken = tally
    tally = createTally()
    return taken
  },
  async forget(index) {
    const caller = await api.authenticate(requestOf(users[index].bytes.latin1Slice()))
    await api.forget(caller.account)
  },
  close: () => api.close(),
})
