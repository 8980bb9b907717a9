// What acquiring a token costs: cached, by how many users are; its memory; a miss; and a fresh process with a warm Redis.
import { counts, measureCached } from './acquire-cached.mjs'
import { measureHeap } from './acquire-heap.mjs'
import { measureMiss } from './acquire-miss.mjs'
import { measureRedis } from './acquire-redis.mjs'
import { accessTokenLength } from './acquire-tokens.mjs'
import { median, ratio } from './rounds.mjs'

export { render } from './acquire-report.mjs'

const progress = (text) => process.stderr.write(`${text}\n`)

/** Slow measurements take the median over this many rounds at most. */
const fewRounds = 31

export async function measure({ rounds, quick }) {
  const redis = await measureRedis({ progress })
  const heap = await measureHeap({ progress })
  const misses = await measureMiss({ rounds: Math.min(rounds, quick ? 7 : fewRounds), progress })
  const { results, assertionLength } = await measureCached({ rounds, quick, progress })
  return {
    peers: ['@azure/msal-node', '@azure/identity', 'ioredis'],
    tokenLength: assertionLength,
    accessTokenLength,
    counts,
    cached: results.map(summarise),
    heap,
    misses: misses.map((result) => ({
      ...summarise(result),
      toBarePost: transports.map((transport) => ratio(result, barePost(misses, transport))),
    })),
    transports,
    redis,
    promises: promisesOf({ results, heap, misses, redis }),
  }
}

/** Clients of HTTP that a bare POST is sent by. */
const transports = ['undici.request', 'node:https', 'the global fetch']

function barePost(misses, transport) {
  return misses.find(({ name }) => name === `limit: bare POST, ${transport}`)
}

function summarise({ name, times }) {
  return { name, microseconds: median(times), least: Math.min(...times), most: Math.max(...times) }
}

function promisesOf({ results, heap, misses, redis }) {
  const find = (name) => results.find((result) => result.name === name)
  const miss = misses.find(({ name }) => name === 'midtier')
  const microseconds = (what) =>
    Math.max(...counts.map((count) => median(find(`midtier ${what} ${count}`).times)))
  const most = counts.at(-1)
  const flat = ratio(find(`midtier onBehalfOf ${most}`), find('midtier onBehalfOf 1'))
  const [first, ...later] = redis?.warm.map(({ commands }) => commands) ?? []
  return [
    promise('cached, on behalf of a user, at any number of users', microseconds('onBehalfOf'), 5, ' µs'),
    promise(`the same for ${most.toLocaleString('en')} users, as a multiple of one`, flat, 1.5, '×'),
    promise('cached, silent, at any number of users', microseconds('silent'), 1, ' µs'),
    promise('cached, for the application, at any number of users', microseconds('app'), 1, ' µs'),
    promise('heap of a user’s cached token', heap[0].bytesPerUser / 1024, 3, ' KiB'),
    ...transports.map((transport) =>
      promise(
        `a miss, as a multiple of a bare POST by ${transport}`,
        ratio(miss, barePost(misses, transport)),
        1.2,
        '×',
      ),
    ),
    ...(redis === undefined
      ? []
      : [
          promise('first request with a warm Redis', first.length, 1, ` command (${first.join(', ')})`),
          promise('later requests', later.flat().length, 0, ' commands'),
        ]),
  ]
}

function promise(what, measured, most, unit) {
  return { what, measured, most, unit, kept: measured <= most }
}
