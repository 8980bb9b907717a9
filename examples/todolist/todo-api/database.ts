// Where the tasks live: PGlite (PostgreSQL in this process, on disk) by default, a PostgreSQL server when there is one; same SQL.
import { mkdir } from 'node:fs/promises'
import { lockDirectory } from './directory-lock.ts'

/** The database does not answer, or cannot take more; the statement may be tried again later. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** All that the rest needs of a database. */
export interface Database {
  /**
   * Runs one statement; values travel as `$1`, `$2`, … and never inside the text.
   *
   * @throws DatabaseUnavailable
   */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
  close(): Promise<void>
}

/** Which database to open. */
export interface DatabaseOptions {
  /** `postgres://…`; absent, PGlite is used. */
  readonly databaseUrl: string | undefined
  /** Where PGlite keeps its files; made when missing. */
  readonly dataDirectory: string
}

const patienceMs = 10_000

/** Opens the database. @throws Error when another process has the data directory, or the server does not answer. */
export async function openDatabase({ databaseUrl, dataDirectory }: DatabaseOptions): Promise<Database> {
  return databaseUrl === undefined ? openEmbedded(dataDirectory) : openServer(databaseUrl)
}

async function openEmbedded(dataDirectory: string): Promise<Database> {
  await mkdir(dataDirectory, { recursive: true })
  const unlock = await lockDirectory(dataDirectory)
  const { PGlite } = await import('@electric-sql/pglite')
  const pglite = await PGlite.create(`${dataDirectory}/pglite`)
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pglite.query<Row>(sql, [...parameters])).rows,
    close: async () => {
      await pglite.close()
      await unlock()
    },
  }
}

async function openServer(databaseUrl: string): Promise<Database> {
  const { default: postgres } = await import('pg')
  const pool = new postgres.Pool({
    connectionString: databaseUrl,
    max: 5,
    connectionTimeoutMillis: patienceMs,
    statement_timeout: patienceMs,
    query_timeout: patienceMs,
  })
  // An idle connection that breaks is no event for anybody: the pool opens another for the next query.
  pool.on('error', () => undefined)
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) => {
      try {
        return (await pool.query(sql, [...parameters])).rows as Row[]
      } catch (error) {
        throw isOutage(error)
          ? new DatabaseUnavailable('PostgreSQL does not answer', { cause: error })
          : error
      }
    },
    close: () => pool.end(),
  }
}

/** What the server says has an SQLSTATE of five characters; of those, classes 08, 53 and 57 are about itself, not about us. */
function isOutage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(08|53|57)/.test(code) || !/^[0-9A-Z]{5}$/.test(code)
}
