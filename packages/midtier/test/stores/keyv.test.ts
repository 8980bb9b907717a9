// What a Keyv is asked to keep, and for how long, told by a Keyv in memory.
import { describe, expect, it } from 'vitest'
import { ConfigurationError, TokenStoreError } from '../../src/index.ts'
import { keyvStore, type KeyvLike } from '../../src/stores/keyv.ts'

interface Write {
  readonly key: string
  readonly ttlMs: number | undefined
}

function createKeyv(
  accepts = true,
): KeyvLike & { readonly kept: Map<string, string>; readonly writes: Write[] } {
  const kept = new Map<string, string>()
  const writes: Write[] = []
  return {
    kept,
    writes,
    get: (key) => Promise.resolve(kept.get(key)),
    set(key, value, ttlMs) {
      writes.push({ key, ttlMs })
      kept.set(key, value)
      return Promise.resolve(accepts)
    },
    delete: (key) => Promise.resolve(kept.delete(key)),
  }
}

const slot = { partition: 'alice', key: 'k' }
const longMs = 400 * 86_400_000

describe('a store in Keyv', () => {
  it('keeps the generation of an account for 180 days, and no entry for longer', async () => {
    const keyv = createKeyv()
    const store = keyvStore(keyv)
    await store.set(slot, 'v', longMs)
    await store.set(slot, 'w', 1000.9)
    expect(keyv.writes).toEqual([
      { key: 'midtier:generation:alice', ttlMs: 15_552_000_000 },
      { key: 'midtier:entry:5:alice:k', ttlMs: 15_552_000_000 },
      { key: 'midtier:entry:5:alice:k', ttlMs: 1000 },
    ])
    expect(await store.get(slot)).toBe('w')
  })

  it('keeps them for as long as it is told, under the prefix that it is told', async () => {
    const keyv = createKeyv()
    await keyvStore(keyv, { prefix: 'p:', generationTtlMs: 60_000 }).set(slot, 'v', longMs)
    expect(keyv.writes).toEqual([
      { key: 'p:generation:alice', ttlMs: 60_000 },
      { key: 'p:entry:5:alice:k', ttlMs: 60_000 },
    ])
  })

  it('takes what is no generation for none', async () => {
    const keyv = createKeyv()
    keyv.kept.set('midtier:generation:alice', 5 as never)
    await keyvStore(keyv).set(slot, 'v', 1_000)
    expect(keyv.writes.map(({ key }) => key)).toEqual(['midtier:generation:alice', 'midtier:entry:5:alice:k'])
    expect(await keyvStore(keyv).get(slot)).toBe('v')
  })

  it('drops what is to be kept for less than a millisecond, and keeps what is to be for one', async () => {
    const keyv = createKeyv()
    const store = keyvStore(keyv)
    await store.set(slot, 'v', 1)
    expect(await store.get(slot)).toBe('v')
    await store.set(slot, 'w', 0.9)
    expect(await store.get(slot)).toBeUndefined()
    expect(keyv.writes).toHaveLength(2)
  })

  it('takes what is not its own for nothing', async () => {
    const keyv = createKeyv()
    const store = keyvStore(keyv)
    await store.set(slot, 'v', longMs)
    const generation = keyv.kept.get('midtier:generation:alice') ?? ''
    for (const foreign of ['v', `${generation}v`, `x${generation} v`, generation]) {
      keyv.kept.set('midtier:entry:5:alice:k', foreign)
      expect(await store.get(slot)).toBeUndefined()
    }
  })

  it('says what Keyv does not: that it could not write', async () => {
    const writing = keyvStore(createKeyv(false)).set(slot, 'v', longMs)
    await expect(writing).rejects.toThrow(TokenStoreError)
    await expect(writing).rejects.toThrow('set: Keyv could not write')
  })

  it('needs a Keyv, and options that it knows', () => {
    expect(() => keyvStore(undefined as unknown as KeyvLike)).toThrow(ConfigurationError)
    expect(() => keyvStore(createKeyv(), { ttl: 1 } as object)).toThrow('ttl: unknown option')
  })
})
