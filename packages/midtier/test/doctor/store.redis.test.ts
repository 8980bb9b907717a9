// The doctor's round trip through a real Redis: what it leaves, and what it says when the server refuses.
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { redisStore } from '../../src/stores/redis.ts'
import { startRedis, type RedisServer } from '../stores/redis-server.ts'
import { lookAt, sound } from './look-at-store.ts'

const password = 'Hunter2-of-redis'
let server: RedisServer
let admin: Redis
const clients: Redis[] = []

interface Who {
  readonly username?: string
  readonly password?: string
  readonly port?: number
}

function connect({ port = server.port, ...who }: Who = { password }): Redis {
  const settings = { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null }
  const client = new Redis({ host: '127.0.0.1', port, ...settings, ...who })
  client.on('error', () => undefined)
  clients.push(client)
  return client
}

beforeAll(async () => {
  server = await startRedis()
  admin = connect({})
  await admin.config('SET', 'requirepass', password)
})

afterAll(async () => {
  for (const client of clients) client.disconnect()
  await server.stop()
})

it('is sound, and leaves nothing behind', async () => {
  expect(await lookAt(redisStore(connect()))).toEqual(sound)
  expect(await admin.dbsize()).toBe(0)
})

it('names a server that is full and evicts nothing', async () => {
  await admin.config('SET', 'maxmemory', '1')
  try {
    expect(await lookAt(redisStore(connect()))).toMatchObject([
      { check: 'store', verdict: 'failed', is: expect.stringMatching(/^fails: \w+/) },
    ])
  } finally {
    await admin.config('SET', 'maxmemory', '0')
  }
})

it.each<[string, Who]>([
  ['a wrong password', { password: 'wrong-Hunter2' }],
  ['a user that may not write', { username: 'reader', password: 'reader-Hunter2' }],
  ['a server that is gone', { port: 1, password }],
])('names %s without a password', async (_, options) => {
  await admin.call(
    'ACL',
    'SETUSER',
    'reader',
    'on',
    '>reader-Hunter2',
    '~*',
    '+@read',
    '+@connection',
    '+info',
  )
  const findings = await lookAt(redisStore(connect(options)))
  expect(findings).toMatchObject([{ check: 'store', verdict: 'failed', should: 'it keeps what it is given' }])
  expect(JSON.stringify(findings)).not.toContain('Hunter2')
})
