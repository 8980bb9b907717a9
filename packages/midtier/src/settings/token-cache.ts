// Where acquired tokens are kept: bounds of the process's own cache, and a shared store that cannot be given without keys to seal it.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { TokenCacheOptions } from '../options.ts'
import type { KeyRingOptions } from '../token-cache/key-ring.ts'
import type { TokenStore } from '../token-cache/store.ts'
import { resolveNumber } from './numbers.ts'

/** {@link TokenCacheOptions} resolved. */
export interface TokenCacheSettings {
  readonly maxEntries: number
  readonly maxBytes: number
  /** The shared store and the keys that seal it; both or neither. */
  readonly shared: { readonly store: TokenStore; readonly keyRing: KeyRingOptions } | undefined
  readonly storeTimeoutMs: number
}

const knownOptions = [
  'maxEntries',
  'maxBytes',
  'store',
  'keyRing',
  'storeTimeoutMs',
] as const satisfies readonly (keyof TokenCacheOptions)[]

const storeMethods = ['get', 'set', 'delete', 'deletePartition'] as const

/** @throws ConfigurationError naming the option at fault. Does not contact the store. */
export function resolveTokenCache(options: TokenCacheOptions): TokenCacheSettings {
  checkKnownOptions(options, knownOptions, 'tokenCache')
  return Object.freeze({
    maxEntries: resolveNumber('tokenCache.maxEntries', options.maxEntries),
    maxBytes: resolveNumber('tokenCache.maxBytes', options.maxBytes),
    shared: resolveShared(options),
    storeTimeoutMs: resolveNumber('tokenCache.storeTimeoutMs', options.storeTimeoutMs),
  })
}

// Sealing is not a choice: whoever can read the store could call every API as every user, and whoever can write it, as anybody.
function resolveShared({ store, keyRing }: TokenCacheOptions): TokenCacheSettings['shared'] {
  if (store === undefined && keyRing === undefined) return undefined
  if (store === undefined)
    throw new ConfigurationError(
      'tokenCache.store',
      'is missing beside keyRing; pass redisStore(client) or another store',
    )
  if (keyRing === undefined)
    throw new ConfigurationError(
      'tokenCache.keyRing',
      "is missing: tokens leave the process sealed only; pass { current: 'k1', keys: { k1: 32 random bytes, as base64 } }",
    )
  for (const method of storeMethods)
    if (typeof (store as Partial<TokenStore> | null)?.[method] !== 'function')
      throw new ConfigurationError(
        'tokenCache.store',
        `has no method ${method}; pass redisStore(client), not the client`,
      )
  return { store, keyRing }
}
