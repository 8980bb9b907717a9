// The doctor's round trip through a real PostgreSQL: what it leaves, and what it says when the server refuses.
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { postgresStore } from '../../src/stores/postgres.ts'
import { startPostgres, type PostgresServer } from '../stores/postgres-server.ts'
import { lookAt, sound } from './look-at-store.ts'

let server: PostgresServer
let admin: pg.Pool
const pools: pg.Pool[] = []

function connect(user = 'postgres', more: pg.PoolConfig = {}): pg.Pool {
  const url = new URL(server.connectionString)
  url.username = user
  url.password = 'Hunter2'
  const pool = new pg.Pool({ connectionString: url.href, connectionTimeoutMillis: 5_000, ...more })
  pool.on('error', () => undefined)
  pools.push(pool)
  return pool
}

beforeAll(async () => {
  server = await startPostgres()
  admin = connect()
  await admin.query('create role reader login; create role newcomer login')
})

afterAll(async () => {
  await server.stop()
  await Promise.all(pools.map((pool) => pool.end()))
})

it('is sound, and leaves nothing behind', async () => {
  expect(await lookAt(postgresStore(connect()))).toEqual(sound)
  expect((await admin.query('select * from midtier_tokens')).rows).toEqual([])
})

it.each([
  ['a role that may not create the table', 'newcomer', 'other_tokens', '42501'],
  ['a role that may not write', 'reader', 'midtier_tokens', '42501'],
  ['a role that is not there', 'nobody', 'midtier_tokens', '28000'],
])('names %s by the code of the server', async (_, role, table, code) => {
  await admin.query('grant select on midtier_tokens to reader')
  const findings = await lookAt(postgresStore(connect(role), { table }))
  expect(findings).toMatchObject([{ check: 'store', verdict: 'failed', is: `fails: ${code}` }])
  expect(JSON.stringify(findings)).not.toContain('Hunter2')
})
