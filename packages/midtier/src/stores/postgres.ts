// Tokens in PostgreSQL: a row for each entry and lease, expired rows removed by those who write, messages by NOTIFY.
import { checkKnownOptions } from '../kernel/known-options.ts'
import { TokenStoreError } from '../kernel/errors.ts'
import type { Lease, Slot, TokenStore } from '../token-cache/store.ts'
import { type Connection, keepSubscribed } from './keep-subscribed.ts'
import { buildStatements, type TableStatements } from './postgres-table.ts'

/** What a store needs of a `Pool` of pg. */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<PostgresResult>
  connect(): Promise<PostgresConnection>
}

/** A connection that listens; it is taken out of the pool for as long as somebody is subscribed. */
export interface PostgresConnection {
  query(text: string): Promise<unknown>
  on(
    event: 'notification',
    listener: (notification: { readonly payload?: string | undefined }) => void,
  ): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  /** `true` closes the connection instead of giving it back. */
  release(destroy?: boolean): void
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
  readonly table?: string
}

/**
 * A store in PostgreSQL, by the application's own pool.
 *
 * Does not seal: put `sealed` around it. Does not close the pool; give it a `query_timeout` and a `connectionTimeoutMillis`.
 * While subscribed it holds one connection of the pool; behind a pooler that shares connections (PgBouncer in transaction
 * mode) messages do not arrive.
 *
 * @throws ConfigurationError when the name of the table cannot be one.
 */
export function postgresStore(pool: PostgresPool, options: PostgresStoreOptions = {}): Required<TokenStore> {
  checkKnownOptions(options, ['table'], '')
  const sql = buildStatements(options.table ?? 'midtier_tokens')
  const query = createQuery(pool, sql)
  let writes = 0
  return {
    async get(slot) {
      const { rows } = await query(sql.read, entryOf(slot))
      return rows[0] === undefined ? undefined : readValue(rows[0])
    },
    async set(slot, value, ttlMs) {
      if (ttlMs < 1) await query(sql.delete, entryOf(slot))
      else await query(sql.write, [...entryOf(slot), bytes(value), Math.floor(ttlMs)])
      if (writes++ % writesPerSweep === 0) await query(sql.sweep, [])
    },
    async delete(slot) {
      await query(sql.delete, entryOf(slot))
    },
    async deletePartition(partition) {
      await query(sql.deletePartition, [bytes(partition)])
    },
    lease: (slot, ttlMs) => takeLease(query, sql, slot, ttlMs),
    async publish(message) {
      await pool.query('SELECT pg_notify($1, $2)', [sql.channel, message])
    },
    subscribe: (listener) => keepSubscribed(listener, (hear, lost) => listen(pool, sql.channel, hear, lost)),
  }
}

/** The first write of a process sweeps, and each that follows at this distance: what nobody reads any more goes without a timer. */
const writesPerSweep = 16

type Query = (text: string, values: unknown[]) => Promise<PostgresResult>

const undefinedTable = '42P01'

/** Where a statement misses the table, the table is created and the statement sent again; otherwise nobody thinks of it. */
function createQuery(pool: PostgresPool, { create }: TableStatements): Query {
  return async (text, values) => {
    try {
      return await pool.query(text, values)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === undefinedTable)) throw error
      await pool.query(create)
      return pool.query(text, values)
    }
  }
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

function listen(
  pool: PostgresPool,
  channel: string,
  hear: (message: string) => void,
  lost: () => void,
): Connection {
  let isClosed = false
  let connection: PostgresConnection | undefined

  return { opened: open(), close: giveUp }

  async function open(): Promise<void> {
    connection = await pool.connect()
    if (isClosed) {
      release()
      return
    }
    connection.on('notification', ({ payload = '' }) => hear(payload))
    connection.on('error', lost)
    connection.on('end', lost)
    await connection.query(`LISTEN "${channel}"`)
  }

  function giveUp(): void {
    isClosed = true
    release()
  }

  /** Closed, not given back: it would go on listening in the pool. */
  function release(): void {
    connection?.release(true)
    connection = undefined
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
