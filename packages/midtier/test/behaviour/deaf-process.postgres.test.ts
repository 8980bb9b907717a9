// Processes that share a PostgreSQL, one of which does not hear the others for a moment.
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { postgresStore } from '../../src/stores/postgres.ts'
import { startPostgres, type PostgresServer } from '../stores/postgres-server.ts'
import { startProxy, type TcpProxy } from '../stores/tcp-proxy.ts'
import { expectForgottenAfter, expectLeftAlone } from './deaf-process.ts'

let postgres: PostgresServer
let proxy: TcpProxy
const pools: pg.Pool[] = []

beforeAll(async () => {
  postgres = await startPostgres()
  const directory = new URL(postgres.connectionString).searchParams.get('host')!
  proxy = await startProxy({ path: join(directory, '.s.PGSQL.5432') })
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await proxy.stop()
  await postgres.stop()
})

describe('an account is forgotten by a process over pg', () => {
  const listens = 'listen "midtier_tokens_messages"'
  const connect = (connectionString: string) => {
    const pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 5000 })
    pool.on('error', () => undefined)
    pools.push(pool)
    return postgresStore(pool)
  }
  const stores = () => ({
    near: connect(postgres.connectionString),
    far: connect(`postgres://postgres@127.0.0.1:${proxy.port}/postgres`),
  })

  it('whose listening connection went silent without a reset', async () => {
    await expectForgottenAfter({ ...stores(), proxy, listens }, () => proxy.silence(listens))
  })

  it('whose listening connection was cut', async () => {
    await expectForgottenAfter({ ...stores(), proxy, listens }, () => proxy.cut(listens))
  })

  it('which is left alone while the connection is quiet and alive', async () => {
    await expectLeftAlone(connect(`postgres://postgres@127.0.0.1:${proxy.port}/postgres`), proxy, {
      listens,
      ping: 'select 1',
    })
  })
})
