// What validating the incoming token costs: one seen before, those of many users, one never seen, and hostile ones.
import { measureHostileTokens } from './hostile-tokens.mjs'
import { median, ratio, runRounds } from './rounds.mjs'
import { createTokens, serveKeys } from './tokens.mjs'
import {
  arithmetic,
  bareSignature,
  hashing,
  leastWork,
  midtierValidator,
  midtierWebApi,
  peers,
} from './validators.mjs'

const progress = (text) => process.stderr.write(`${text}\n`)

/** Users whose tokens take turns when none is to be recognised. */
const strangers = 2_000
/** A cache that has no room for them: half of them for who remembers at first sight, and for midtier so few that it does not even note all. */
const tooFew = strangers / 2
const farTooFew = strangers / 20

export async function measure({ rounds }) {
  const keys = await serveKeys()
  const users = createTokens(20_000, (count) => progress(`signing tokens: ${count}`))
  const one = subset(users, 1)
  const cases = [
    await measureCase('One token, again and again', one, { rounds, keysUrl: keys.url }),
    await measureCase('The tokens of 2,000 users in turn', subset(users, 2_000), {
      rounds,
      keysUrl: keys.url,
    }),
    await measureCase('The tokens of 20,000 users in turn', users, { rounds, keysUrl: keys.url }),
    await measureFirstSeen(subset(users, strangers), { rounds, keysUrl: keys.url }),
    await measureFlatness(users, { rounds }),
  ]
  keys.close()
  const hostile = await measureHostileTokens({ rounds, progress })
  return {
    tokenLength: users.length,
    tables: cases.map(tabulate),
    hostile,
    promises: promisesOf(cases, hostile),
  }
}

function subset(tokens, count) {
  return {
    ...tokens,
    count,
    header: (index) => tokens.header(index % count),
    token: (index) => tokens.token(index % count),
  }
}

/** Every cache holds every token, so that what is measured is recognising one among so many. */
async function measureCase(title, tokens, { rounds, keysUrl }) {
  const contenders = [
    hashing(tokens),
    await midtierValidator(tokens),
    await midtierWebApi(tokens),
    ...(await peers(tokens, { keysUrl })),
    bareSignature(tokens),
  ]
  for (const contender of contenders) await fill(contender, tokens.count)
  return { title, limit: 'hashing', results: await inRounds(title, contenders, rounds) }
}

/** Twice: midtier remembers a token from its second use. */
async function fill({ call, fill: one = call }, count) {
  for (let index = 0; index < 2 * count; index++) await one(index)
}

/** The gate alone, in the same rounds, so that the machine is in the same mood for few users and for many. */
async function measureFlatness(users, { rounds }) {
  const title = 'A remembered token, by how many users take turns'
  const contenders = [bareSignature(users), hashing(users)]
  for (const count of [1, 2_000, 20_000]) {
    const gate = await midtierValidator(subset(users, count), { remark: `, ${count.toLocaleString('en')}` })
    await fill(gate, count)
    contenders.push(gate)
  }
  return { title, limit: 'hashing', results: await inRounds(title, contenders, rounds) }
}

/** No cache recognises anything, and each is full: a token costs its validation and, where it is kept at once, the eviction of another. */
async function measureFirstSeen(tokens, { rounds, keysUrl }) {
  const title = 'A token never seen before'
  const isRemembered = false
  const contenders = [
    bareSignature(tokens),
    arithmetic(tokens),
    leastWork(tokens),
    await midtierValidator(tokens, { isRemembered, maxCachedTokens: farTooFew }),
    await midtierValidator(tokens, { isRemembered, maxCachedTokens: 0, remark: ', no cache' }),
    await midtierValidator(tokens, { isRemembered, maxCachedTokens: tooFew, remark: ', the second use' }),
    await midtierWebApi(tokens, { maxCachedTokens: farTooFew }),
    ...(await peers(tokens, { keysUrl, cachedTokens: tooFew })),
    hashing(tokens),
  ]
  return { title, limit: 'signature', results: await inRounds(title, contenders, rounds) }
}

function inRounds(title, contenders, rounds) {
  const onRound = (round) => round % 10 === 0 && progress(`${title}: round ${round + 1} of ${rounds}`)
  return runRounds(contenders, { rounds, onRound })
}

const find = ({ results }, start) => results.find(({ name }) => name.startsWith(start))
const hashingOf = (measured) => find(measured, 'limit: sha256')
const signatureOf = (measured) => find(measured, 'limit: bare')
const gateOf = (measured) => find(measured, 'midtier: the token gate')

function tabulate(measured) {
  const rows = measured.results.map((result) => ({
    name: result.name,
    microseconds: median(result.times),
    least: Math.min(...result.times),
    most: Math.max(...result.times),
    toHashing: ratio(result, hashingOf(measured)),
    toSignature: ratio(result, signatureOf(measured)),
  }))
  return { title: measured.title, rows }
}

function promisesOf([one, , many, first, { results }], hostile) {
  const [, , oneUser, fewUsers, manyUsers] = results
  return [
    promise('a repeated token, as a multiple of hashing it', ratio(gateOf(one), hashingOf(one)), 1.5),
    promise('the same among 20,000 users', ratio(gateOf(many), hashingOf(many)), 1.5),
    promise('flat: 2,000 users, as a multiple of one', ratio(fewUsers, oneUser), 1.5),
    promise('flat: 20,000 users, as a multiple of one', ratio(manyUsers, oneUser), 1.5),
    promise(
      'a token first seen, as a multiple of a bare signature check',
      ratio(gateOf(first), signatureOf(first)),
      1.3,
    ),
    ...(hostile === undefined
      ? []
      : [promise('the dearest hostile token, as a multiple of a valid one first seen', hostile.worst, 10)]),
  ]
}

function promise(what, measured, most) {
  return { what, measured, most, kept: measured <= most }
}
