import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresStore } from '../../src/stores/postgres.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { describeConformance, keyRing, wait } from './conformance.ts'
import { untilDone } from './free-port.ts'
import { compareWithModel } from './model.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

let server: PostgresServer
let pool: pg.Pool
let otherPool: pg.Pool
let store: Required<TokenStore>
let other: Required<TokenStore>

function createPool(): pg.Pool {
  const created = new pg.Pool({ connectionString: server.connectionString, max: 6 })
  created.on('error', () => undefined)
  return created
}

beforeAll(async () => {
  server = await startPostgres()
  pool = createPool()
  otherPool = createPool()
  store = postgresStore(pool)
  other = postgresStore(otherPool)
})

afterAll(async () => {
  await server.stop() // first: it ends what a test that failed has left waiting
  await Promise.all([pool.end(), otherPool.end()])
})

describeConformance('the PostgreSQL store conforms: it', ['lease', 'messages', 'ranks'], () => ({
  store,
  other,
}))

describeConformance('the PostgreSQL store, sealed, conforms: it', ['lease', 'messages', 'ranks'], () => ({
  store: sealed(store, keyRing),
  other: sealed(other, keyRing),
}))

describe('the PostgreSQL store', () => {
  it('behaves as a naive map does, seen by two processes', () => compareWithModel([store, other], 40))

  it('reads with one query once there is a table', async () => {
    const texts: string[] = []
    const watched = postgresStore({
      query: (text, values) => {
        texts.push(text)
        return pool.query(text, values)
      },
      connect: () => pool.connect(),
    })
    await watched.get({ partition: 'p', key: 'k' })
    expect(texts).toHaveLength(1)
  })

  it('creates its table once, though many find it missing at the same time', async () => {
    const stores = Array.from({ length: 6 }, (_, index) =>
      postgresStore(index % 2 === 0 ? pool : otherPool, { table: 'created_by_many' }),
    )
    await Promise.all(
      stores.map(async (each, index) => each.set({ partition: 'p', key: String(index) }, 'v', 60_000)),
    )
    const { rows } = await pool.query('SELECT count(*)::int AS count FROM created_by_many')
    expect(rows).toEqual([{ count: 6 }])
  })

  it('creates its table again after it was dropped', async () => {
    const dropped = postgresStore(pool, { table: 'public.dropped' })
    await dropped.set({ partition: 'p', key: 'k' }, 'v', 60_000)
    await pool.query('DROP TABLE dropped')
    expect(await dropped.get({ partition: 'p', key: 'k' })).toBeUndefined()
    await dropped.set({ partition: 'p', key: 'k' }, 'v', 60_000)
    expect(await dropped.get({ partition: 'p', key: 'k' })).toBe('v')
  })

  it('adds what a table of the first version lacks', async () => {
    await pool.query(`
      CREATE TABLE first_version (partition bytea NOT NULL, slot bytea NOT NULL, value bytea NOT NULL,
        expires_at timestamptz NOT NULL, PRIMARY KEY (partition, slot))`)
    const upgraded = postgresStore(pool, { table: 'first_version' })
    await upgraded.set({ partition: 'p', key: 'k' }, 'v', 60_000)
    expect(await upgraded.setIfGreater({ partition: 'p', key: 'k' }, 1, 'ranked', 60_000)).toBeUndefined()
    expect(await upgraded.get({ partition: 'p', key: 'k' })).toBe('ranked')
  })

  it('refuses a pool of one connection', async () => {
    const single = new pg.Pool({ connectionString: server.connectionString, max: 1 })
    expect(() => postgresStore(single)).toThrow(/^pool: /)
    await single.end()
  })

  it('holds one connection for all who listen', async () => {
    const subscriptions = [1, 2, 3, 4, 5, 6, 7].map(() => store.subscribe(() => undefined)) // the pool has six
    await Promise.all(subscriptions.map(({ ready }) => ready))
    await store.set({ partition: 'p', key: 'listening' }, 'v', 60_000)
    for (const subscription of subscriptions) await subscription.close()
  })

  it('does not grow by what has expired', async () => {
    const swept = postgresStore(pool, { table: 'swept' })
    for (let index = 0; index < 40; index += 1)
      await swept.set({ partition: `user${index}`, key: 'k' }, 'v', 20)
    await swept.lease({ partition: 'user', key: 'k' }, 20)
    await wait(60)
    for (let index = 0; index < 16; index += 1)
      await swept.set({ partition: 'alive', key: String(index) }, 'v', 60_000)
    const { rows } = await pool.query(`SELECT count(*)::int AS count FROM swept`)
    expect(rows).toEqual([{ count: 16 }])
  })

  it('writes and sweeps the same rows from many sides without a deadlock', async () => {
    const stores = [pool, otherPool].map((each) => postgresStore(each, { table: 'contended' }))
    await stores[0]!.get({ partition: 'p', key: 'k' })
    const writes = Array.from({ length: 600 }, async (_, index) => {
      const slot = { partition: `user${index % 5}`, key: String(index % 3) }
      return stores[index % 2]!.set(slot, 'v', index % 4 === 0 ? 60_000 : 1)
    })
    const results = await Promise.allSettled(writes)
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
  })

  it('passes over an expired row that somebody else holds, instead of waiting for it', async () => {
    const table = 'held'
    await postgresStore(pool, { table }).set({ partition: 'p', key: 'expired' }, 'v', 1)
    const holder = await otherPool.connect()
    try {
      await holder.query(`BEGIN; SELECT 1 FROM ${table} FOR UPDATE`)
      const sweeping = postgresStore(pool, { table })
      await sweeping.set({ partition: 'p', key: 'k' }, 'v', 60_000)
      expect(await sweeping.get({ partition: 'p', key: 'k' })).toBe('v')
    } finally {
      holder.release(true)
    }
  })

  it('hears again after its connection was cut', async () => {
    const messages: string[] = []
    const subscription = store.subscribe((message) => messages.push(message))
    await subscription.ready
    await otherPool.query(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'`)
    await untilDone(async () => {
      await other.publish('after')
      if (!messages.includes('after')) throw new Error('Nothing was heard')
    })
    await subscription.close()
    expect(messages).toContain('after')
    await untilDone(async () => {
      const { rows } = await otherPool.query(`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN %'`)
      if (rows.length > 0) throw new Error('A closed subscription still listens')
    })
  })

  it.each([
    'Tokens',
    'a"b',
    'a.b.c',
    '1st',
    'tokens; DROP TABLE x',
    "a'b",
    '',
    'x'.repeat(49),
    'a\u0000',
    'tokens\n',
  ])('refuses the table name %j', (table) => {
    expect(() => postgresStore(pool, { table })).toThrow(/^table: must be/)
  })
})
