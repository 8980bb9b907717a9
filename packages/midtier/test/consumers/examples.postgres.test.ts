import { afterAll, beforeAll } from 'vitest'
import { type PostgresServer, startPostgres } from '../stores/postgres-server.ts'
import { runExamples } from './examples.ts'

let postgres: PostgresServer
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

runExamples('postgres', () => ({ DATABASE_URL: postgres.connectionString }))
