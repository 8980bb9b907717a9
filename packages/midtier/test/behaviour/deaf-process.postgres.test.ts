// Processes that share a PostgreSQL, one of which does not hear the others for a moment.
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { postgresStore } from '../../src/stores/postgres.ts'
import { startPostgres, type PostgresServer } from '../stores/postgres-server.ts'
import { startProxy, type TcpProxy } from '../stores/tcp-proxy.ts'
import { expectForgottenAfter } from './deaf-process.ts'

let postgres: PostgresServer
let proxy: TcpProxy
const pools: pg.Pool[] = []

beforeAll(async () => {
  postgres = await startPostgres()
  proxy = await startProxy(Number(new URL(postgres.connectionString).port))
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await proxy.stop()
  await postgres.stop()
})

describe('an account is forgotten by a process over pg', () => {
  const listens = 'listen "midtier_tokens_messages"'
  const connect = (port: number) => {
    const connectionString = `postgres://postgres@127.0.0.1:${port}/postgres`
    const pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 5000 })
    pool.on('error', () => undefined)
    pools.push(pool)
    return postgresStore(pool)
  }
  const stores = () => ({
    near: connect(Number(new URL(postgres.connectionString).port)),
    far: connect(proxy.port),
  })

  it('whose listening connection went silent without a reset', async () => {
    await expectForgottenAfter({ ...stores(), proxy, listens }, () => proxy.silence(listens))
  })

  it('whose listening connection was cut', async () => {
    await expectForgottenAfter({ ...stores(), proxy, listens }, () => proxy.cut(listens))
  })
})
