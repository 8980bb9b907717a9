// The table of a PostgreSQL store and the statements on it; its name is the only text that is not a parameter.
import { ConfigurationError } from '../kernel/errors/errors.ts'

/** The statements of one table. */
export interface TableStatements {
  /** Creates the table, or what an older one lacks, once, however many processes try at the same time. */
  readonly create: string
  readonly read: string
  readonly write: string
  /** Gives a row when it wrote. */
  readonly writeIfGreater: string
  /** Removes some expired rows; passes over those that somebody else works on, so that nobody waits and nothing deadlocks. */
  readonly sweep: string
  readonly delete: string
  readonly deletePartition: string
  readonly takeLease: string
  readonly releaseLease: string
  /** Where messages are sent; derived from the name of the table. */
  readonly channel: string
}

/** Lower-case words, the only names that mean the same with and without quotes; 48 characters leave room for suffixes. */
const tableName = /^([a-z_][a-z0-9_]{0,47}\.)?[a-z_][a-z0-9_]{0,47}$/

/** Most expired rows that one sweep removes; it gives a row for each. */
export const sweptRows = 500

const expiry = `now() + $4 * interval '1 millisecond'`
const replace =
  'DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at, write_rank = EXCLUDED.write_rank'

/**
 * Builds the statements of a table.
 *
 * @throws ConfigurationError when the name is not one or two lower-case words: it becomes part of SQL.
 */
export function buildStatements(table: string): TableStatements {
  if (!tableName.test(table))
    throw new ConfigurationError(
      'table',
      'must be a lower-case name of at most 48 characters, such as schema.table',
    )
  const quoted = table
    .split('.')
    .map((word) => `"${word}"`)
    .join('.')
  const word = table.split('.').at(-1) ?? table
  return {
    create: buildCreate(quoted, word),
    read: `SELECT value FROM ${quoted} WHERE partition = $1 AND slot = $2 AND expires_at > now()`,
    write: `
      INSERT INTO ${quoted} (partition, slot, value, expires_at) VALUES ($1, $2, $3, ${expiry})
      ON CONFLICT (partition, slot) ${replace}`,
    writeIfGreater: `
      INSERT INTO ${quoted} AS held (partition, slot, value, expires_at, write_rank) VALUES ($1, $2, $3, ${expiry}, $5)
      ON CONFLICT (partition, slot) ${replace}
      WHERE held.expires_at <= now() OR held.write_rank IS NULL OR held.write_rank < EXCLUDED.write_rank
      RETURNING 1`,
    sweep: `
      DELETE FROM ${quoted} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${quoted} WHERE expires_at <= now()
        ORDER BY expires_at LIMIT ${sweptRows} FOR UPDATE SKIP LOCKED))
      RETURNING 1`,
    delete: `DELETE FROM ${quoted} WHERE partition = $1 AND slot = $2`,
    deletePartition: `DELETE FROM ${quoted} WHERE partition = $1`,
    takeLease: buildTakeLease(quoted),
    releaseLease: `DELETE FROM ${quoted} WHERE partition = $1 AND slot = $2 AND value = $3`,
    channel: `${word}_messages`,
  }
}

/** Bytes, not text: PostgreSQL's text has no NUL, and its comparison depends on the language of the database. */
function buildCreate(quoted: string, word: string): string {
  return `
    SELECT pg_advisory_xact_lock(hashtext('${quoted}')); -- IF NOT EXISTS alone fails when two try at once
    CREATE TABLE IF NOT EXISTS ${quoted} (
      partition bytea NOT NULL,
      slot bytea NOT NULL,
      value bytea NOT NULL,
      expires_at timestamptz NOT NULL,
      write_rank bigint,
      PRIMARY KEY (partition, slot)
    );
    ALTER TABLE ${quoted} ADD COLUMN IF NOT EXISTS write_rank bigint; -- tables of the first version have none
    CREATE INDEX IF NOT EXISTS "${word}_expires_at" ON ${quoted} (expires_at);`
}

/** Inserts, or takes over what has ended; otherwise there is no row to return. */
function buildTakeLease(quoted: string): string {
  return `
    INSERT INTO ${quoted} AS held (partition, slot, value, expires_at) VALUES ($1, $2, $3, ${expiry})
    ON CONFLICT (partition, slot) ${replace}
    WHERE held.expires_at <= now()
    RETURNING 1`
}
