// The conformance cases as tests of one store, and what the tests of several stores share.
import { describe, it } from 'vitest'
import { type StoreFeature, type StoreUnderTest, storeCases } from '../../src/testing/store-conformance.ts'
import type { KeyRingOptions } from '../../src/token-cache/key-ring.ts'

export const wait = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs))

export const keyRing: KeyRingOptions = {
  current: 'k1',
  keys: { k1: Buffer.alloc(32, 1).toString('base64'), k0: new Uint8Array(32).fill(9) },
}

/** Runs every case that the store has the features for. */
export function describeConformance(
  name: string,
  features: readonly StoreFeature[],
  subject: () => Omit<StoreUnderTest, 'wait'> & Partial<StoreUnderTest>,
): void {
  describe(name, () => {
    const cases = storeCases.filter(({ needs }) => needs === undefined || features.includes(needs))
    it.each(cases)('$name', async (storeCase) => storeCase.run({ wait, ...subject() }))
  })
}
