import { describe, expect, it } from 'vitest'
import { storeCases } from '../../src/testing/store-conformance.ts'
import { MemoryStore } from '../../src/token-cache/memory-store.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { keyvStore } from '../../src/stores/keyv.ts'
import { Keyv } from 'keyv'
import { HandClock } from '../acquire/scenario.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
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

function createWholeStore() {
  const clock = new HandClock()
  const { store } = createSharedTextStore(clock)
  const wait = async (durationMs: number): Promise<void> => {
    clock.ms += durationMs
  }
  return { store, other: store, wait }
}

describeConformance(
  'a store in memory with everything conforms: it',
  ['lease', 'messages', 'ranks'],
  createWholeStore,
)

describeConformance(
  'a store in memory with everything, sealed, conforms: it',
  ['lease', 'messages', 'ranks'],
  () => {
    const { store, wait } = createWholeStore()
    return { wait, store: sealed(store, keyRing), other: sealed(store, keyRing) }
  },
)

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

  const lesser: Record<string, Partial<TokenStore>> = {
    'always writes': { setIfGreater: () => undefined },
    'never says that messages begin': {
      subscribe: () => ({ ready: Promise.resolve(), close: () => undefined }),
    },
  }

  it.each(Object.entries(lesser))('find a store that %s', async (_name, breakage) => {
    const { store, wait } = createWholeStore()
    const broken = { ...store, ...breakage }
    const failures: unknown[] = []
    for (const storeCase of storeCases.filter(({ needs }) => needs === 'ranks' || needs === 'messages'))
      await storeCase
        .run({ store: broken, other: broken, wait })
        .catch((error: unknown) => failures.push(error))
    expect(failures).not.toEqual([])
  })

  it('find a store that compares and then writes, as two steps', async () => {
    const { store, wait } = createWholeStore()
    const ranks = new Map<string, number>()
    const racing: TokenStore = {
      ...store,
      async setIfGreater(slot, rank, value, ttlMs) {
        const standing = await store.get(slot)
        if (standing !== undefined && (ranks.get(slot.key) ?? -1) >= rank) return standing
        ranks.set(slot.key, rank)
        await store.set(slot, value, ttlMs)
        return undefined
      },
    }
    const simultaneous = storeCases.find(({ name }) => name.startsWith('has the greatest of many ranks'))
    await expect(simultaneous?.run({ store: racing, other: racing, wait })).rejects.toThrow(/^Expected/)
  })

  it('have names of their own', () => {
    expect(new Set(storeCases.map(({ name }) => name)).size).toBe(storeCases.length)
  })
})
