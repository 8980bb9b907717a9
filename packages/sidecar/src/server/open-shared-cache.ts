// Opens the shared cache that is configured. The clients are loaded only where they are wanted.
import type { KeyRingOptions, Logger, TokenStore } from 'midtier'
import type { SharedCache } from '../config/token-cache.ts'
import { createRareWarning } from '../kernel/log.ts'

/** A cache that is open. */
export interface OpenCache {
  readonly tokenCache: { readonly store: TokenStore; readonly keyRing: KeyRingOptions }
  readonly close: () => Promise<void>
}

// Above the library's own limit for one operation of a store.
const commandTimeoutMs = 2_000

/** Does not wait for the server: a cache that cannot be reached is a miss, and said in the log. */
export async function openSharedCache(shared: SharedCache, logger: Logger): Promise<OpenCache> {
  const warn = createRareWarning(logger, () => performance.now())
  const report = (error: Error): void =>
    warn('store', { error: error.name }, `The shared cache (${shared.kind}) cannot be reached`)
  return shared.kind === 'redis' ? openRedis(shared, report) : openPostgres(shared, report)
}

async function openRedis(
  { address, keyRing }: SharedCache,
  report: (error: Error) => void,
): Promise<OpenCache> {
  const [{ Redis }, { redisStore }] = await Promise.all([import('ioredis'), import('midtier/redis')])
  const client = new Redis(address, { commandTimeout: commandTimeoutMs, maxRetriesPerRequest: 1 })
  client.on('error', report)
  return {
    tokenCache: { store: redisStore(client), keyRing },
    close: () => {
      client.disconnect()
      return Promise.resolve()
    },
  }
}

async function openPostgres(
  { address, keyRing }: SharedCache,
  report: (error: Error) => void,
): Promise<OpenCache> {
  const [{ default: pg }, { postgresStore }] = await Promise.all([import('pg'), import('midtier/postgres')])
  const pool = new pg.Pool({
    connectionString: address,
    query_timeout: commandTimeoutMs,
    connectionTimeoutMillis: commandTimeoutMs,
  })
  pool.on('error', report)
  return { tokenCache: { store: postgresStore(pool), keyRing }, close: () => pool.end() }
}
