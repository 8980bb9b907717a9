// Tokens in Redis or Valkey, single or cluster: a key for each entry, and for each partition a sorted set that lists its entries.
//
// Reading is one GET and knows nothing of the list. Writing puts the entry and its line in the list in one script, and drops
// lines that have expired, so that a list is never longer than what is alive. Deleting a partition reads its list and deletes
// what is on it: as much work as the account has entries, and no KEYS or SCAN. The partition is the hash tag of all its keys,
// so that in a cluster they live on one node, where one script may touch them.
//
// A list lives as long as its longest entry. Under the eviction policies `noeviction` and `volatile-ttl` it is never evicted
// before its entries are; under the others deletePartition can miss entries whose list was evicted.
import { ConfigurationError, TokenStoreError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { shareSubscription } from '../token-cache/share-subscription.ts'
import type { Lease, Slot, TokenStore } from '../token-cache/store.ts'
import { keepSubscribed } from './keep-subscribed.ts'
import { type RedisClient, type RedisCommands, redisCommands } from './redis-client.ts'
import { entryName, leaseName, listName, partOf, rankName } from './redis-keys.ts'

export type {
  IoredisClient,
  IoredisCluster,
  NodeRedisClient,
  NodeRedisCluster,
  RedisClient,
} from './redis-client.ts'

/** How a Redis store is set up. */
export interface RedisStoreOptions {
  /** Begins every key and names the channel; 1 to 64 characters without braces. Default `midtier:`. */
  readonly prefix?: string | undefined
}

/**
 * A store in Redis, by the application's own client: ioredis 5 or 6, or @redis/client, single or cluster.
 *
 * Does not seal: the web API does, with the `keyRing` beside it. Does not connect, configure or close the client; give it a command timeout above
 * `storeTimeoutMs` and, so that requests do not queue up during an outage, a bounded offline queue.
 *
 * @throws ConfigurationError for another kind of client, or a prefix that cannot be one.
 * @example
 * ```ts
 * const redis = new Redis({ commandTimeout: 2000, maxRetriesPerRequest: 1 }) // of 'ioredis'
 * const tokenCache = {
 *   store: redisStore(redis),
 *   keyRing: { current: 'k1', keys: { k1: process.env['TOKEN_CACHE_KEY'] ?? '' } },
 * }
 * ```
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): Required<TokenStore> {
  const prefix = readPrefix(options)
  const redis = redisCommands(client)
  const channel = `${prefix}messages`
  return {
    get: (slot) => readEntry(redis, entryName(prefix, slot)),
    set: (slot, value, ttlMs) => writeEntry(redis, prefix, slot, value, ttlMs),
    async delete(slot) {
      const name = entryName(prefix, slot)
      await redis.send(name, 'DEL', name) // its line in the list expires, and points at nothing until then
    },
    deletePartition: (partition) => deletePartition(redis, prefix, partition),
    setIfGreater: (slot, rank, value, ttlMs) => writeIfGreater(redis, prefix, { slot, rank, value, ttlMs }),
    lease: (slot, ttlMs) => takeLease(redis, leaseName(prefix, slot), ttlMs),
    async publish(message) {
      await redis.send(undefined, 'PUBLISH', channel, message)
    },
    // One connection, however many web APIs this store is handed to.
    subscribe: shareSubscription(keepSubscribed((hear, lost) => redis.subscribe({ channel, hear, lost }))),
    faultGroup: (partition) => (redis.isCluster ? String(partOf(partition)) : ''),
  }
}

function readPrefix(options: RedisStoreOptions): string {
  checkKnownOptions(options, ['prefix'], '')
  const { prefix = 'midtier:' } = options
  if (/^[^{}\s]{1,64}$/.test(prefix)) return prefix
  throw new ConfigurationError('prefix', 'must be 1 to 64 characters without braces and white space')
}

async function readEntry(redis: RedisCommands, name: string): Promise<string | undefined> {
  return readText(await redis.send(name, 'GET', name))
}

function readText(reply: unknown): string | undefined {
  if (reply === null || reply === undefined || reply === false) return undefined
  if (typeof reply === 'string') return reply
  if (reply instanceof Uint8Array) return new TextDecoder().decode(reply) // a client that was told to give bytes
  throw new TokenStoreError('get: Redis answered with something other than text')
}

/**
 * The list first: a line without an entry does no harm, an entry without a line would outlive its account.
 * And ZADD before anything is removed: once a script has written, a Redis without memory lets it go on.
 */
const writeScript = `
local now = redis.call('TIME')
local nowMs = now[1] * 1000 + math.floor(now[2] / 1000)
local ttlMs = tonumber(ARGV[2])
redis.call('ZADD', KEYS[2], nowMs + ttlMs, ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', nowMs)
if redis.call('PTTL', KEYS[2]) < ttlMs then redis.call('PEXPIRE', KEYS[2], ttlMs) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ttlMs)`

async function writeEntry(
  redis: RedisCommands,
  prefix: string,
  slot: Slot,
  value: string,
  ttlMs: number,
): Promise<void> {
  const name = entryName(prefix, slot)
  const wholeTtlMs = Math.floor(ttlMs)
  if (wholeTtlMs < 1) await redis.send(name, 'DEL', name)
  else {
    const keys = [name, listName(prefix, slot.partition)]
    await redis.send(name, 'EVAL', writeScript, '2', ...keys, value, String(wholeTtlMs), slot.key)
  }
}

/**
 * The rank lies beside the entry, with the sum of the value that it was given for: what was written without a rank, or is gone, has none.
 * In one script, so that no process comes between reading the rank and writing.
 */
const writeIfGreaterScript = `
local value = redis.call('GET', KEYS[1])
if value then
  local rank, sum = string.match(redis.call('GET', KEYS[3]) or '', '^(%d+) (%x+)$')
  if sum == redis.sha1hex(value) and tonumber(rank) >= tonumber(ARGV[4]) then return value end
end
${writeScript}
redis.call('SET', KEYS[3], ARGV[4] .. ' ' .. redis.sha1hex(ARGV[1]), 'PX', ttlMs)
return false`

interface Ranked {
  readonly slot: Slot
  readonly rank: number
  readonly value: string
  readonly ttlMs: number
}

async function writeIfGreater(
  redis: RedisCommands,
  prefix: string,
  { slot, rank, value, ttlMs }: Ranked,
): Promise<string | undefined> {
  const name = entryName(prefix, slot)
  const keys = [name, listName(prefix, slot.partition), rankName(prefix, slot)]
  const wholeTtlMs = String(Math.max(1, Math.floor(ttlMs)))
  const args = [value, wholeTtlMs, slot.key, String(rank)]
  return readText(await redis.send(name, 'EVAL', writeIfGreaterScript, '3', ...keys, ...args))
}

const pageLength = 500
const maxPages = 1000

const deleteScript = `
redis.call('ZREM', KEYS[1], unpack(ARGV))
redis.call('UNLINK', unpack(KEYS, 2))`

/** Page by page until the list is empty; what is written meanwhile is on it, too. */
async function deletePartition(redis: RedisCommands, prefix: string, partition: string): Promise<void> {
  const list = listName(prefix, partition)
  for (let page = 0; page < maxPages; page += 1) {
    const reply = await redis.send(list, 'ZRANGE', list, '0', String(pageLength - 1))
    const keys = Array.isArray(reply) ? reply.map(String) : []
    if (keys.length === 0) return
    const names = keys.map((key) => entryName(prefix, { partition, key }))
    await redis.send(list, 'EVAL', deleteScript, String(names.length + 1), list, ...names, ...keys)
  }
  throw new TokenStoreError('deletePartition: entries are written faster than they can be deleted')
}

/** Somebody else may have the lease by now, so that it is given back only by whoever knows its token. */
const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`

async function takeLease(redis: RedisCommands, name: string, ttlMs: number): Promise<Lease | undefined> {
  const token = crypto.randomUUID()
  const px = String(Math.max(1, Math.floor(ttlMs)))
  const reply = await redis.send(name, 'SET', name, token, 'NX', 'PX', px)
  if (reply === null || reply === undefined) return undefined
  return {
    async release() {
      await redis.send(name, 'EVAL', releaseScript, '1', name, token)
    },
  }
}
