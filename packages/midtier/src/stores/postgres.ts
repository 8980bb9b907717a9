// Tokens in PostgreSQL: a row for each entry and lease, expired rows removed by those who use it, messages by NOTIFY.
import { isError } from '../kernel/errors/other-realms.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { ConfigurationError, TokenStoreError } from '../kernel/errors/errors.ts'
import { shareSubscription } from '../token-cache/share-subscription.ts'
import type { Lease, Slot, TokenStore } from '../token-cache/store.ts'
import { checkClient } from './check-client.ts'
import { keepSubscribed } from './keep-subscribed.ts'
import { listenOn, type PostgresConnection } from './postgres-listener.ts'
import { createSweeper } from './postgres-sweeper.ts'
import { buildStatements, sweptRows, type TableStatements } from './postgres-table.ts'

export type { PostgresConnection } from './postgres-listener.ts'

/** What a store needs of a `Pool` of pg. */
export interface PostgresPool {
  /** What the pool was made with, as far as it says so. */
  readonly options?: { readonly max?: number | undefined }
  query(text: string, values?: unknown[]): Promise<PostgresResult>
  connect(): Promise<PostgresConnection>
}

/** Rows of an answer. */
export interface PostgresResult {
  readonly rows: readonly object[]
}

/** How a PostgreSQL store is set up. */
export interface PostgresStoreOptions {
  /**
   * Name of the table, with or without a schema; lower-case words of at most 48 characters. Default `midtier_tokens`.
   * Created when it is missed for the first time, for which the role needs CREATE on the schema.
   */
  readonly table?: string | undefined
}

/**
 * A store in PostgreSQL, by the application's own pool.
 *
 * Does not seal: the web API does, with the `keyRing` beside it. Does not close the pool; give it a `query_timeout` above `storeTimeoutMs` and a `connectionTimeoutMillis`.
 * While subscribed it holds one connection of the pool, however many web APIs it is handed to; behind a pooler that shares connections
 * (PgBouncer in transaction mode) messages do not arrive.
 *
 * @throws ConfigurationError when the name of the table cannot be one, or the pool has one connection alone.
 * @example
 * ```ts
 * const pool = new Pool({ query_timeout: 2000, connectionTimeoutMillis: 2000 }) // of 'pg'
 * const tokenCache = {
 *   store: postgresStore(pool),
 *   keyRing: { current: 'k1', keys: { k1: process.env['TOKEN_CACHE_KEY'] ?? '' } },
 * }
 * ```
 */
export function postgresStore(pool: PostgresPool, options: PostgresStoreOptions = {}): Required<TokenStore> {
  checkKnownOptions(options, ['table'], '')
  checkClient(pool, 'pool', 'a Pool of pg')
  const sql = buildStatements(options.table ?? 'midtier_tokens')
  refuseSinglePool(pool)
  const ask = createQuery(pool, sql)
  const sweep = async (): Promise<boolean> => (await ask(sql.sweep, [])).rows.length >= sweptRows
  const sweeper = createSweeper(sweep)
  const query: Query = (text, values) => {
    sweeper.used()
    return ask(text, values)
  }
  let writes = 0
  return {
    async get(slot) {
      const { rows } = await query(sql.read, entryOf(slot))
      return rows[0] === undefined ? undefined : readValue(rows[0])
    },
    async set(slot, value, ttlMs) {
      if (ttlMs < 1) await query(sql.delete, entryOf(slot))
      else await query(sql.write, [...entryOf(slot), bytes(value), Math.floor(ttlMs)])
      if (writes++ % writesPerSweep === 0) await sweep()
    },
    async delete(slot) {
      await query(sql.delete, entryOf(slot))
    },
    async deletePartition(partition) {
      await query(sql.deletePartition, [bytes(partition)])
    },
    setIfGreater: (slot, rank, value, ttlMs) => writeIfGreater(query, sql, { slot, rank, value, ttlMs }),
    lease: (slot, ttlMs) => takeLease(query, sql, slot, ttlMs),
    async publish(message) {
      await pool.query('SELECT pg_notify($1, $2)', [sql.channel, message])
    },
    subscribe: shareSubscription(keepSubscribed(listenOn(() => pool.connect(), sql.channel))),
    faultGroup: () => '',
  }
}

/** Listening takes the one connection, and everything else would wait for it for ever. */
function refuseSinglePool({ options }: PostgresPool): void {
  if (options?.max === 1)
    throw new ConfigurationError(
      'pool',
      'has one connection alone (max: 1), and listening to messages takes it: make the pool with max: 2 or more',
    )
}

/** The first write of a process sweeps, and each that follows at this distance: where much is written, much expires. */
const writesPerSweep = 16

type Query = (text: string, values: unknown[]) => Promise<PostgresResult>

/** Codes for a table, and a column, that is not there. */
const missing: readonly unknown[] = ['42P01', '42703']

/** Where a statement misses the table, or a column of it, that is created and the statement sent again; otherwise nobody thinks of it. */
function createQuery(pool: PostgresPool, { create }: TableStatements): Query {
  return async (text, values) => {
    try {
      return await pool.query(text, values)
    } catch (error) {
      if (!(isError(error) && 'code' in error && missing.includes(error.code))) throw error
      await pool.query(create)
      return pool.query(text, values)
    }
  }
}

interface Ranked {
  readonly slot: Slot
  readonly rank: number
  readonly value: string
  readonly ttlMs: number
}

/** What stands is read after writing was refused; when it has gone meanwhile, there is nothing to refuse for. */
async function writeIfGreater(
  query: Query,
  sql: TableStatements,
  { slot, rank, value, ttlMs }: Ranked,
): Promise<string | undefined> {
  const wholeTtlMs = Math.max(1, Math.floor(ttlMs))
  for (let tries = 1; tries <= 3; tries += 1) {
    const { rows } = await query(sql.writeIfGreater, [...entryOf(slot), bytes(value), wholeTtlMs, rank])
    if (rows.length > 0) return undefined
    const [standing] = (await query(sql.read, entryOf(slot))).rows
    if (standing !== undefined) return readValue(standing)
  }
  throw new TokenStoreError('setIfGreater: what stands comes and goes')
}

async function takeLease(
  query: Query,
  sql: TableStatements,
  slot: Slot,
  ttlMs: number,
): Promise<Lease | undefined> {
  const place = [bytes(slot.partition), bytes(`lease:${slot.key}`)]
  const token = bytes(crypto.randomUUID()) // whoever takes over an ended lease has another one
  const { rows } = await query(sql.takeLease, [...place, token, Math.max(1, Math.floor(ttlMs))])
  if (rows.length === 0) return undefined
  return {
    async release() {
      await query(sql.releaseLease, [...place, token])
    },
  }
}

function entryOf({ partition, key }: Slot): unknown[] {
  return [bytes(partition), bytes(`entry:${key}`)]
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'utf8')
}

function readValue(row: object): string {
  const value: unknown = Reflect.get(row, 'value')
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  throw new TokenStoreError('get: PostgreSQL answered with something other than bytes')
}
