import { describe, expect, it } from 'vitest'
import { type StoreCase, storeCases } from '../../src/testing/store-conformance.ts'
import { MemoryStore } from '../../src/token-cache/memory-store.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { Slot, TokenStore } from '../../src/token-cache/store.ts'
import { keyvStore } from '../../src/stores/keyv.ts'
import { Keyv } from 'keyv'
import { HandClock } from '../acquire/scenario.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
import { describeConformance, keyRing } from '../stores/conformance.ts'
import { faultsOfLeases, faultsOfMessages, faultsOfRanks } from './faults-of-features.ts'
import { faultsOfNames } from './faults-of-names.ts'
import { faultsOfValues } from './faults-of-values.ts'
import {
  aTurn,
  connect,
  createWorld,
  type Fault,
  type FaultTable,
  only,
  type WholeStore,
} from './working-store.ts'
import { memoryBounds } from '../acquire/limits.ts'

function createMemoryStore() {
  const clock = {
    ms: 1000,
    nowMs(): number {
      return this.ms
    },
  }
  const store: TokenStore = new MemoryStore<string>({
    clock,
    sizeOf: (text) => 2 * text.length,
    ...memoryBounds,
  })
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

const faults: FaultTable = {
  ...faultsOfValues,
  ...faultsOfNames,
  ...faultsOfLeases,
  ...faultsOfMessages,
  ...faultsOfRanks,
}

/** The names of those of the cases that a store with a fault does not pass. */
async function failedBy(fault: Fault | undefined, cases: readonly StoreCase[]): Promise<readonly string[]> {
  const failed: string[] = []
  for (const storeCase of cases) {
    const world = createWorld()
    const change = fault?.begin(world)
    const [store, other] = (['store', 'other'] as const).map((process) => {
      const whole = connect(world)
      return { ...whole, ...change?.(whole, process) }
    }) as [WholeStore, WholeStore]
    const wait = async (durationMs: number): Promise<void> => {
      world.nowMs += durationMs
      await aTurn()
    }
    await storeCase.run({ store, other, wait }).catch((error: unknown) => {
      expect(String(error)).toMatch(/^Error: Expected /)
      failed.push(storeCase.name)
    })
  }
  return failed
}

describe('the conformance cases', () => {
  it('are passed by a store without a fault', async () => {
    expect(await failedBy(undefined, storeCases)).toEqual([])
  })

  it.each([
    ['lease', 'lease'],
    ['messages', 'subscribe'],
    ['ranks', 'setIfGreater'],
  ] as const)('that need %s are passed by no store without %s', async (feature, member) => {
    const cases = storeCases.filter(({ needs }) => needs === feature)
    const lacking = only('lacks it', () => () => ({ [member]: undefined }))
    expect(await failedBy(lacking, cases)).toEqual(cases.map(({ name }) => name))
    const others = storeCases.filter(({ needs }) => needs !== feature)
    expect(await failedBy(lacking, others)).toEqual([])
  })

  it('ask for no more than the port promises', async () => {
    const isShort = ({ partition, key }: Slot): boolean =>
      Buffer.byteLength(partition) <= 1024 && Buffer.byteLength(key) <= 1024
    const strict = only('keeps to the letter', () => (whole) => ({
      get: async (slot) => (isShort(slot) ? whole.get(slot) : undefined),
      lease: (slot, ttlMs) => (isShort(slot) ? whole.lease(slot, ttlMs) : undefined),
      publish: (message) => (message.length <= 4096 ? whole.publish(message) : undefined),
      setIfGreater: (slot, rank, text, ttlMs) =>
        Number.isInteger(rank) && rank >= 0 ? whole.setIfGreater(slot, rank, text, ttlMs) : undefined,
    }))
    expect(await failedBy(strict, storeCases)).toEqual([])
  })

  describe.each(storeCases)('$name', (storeCase) => {
    const own = faults[storeCase.name] ?? []

    it('finds what no other case does', () => {
      expect(own.filter(({ isFoundByOneAlone }) => isFoundByOneAlone)).not.toEqual([])
    })

    it.each(own)('finds a store that $name', async (fault) => {
      const judges = fault.isFoundByOneAlone ? storeCases : [storeCase]
      expect(await failedBy(fault, judges)).toEqual([storeCase.name])
    })
  })

  it('have a fault for none but themselves', () => {
    expect(Object.keys(faults).filter((name) => !storeCases.some((each) => each.name === name))).toEqual([])
  })

  it('have names of their own', () => {
    expect(new Set(storeCases.map(({ name }) => name)).size).toBe(storeCases.length)
  })
})
