import { describe, expect, it } from 'vitest'
import { storeCases } from '../../src/testing/store-conformance.ts'
import { MemoryStore } from '../../src/token-cache/memory-store.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { keyvStore } from '../../src/stores/keyv.ts'
import { Keyv } from 'keyv'
import { describeConformance, keyRing } from '../stores/conformance.ts'

function createMemoryStore() {
  const clock = {
    ms: 1000,
    nowMs(): number {
      return this.ms
    },
  }
  const store: TokenStore = new MemoryStore<string>({ clock, sizeOf: (text) => 2 * text.length })
  const wait = async (durationMs: number): Promise<void> => {
    clock.ms += durationMs
  }
  return { store, other: store, wait }
}

describeConformance('the memory store conforms: it', [], createMemoryStore)

describeConformance('the memory store, sealed, conforms: it', [], () => {
  const memory = createMemoryStore()
  return { ...memory, store: sealed(memory.store, keyRing), other: sealed(memory.store, keyRing) }
})

describeConformance('a Keyv in memory conforms: it', [], () => {
  const keyv = new Keyv()
  return { store: keyvStore(keyv), other: keyvStore(keyv) }
})

describe('the conformance cases', () => {
  const breakages: Record<string, (store: TokenStore) => Partial<TokenStore>> = {
    'forgets nothing when time is over': (store) => ({
      set: (slot, text, ttlMs) => store.set(slot, text, Math.max(ttlMs, 1) * 1000),
    }),
    'deletes nothing': () => ({ delete: () => undefined }),
    'deletes no partition': () => ({ deletePartition: () => undefined }),
    'keys by partition alone': (store) => ({
      get: ({ partition }) => store.get({ partition, key: '' }),
      set: ({ partition }, text, ttlMs) => store.set({ partition, key: '' }, text, ttlMs),
    }),
    'keys by the joined names': (store) => ({
      get: ({ partition, key }) => store.get({ partition: '', key: `${partition}:${key}` }),
      set: ({ partition, key }, text, ttlMs) =>
        store.set({ partition: '', key: `${partition}:${key}` }, text, ttlMs),
    }),
    'cuts values at a NUL': (store) => ({
      set: (slot, text, ttlMs) => store.set(slot, text.split('\0')[0]!, ttlMs),
    }),
    'keeps no large values': (store) => ({
      set: (slot, text, ttlMs) => (text.length > 65_536 ? undefined : store.set(slot, text, ttlMs)),
    }),
    'gives everybody the lease': () => ({ lease: () => ({ release: () => undefined }) }),
  }

  it.each(Object.entries(breakages))('find a store that %s', async (_name, breakage) => {
    const { store, wait } = createMemoryStore()
    const whole: TokenStore = {
      get: (slot) => store.get(slot),
      set: (slot, text, ttlMs) => store.set(slot, text, ttlMs),
      delete: (slot) => store.delete(slot),
      deletePartition: (partition) => store.deletePartition(partition),
    }
    const broken = { ...whole, ...breakage(store) }
    const cases = storeCases.filter(({ needs }) => needs === undefined || (needs === 'lease' && broken.lease))
    const failures: unknown[] = []
    for (const storeCase of cases)
      await storeCase
        .run({ store: broken, other: broken, wait })
        .catch((error: unknown) => failures.push(error))
    expect(failures).not.toEqual([])
    for (const failure of failures) expect(String(failure)).toMatch(/^Error: Expected /)
  })

  it('have names of their own', () => {
    expect(new Set(storeCases.map(({ name }) => name)).size).toBe(storeCases.length)
  })
})
