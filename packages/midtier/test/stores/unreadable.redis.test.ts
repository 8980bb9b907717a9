import { createHash, randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObserverEvent } from '../../src/kernel/observer.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { createCacheKeys } from '../../src/token-cache/cache-key.ts'
import { parseEntry, serializeEntry } from '../../src/token-cache/entry.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { SealedTokenStore, Slot } from '../../src/token-cache/store.ts'
import { type RedisServer, startRedis, watchCommands } from './redis-server.ts'

const tenantId = '22222222-2222-2222-2222-222222222222'
const scopes = ['api://todolist/Todos.Read']
const keys = createCacheKeys({
  authority: 'https://login.microsoftonline.com',
  clientId: '11111111-1111-1111-1111-111111111111',
  clientCapabilities: ['cp1'],
  tokenType: 'Bearer',
})

function createUser(index: number) {
  const objectId = `aaaaaaaa-0000-4000-8000-${String(index).padStart(12, '0')}`
  const accountId = `${objectId}.${tenantId}`
  const payload = Buffer.from(JSON.stringify({ oid: objectId, tid: tenantId })).toString('base64url')
  const accessToken = `eyJhbGciOiJSUzI1NiJ9.${payload}.${randomBytes(256).toString('base64url')}`
  const slot: Slot = {
    partition: keys.partition(accountId),
    key: keys.key({
      grant: 'on_behalf_of',
      tenantId,
      accountId,
      encodedScopes: scopes.join(),
      binding: `${index}`,
    }),
  }
  return { objectId, accountId, accessToken, slot }
}

type User = ReturnType<typeof createUser>

function entryOf({ accessToken }: User) {
  const nowMs = 1_800_000_000_000
  const times = { acquiredAtMs: nowMs, expiresAtMs: nowMs, refreshAtMs: nowMs }
  return { accessToken, tokenType: 'Bearer', scopes, correlationId: 'c', ...times }
}

describe('Redis, for whoever can read and write all of it,', () => {
  const users = Array.from({ length: 40 }, (_, index) => createUser(index))
  const events: ObserverEvent[] = []
  let seen: readonly string[][]
  let server: RedisServer
  let client: Redis
  let store: SealedTokenStore

  beforeAll(async () => {
    server = await startRedis(['--rdbcompression', 'no']) // a dump shows values as they are
    client = new Redis({ host: '127.0.0.1', port: server.port })
    store = sealed(
      redisStore(client),
      { current: 'k1', keys: { k1: randomBytes(32) } },
      { observe: (event) => void events.push(event) },
    )
    seen = await watchCommands(server.port, fill)
  })

  afterAll(async () => {
    client.disconnect()
    await server.stop()
  })

  it('holds no token, no oid and no tid, in any key, any value or any command', async () => {
    const names = await client.keys('*')
    expect(names.length).toBe(2 * users.length + 1)
    const dumps = await Promise.all(names.map((name) => client.dumpBuffer(name)))
    const everything = [...names, ...dumps.map((dump) => dump.toString('latin1')), ...seen.flat()].join('\n')
    expect(everything).toContain('midtier:') // it was looked at, indeed
    for (const { objectId, accountId, accessToken, slot } of users) {
      const guesses = [slot.partition, slot.key, accountId].map((text) => createHash('sha256').update(text))
      const secrets = [
        accessToken,
        ...accessToken.split('.'),
        objectId,
        ...guesses.map((hash) => hash.digest('base64url')),
      ]
      for (const secret of secrets) expect(everything.includes(secret)).toBe(false)
    }
    for (const secret of [tenantId, ...scopes, 'accessToken', 'microsoftonline'])
      expect(everything.includes(secret)).toBe(false)
  })

  it("refuses an entry copied to another user's key: a miss that is reported", async () => {
    const [alice, bob] = users as [User, User]
    const [keyOfAlice, keyOfBob] = [await findEntry(alice), await findEntry(bob)]
    await client.copy(keyOfAlice, keyOfBob, 'REPLACE')
    events.length = 0
    expect(await store.get(bob.slot)).toBeUndefined()
    expect(events).toMatchObject([{ type: 'store_failed', operation: 'open' }])
    const text = await store.get(alice.slot)
    expect(parseEntry(alice.slot, text ?? '')?.accessToken).toBe(alice.accessToken)
  })

  async function fill(): Promise<void> {
    for (const user of users) {
      await store.set(user.slot, serializeEntry(user.slot, entryOf(user)), 3_600_000)
      await store.get(user.slot)
      await (await store.lease?.(user.slot, 60_000))?.release()
    }
    await store.lease?.(users[0]!.slot, 60_000)
    await store.publish?.(JSON.stringify({ forget: users[0]!.slot.partition }))
  }

  /** The key of a user's entry: the one that is read for it. */
  async function findEntry({ slot }: User): Promise<string> {
    const [[command, name] = []] = await watchCommands(server.port, async () => store.get(slot))
    expect(command?.toUpperCase()).toBe('GET')
    return name!
  }
})
