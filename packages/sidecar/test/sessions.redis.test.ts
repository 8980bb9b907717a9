// Long-running sessions by a name of the caller's own: begun once, kept over a restart, and never another caller's.
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../midtier/test/stores/redis-server.ts'
import { startSidecar } from '../src/index.ts'
import { claimsOf } from './echo-api.ts'
import { alice, aToken, bob, ids, middleTierVariables, type Scenario, startScenario } from './scenario.ts'

const named = (key: string, more = ''): string =>
  `/AuthorizationHeader/todo?optionsOverride.AcquireTokenOptions.LongRunningWebApiSessionKey=${key}${more}`

describe('a long-running session', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let scenario: Scenario
  let cache: Record<string, string>
  beforeAll(async () => {
    redis = await startRedis()
    cache = {
      Sidecar__TokenCache__Redis: `redis://127.0.0.1:${redis.port}`,
      Sidecar__TokenCache__Keys__0: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      Sidecar__AllowOverrides__GetAuthorizationHeaderUnauthenticated: 'true',
    }
    scenario = await startScenario(cache)
  })
  afterAll(async () => {
    await scenario.stop()
    await redis.stop()
  })
  const exchanges = (): readonly string[] =>
    scenario.emulator.requests.list({ endpoint: 'token' }).map(({ grantType }) => String(grantType))
  const whose = async (response: Response): Promise<unknown> => {
    const { authorizationHeader } = (await response.json()) as { authorizationHeader: string }
    return claimsOf(authorizationHeader)['oid']
  }

  it('is begun once, and goes on with other tokens of its caller', async () => {
    const before = exchanges().length
    expect(await whose(await scenario.ask(named('report-7')))).toBe(ids.alice)
    const later = await scenario.token(alice) // another token: on behalf of it there would be another exchange
    expect(await whose(await scenario.ask(named('report-7'), { token: later }))).toBe(ids.alice)
    expect(exchanges().slice(before)).toHaveLength(1)
  })

  it('is there after a restart, in another process, and renews by its own refresh token', async () => {
    const other = await startSidecar({
      environment: { ...middleTierVariables(scenario.emulator, scenario.todo.url), ...cache },
      port: 0,
      write: () => undefined,
    })
    const before = exchanges().length
    const headers = { authorization: `Bearer ${await scenario.token(alice)}` }
    const ask = (more = ''): Promise<Response> =>
      fetch((other.urls[0] ?? '') + named('report-7', more), { headers })
    expect(await whose(await ask())).toBe(ids.alice)
    expect(exchanges().slice(before)).toEqual([])
    expect(await whose(await ask('&optionsOverride.AcquireTokenOptions.ForceRefresh=true'))).toBe(ids.alice)
    expect(exchanges().slice(before)).toEqual(['refresh_token'])
    await other.stop()
  })

  it('of one caller is nobody else’s, whoever knows its name', async () => {
    expect(await whose(await scenario.ask(named('report-7'), { token: await scenario.token(bob) }))).not.toBe(
      ids.alice,
    )
  })

  it('begins anew where what is kept of it is of another slot, or nobody’s', async () => {
    const client = new Redis(redis.port, '127.0.0.1')
    for (const key of (await client.keys('*sidecar-sessions*')).filter((each) => !each.endsWith(':list')))
      if ((await client.type(key)) === 'string') await client.set(key, 'k1.AAAA', 'KEEPTTL')
    client.disconnect()
    const before = exchanges().length
    expect(await whose(await scenario.ask(named('report-7')))).toBe(ids.alice)
    expect(exchanges().slice(before)).toHaveLength(1)
  })

  it('is kept without a trace of its key or its caller in the clear', async () => {
    const client = new Redis(redis.port, '127.0.0.1')
    await client.config('SET', 'rdbcompression', 'no') // or a token could hide in what is dumped
    const keys = await client.keys('*sidecar-sessions*')
    expect(keys.length).toBeGreaterThan(0)
    const values = await Promise.all(keys.map((key) => client.dump(key)))
    expect([...keys, ...values].join()).not.toMatch(new RegExp(`report-7|${ids.alice}|${aToken.source}`))
    client.disconnect()
  })

  it('needs a caller', async () => {
    const path = named('report-7').replace('Header/', 'HeaderUnauthenticated/')
    expect((await scenario.ask(path, { token: null })).status).toBe(400)
  })
})

it('a session key without a shared cache changes nothing, and the log says so', async () => {
  const scenario = await startScenario()
  expect((await scenario.ask(named('report-7'))).status).toBe(200)
  expect(scenario.log.join('')).toContain('Sidecar__TokenCache__Redis')
  await scenario.stop()
})
