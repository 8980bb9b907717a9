// A cache in Redis: what one process acquired another has, after a restart too, and nobody who reads Redis reads a token.
import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { startRedis } from '../../midtier/test/stores/redis-server.ts'
import { startEchoApi } from './echo-api.ts'
import { startProcess } from './process.ts'
import { alice, aToken, bob, ids, middleTierVariables, startEmulator } from './scenario.ts'

it('serves after a restart without a new exchange, and goes on when Redis is gone', async () => {
  const [emulator, todo, redis] = await Promise.all([startEmulator(), startEchoApi(), startRedis()])
  const variables = {
    ...middleTierVariables(emulator, todo.url),
    Sidecar__TokenCache__Redis: `redis://127.0.0.1:${redis.port}`,
    Sidecar__TokenCache__Keys__0: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  }
  const tokenOf = (user: string): Promise<string> =>
    emulator.mint({ user, client: ids.webClient, audience: ids.middleTier, scopes: ['access_as_user'] })
  const ask = async (url: string, token: string): Promise<number> =>
    (await fetch(`${url}/DownstreamApi/todo`, { headers: { authorization: `Bearer ${token}` } })).status
  const exchanges = (): number => emulator.requests.list({ endpoint: 'token' }).length

  const token = await tokenOf(alice)
  const first = startProcess(variables)
  expect(await ask(await first.url, token)).toBe(200)
  expect(exchanges()).toBe(1)
  first.kill('SIGTERM')
  expect(await first.ended).toBe(0)

  const second = startProcess(variables)
  const url = await second.url
  expect(await ask(url, token)).toBe(200)
  expect(exchanges()).toBe(1)

  const client = new Redis(redis.port, '127.0.0.1')
  await client.config('SET', 'rdbcompression', 'no') // or a token could hide in what is dumped
  const keys = await client.keys('*')
  expect(keys.length).toBeGreaterThan(0)
  for (const key of keys) {
    const kept = await client.dump(key)
    expect(`${key} ${kept}`).not.toMatch(aToken)
    expect(`${key} ${kept}`).not.toContain('alice')
  }
  client.disconnect()

  await redis.stop()
  expect(await ask(url, await tokenOf(bob))).toBe(200)
  expect(second.output()).toContain('shared cache')
  await second.stop()
  await Promise.all([emulator.stop(), todo.stop()])
})
