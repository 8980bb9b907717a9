import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisStore } from '../../src/stores/redis.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { type OpenClient, singleClients } from './clients.ts'
import { describeConformance, keyRing, wait } from './conformance.ts'
import { untilDone } from './free-port.ts'
import { compareWithModel } from './model.ts'
import { ask, type RedisServer, startRedis, watchCommands } from './redis-server.ts'

let server: RedisServer
let admin: Redis
const open: OpenClient[] = []

beforeAll(async () => {
  server = await startRedis()
  admin = new Redis({ host: '127.0.0.1', port: server.port })
})

afterAll(async () => {
  for (const { close } of open) close()
  admin.disconnect()
  await server.stop()
})

async function connect(name: string): Promise<OpenClient> {
  const client = await singleClients[name]!([server.port])
  open.push(client)
  return client
}

describe.each(Object.keys(singleClients))('over %s', (name) => {
  let store: Required<TokenStore>
  let other: Required<TokenStore>

  beforeAll(async () => {
    const [one, two] = await Promise.all([connect(name), connect(name)])
    store = redisStore(one.client, { prefix: `${name.replaceAll(/\W/g, '-')}:` })
    other = redisStore(two.client, { prefix: `${name.replaceAll(/\W/g, '-')}:` })
  })

  describeConformance('the Redis store conforms: it', ['lease', 'messages', 'ranks'], () => ({
    store,
    other,
  }))

  describeConformance('the Redis store, sealed, conforms: it', ['lease', 'messages', 'ranks'], () => ({
    store: sealed(store, keyRing),
    other: sealed(other, keyRing),
  }))

  it('behaves as a naive map does, seen by two processes', () => compareWithModel([store, other], 40))

  it('reads with one GET and nothing else', async () => {
    await store.set({ partition: 'p', key: 'k' }, 'v', 60_000)
    const commands = await watchCommands(server.port, async () => {
      await store.get({ partition: 'p', key: 'k' })
    })
    expect(commands).toHaveLength(1)
    expect(commands[0]![0]!.toUpperCase()).toBe('GET')
  })
})

describe('the Redis store', () => {
  let store: Required<TokenStore>

  beforeAll(async () => {
    store = redisStore((await connect('ioredis 6')).client)
  })

  it('never looks through the keys of others', async () => {
    const slots = Array.from({ length: 30 }, (_, index) => ({ partition: 'searched', key: String(index) }))
    const commands = await watchCommands(server.port, async () => {
      for (const slot of slots) await store.set(slot, 'v', 60_000)
      await store.delete(slots[0]!)
      const lease = await store.lease(slots[0]!, 1000)
      await lease?.release()
      await store.deletePartition('searched')
    })
    const names = new Set(commands.map(([command]) => command!.toUpperCase()))
    expect([...names].filter((name) => ['KEYS', 'SCAN', 'SSCAN', 'HSCAN', 'ZSCAN'].includes(name))).toEqual(
      [],
    )
    expect(names.size).toBeGreaterThan(4)
  })

  it('deletes an account of 1 203 entries by as much as it has, leaving nothing', async () => {
    const slots = Array.from({ length: 1203 }, (_, index) => ({ partition: 'large', key: `entry ${index}` }))
    await Promise.all(slots.map(async (slot) => store.set(slot, 'v', 60_000)))
    const commands = await watchCommands(server.port, () => Promise.resolve(store.deletePartition('large')))
    const unlinked = commands.filter(([command]) => command!.toUpperCase() === 'UNLINK')
    expect(unlinked.map((names) => names.length - 1)).toEqual([500, 500, 203])
    expect(await admin.keys('midtier:{5:large}*')).toEqual([])
  })

  it('lists no more than what is alive', async () => {
    for (let index = 0; index < 20; index += 1)
      await store.set({ partition: 'brief', key: String(index) }, 'v', 50)
    await wait(120)
    await store.set({ partition: 'brief', key: 'last' }, 'v', 60_000)
    expect(await admin.zrange('midtier:{5:brief}list', '0', '-1')).toEqual(['last'])
  })

  it('leaves nothing behind that lives for ever', async () => {
    await admin.flushall()
    await store.set({ partition: 'p', key: 'long' }, 'v', 3_600_000)
    await store.set({ partition: 'p', key: 'short' }, 'v', 50_000)
    await store.lease({ partition: 'p', key: 'k' }, 50_000)
    const times = await Promise.all((await admin.keys('*')).map((name) => admin.pttl(name)))
    expect(times).toHaveLength(4)
    for (const time of times) expect(time).toBeGreaterThan(0)
    expect(await admin.pttl('midtier:{1:p}list')).toBeGreaterThan(60_000) // as long as the longest entry
  })

  it('says when Redis refuses, without the value', async () => {
    await admin.config('SET', 'maxmemory', '1')
    try {
      const refused = Promise.resolve(store.set({ partition: 'p', key: 'k' }, 'the-value', 1000))
      await expect(refused).rejects.toThrow(/OOM/)
      await expect(refused).rejects.not.toThrow(/the-value/)
    } finally {
      await admin.config('SET', 'maxmemory', '0')
    }
  })

  it('works below a key prefix of the client', async () => {
    const client = new Redis({ host: '127.0.0.1', port: server.port, keyPrefix: 'tenant:' })
    open.push({ client, close: () => client.disconnect() })
    const prefixed = redisStore(client)
    await prefixed.set({ partition: 'below', key: 'k' }, 'v', 60_000)
    expect(await prefixed.get({ partition: 'below', key: 'k' })).toBe('v')
    expect(await admin.exists('tenant:midtier:{5:below}entry:k')).toBe(1)
    await prefixed.deletePartition('below')
    expect(await prefixed.get({ partition: 'below', key: 'k' })).toBeUndefined()
    expect(await admin.keys('*{5:below}*')).toEqual([])
  })

  it.each(['', 'a b', 'a{b}', 'x'.repeat(65)])('refuses the prefix %j', (prefix) => {
    expect(() => redisStore(admin, { prefix })).toThrow(/^prefix: must be/)
  })

  it('refuses what is no client, and an option that it does not know', () => {
    expect(() => redisStore({} as never)).toThrow(/^client: is neither/)
    expect(() => redisStore(admin, { prefx: 'a' } as never)).toThrow(/did you mean 'prefix'/)
  })
})

describe.each(Object.keys(singleClients))('a subscription over %s', (name) => {
  it('hears again after Redis was gone for a while', async () => {
    const own = await startRedis()
    let back: RedisServer | undefined
    const one = await singleClients[name]!([own.port])
    const clients = one.client as unknown as { on(event: string, listener: () => void): void }
    clients.on('error', () => undefined)
    const store = redisStore(one.client)
    const messages: string[] = []
    const subscription = store.subscribe((message) => messages.push(message))
    try {
      await subscription.ready
      await own.stop()
      back = await startRedis([], own.port)
      await untilDone(async () => {
        await ask(own.port, 'PUBLISH', 'midtier:messages', 'after')
        if (!messages.includes('after')) throw new Error('Nothing was heard')
      })
      expect(messages).toContain('after')
    } finally {
      await subscription.close()
      one.close()
      await back?.stop()
    }
  })

  it('that never came about can be closed', async () => {
    const own = await startRedis()
    const one = await singleClients[name]!([own.port])
    const clients = one.client as unknown as { on(event: string, listener: () => void): void }
    clients.on('error', () => undefined)
    await own.stop()
    const subscription = redisStore(one.client).subscribe(() => undefined)
    await subscription.close()
    await expect(subscription.ready).resolves.toBeUndefined()
    one.close()
  })
})
