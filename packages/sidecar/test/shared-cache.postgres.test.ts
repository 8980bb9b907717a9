// A cache in PostgreSQL: what one process acquired another has, after a restart too, and nobody who reads the table reads a token.
import pg from 'pg'
import { expect, it } from 'vitest'
import { startPostgres } from '../../midtier/test/stores/postgres-server.ts'
import { startEchoApi } from './echo-api.ts'
import { startProcess } from './process.ts'
import { alice, aToken, bob, ids, middleTierVariables, startEmulator } from './scenario.ts'

it('serves after a restart without a new exchange, and goes on when PostgreSQL is gone', async () => {
  const [emulator, todo, postgres] = await Promise.all([startEmulator(), startEchoApi(), startPostgres()])
  const variables = {
    ...middleTierVariables(emulator, todo.url),
    Sidecar__TokenCache__Postgres: postgres.connectionString,
    Sidecar__TokenCache__Keys__0: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  }
  const tokenOf = (user: string): Promise<string> =>
    emulator.mint({ user, client: ids.webClient, audience: ids.middleTier, scopes: ['access_as_user'] })
  const ask = async (url: string, token: string, more = ''): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` }
    return (await fetch(`${url}/AuthorizationHeader/todo${more}`, { headers })).status
  }
  const session = '?optionsOverride.AcquireTokenOptions.LongRunningWebApiSessionKey=nightly'
  const exchanges = (): number => emulator.requests.list({ endpoint: 'token' }).length

  const token = await tokenOf(alice)
  const first = startProcess(variables)
  expect(await ask(await first.url, token)).toBe(200)
  expect(await ask(await first.url, token, session)).toBe(200)
  expect(exchanges()).toBe(2)
  first.kill('SIGTERM')
  expect(await first.ended).toBe(0)

  const second = startProcess(variables)
  const url = await second.url
  expect(await ask(url, token)).toBe(200)
  expect(await ask(url, await tokenOf(alice), session)).toBe(200)
  expect(exchanges()).toBe(2)

  const kept = await dump(postgres.connectionString)
  expect(kept.length).toBeGreaterThan(100)
  expect(kept).not.toMatch(aToken)
  expect(kept).not.toMatch(/alice|nightly/)

  await postgres.stop()
  expect(await ask(url, await tokenOf(bob))).toBe(200)
  expect(second.output()).toContain('shared cache')
  await second.stop()
  await Promise.all([emulator.stop(), todo.stop()])
})

/** Every row of every table. */
async function dump(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'",
  )
  const tables = await Promise.all(
    rows.map(async ({ name }) =>
      (await client.query<{ row: string }>(`select t::text as row from ${name} t`)).rows.map(
        ({ row }) => row,
      ),
    ),
  )
  await client.end()
  return tables.flat().join('\n')
}
