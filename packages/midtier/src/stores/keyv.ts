// Tokens in any Keyv-compatible store, which knows neither sets nor locks: each account has a generation, and its entries carry it.
//
// Forgetting an account gives it another generation, which no entry carries: as Keyv has no atomic list, this is what cannot
// be raced. Old entries are misses at once and vanish when their time is over. An account without a generation has no entries,
// so one that is lost or evicted loses entries and never brings one back. Processes that write the first entries of an account
// at the same time may each begin a generation; the last one stands, and what was written under the others is a miss.
import { TokenStoreError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { Slot, TokenStore } from '../token-cache/store.ts'
import { checkClient } from './check-client.ts'

/** What a store needs of Keyv 4 or 5, cacheable, or anything alike. */
export interface KeyvLike {
  get(key: string): Promise<unknown>
  set(key: string, value: string, ttlMs?: number): Promise<unknown>
  delete(key: string): Promise<unknown>
}

/** How a Keyv store is set up. */
export interface KeyvStoreOptions {
  /** Begins every key. Default `midtier:`. */
  readonly prefix?: string | undefined
  /** How long an account's generation lives, and so the longest that any of its entries does. Default 180 days. */
  readonly generationTtlMs?: number | undefined
}

const dayMs = 24 * 3600 * 1000

/**
 * A store in Keyv. It has no lease and no messages: processes that share it each ask the authority once, and one process
 * hears that an account was forgotten when its own copies expire. Nor can it compare: of two revocations at once the later one stands
 * unless a write arrives after its time limit. Where that matters, take `redisStore` or `postgresStore`.
 *
 * Does not seal: the web API does, with the `keyRing` beside it. Keyv swallows the failures of reading unless it has `throwOnErrors: true`: set it.
 *
 * @throws ConfigurationError when there is no Keyv.
 * @example
 * ```ts
 * const keyv = new Keyv({ throwOnErrors: true }) // of 'keyv', with the storage adapter of your choice
 * const tokenCache = {
 *   store: keyvStore(keyv),
 *   keyRing: { current: 'k1', keys: { k1: process.env['TOKEN_CACHE_KEY'] ?? '' } },
 * }
 * ```
 */
export function keyvStore(keyv: KeyvLike, options: KeyvStoreOptions = {}): TokenStore {
  checkKnownOptions(options, ['prefix', 'generationTtlMs'], '')
  checkClient(keyv, 'keyv', 'a Keyv')
  const { prefix = 'midtier:', generationTtlMs = 180 * dayMs } = options

  return {
    async get(slot) {
      const [generation, stored] = await Promise.all([
        keyv.get(generationName(slot.partition)),
        keyv.get(entryName(slot)),
      ])
      if (typeof generation !== 'string' || typeof stored !== 'string') return undefined
      return stored.startsWith(`${generation} `) ? stored.slice(generation.length + 1) : undefined
    },
    async set(slot, value, ttlMs) {
      const wholeTtlMs = Math.min(Math.floor(ttlMs), generationTtlMs)
      if (wholeTtlMs < 1) {
        await keyv.delete(entryName(slot)) // to Keyv no time to live means forever
        return
      }
      const generation = (await readGeneration(slot.partition)) ?? (await startGeneration(slot.partition))
      await write(entryName(slot), `${generation} ${value}`, wholeTtlMs)
    },
    async delete(slot) {
      await keyv.delete(entryName(slot))
    },
    async deletePartition(partition) {
      await startGeneration(partition)
    },
  }

  async function readGeneration(partition: string): Promise<string | undefined> {
    const generation = await keyv.get(generationName(partition))
    return typeof generation === 'string' ? generation : undefined
  }

  async function startGeneration(partition: string): Promise<string> {
    const generation = crypto.randomUUID()
    await write(generationName(partition), generation, generationTtlMs)
    return generation
  }

  /** Keyv answers `false` where others throw. */
  async function write(name: string, value: string, ttlMs: number): Promise<void> {
    if ((await keyv.set(name, value, ttlMs)) === false)
      throw new TokenStoreError('set: Keyv could not write, and keeps the reason to itself')
  }

  function generationName(partition: string): string {
    return `${prefix}generation:${partition}`
  }

  function entryName({ partition, key }: Slot): string {
    return `${prefix}entry:${partition.length}:${partition}:${key}`
  }
}
