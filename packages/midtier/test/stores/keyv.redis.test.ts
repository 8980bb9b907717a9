import KeyvRedis from '@keyv/redis'
import { Keyv } from 'keyv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyvStore } from '../../src/stores/keyv.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import { describeConformance, keyRing } from './conformance.ts'
import { compareWithModel } from './model.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

let server: RedisServer
let keyvs: readonly [Keyv, Keyv]

function createKeyv(port: number): Keyv {
  const keyv = new Keyv({ store: new KeyvRedis(`redis://127.0.0.1:${port}`), throwOnErrors: true })
  keyv.on('error', () => undefined)
  return keyv
}

beforeAll(async () => {
  server = await startRedis()
  keyvs = [createKeyv(server.port), createKeyv(server.port)]
})

afterAll(async () => {
  for (const keyv of keyvs) await keyv.disconnect()
  await server.stop()
})

describeConformance('a Keyv over Redis conforms: it', [], () => ({
  store: keyvStore(keyvs[0]),
  other: keyvStore(keyvs[1]),
}))

describeConformance('a Keyv over Redis, sealed, conforms: it', [], () => ({
  store: sealed(keyvStore(keyvs[0]), keyRing),
  other: sealed(keyvStore(keyvs[1]), keyRing),
}))

describe('the Keyv store', () => {
  it('behaves as a naive map does, seen by two processes', async () => {
    await compareWithModel([keyvStore(keyvs[0]), keyvStore(keyvs[1])], 30)
  })

  it('loses entries, and brings none back, when the generation of an account is lost', async () => {
    const store = keyvStore(keyvs[0], { prefix: 'lost:' })
    const slot = { partition: 'alice', key: 'k' }
    await store.set(slot, 'v', 60_000)
    await store.deletePartition('alice')
    await keyvs[1].delete('lost:generation:alice')
    expect(await store.get(slot)).toBeUndefined()
    await store.set({ partition: 'alice', key: 'other' }, 'v', 60_000)
    expect(await store.get(slot)).toBeUndefined()
  })

  it('does not take back a write that was on its way while the account was forgotten', async () => {
    const [keyv] = keyvs
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const slow = keyvStore({
      get: (key) => keyv.get(key),
      delete: (key) => keyv.delete(key),
      set: async (key, value, ttlMs) => {
        if (key.includes('entry')) await held
        return keyv.set(key, value, ttlMs)
      },
    })
    const slot = { partition: 'bob', key: 'k' }
    const store = keyvStore(keyvs[1])
    await store.set({ partition: 'bob', key: 'first' }, 'v', 60_000)
    const writing = slow.set(slot, 'late', 60_000)
    await store.get(slot)
    await store.deletePartition('bob')
    release()
    await writing
    expect(await store.get(slot)).toBeUndefined()
  })

  it('says so when Keyv could not write', async () => {
    const mute = { get: async () => undefined, set: async () => false, delete: async () => false }
    const store = keyvStore(mute)
    const slot = { partition: 'p', key: 'k' }
    await expect(Promise.resolve(store.set(slot, 'v', 1000))).rejects.toMatchObject({
      code: 'token_store_failed',
    })
    await expect(Promise.resolve(store.deletePartition('p'))).rejects.toMatchObject({
      code: 'token_store_failed',
    })
  })
})
