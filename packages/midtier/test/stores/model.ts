// A naive map, with which a store is compared, step by step, on random sequences of operations.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Slot, TokenStore } from '../../src/token-cache/store.ts'

const partition = fc.constantFrom('alice', 'bob', 'bob}', '{a')
const key = fc.constantFrom('1', '2', ':1')
const step = fc.oneof(
  fc.record({ do: fc.constant('get' as const), partition, key }),
  fc.record({ do: fc.constant('set' as const), partition, key, value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ do: fc.constant('delete' as const), partition, key }),
  fc.record({ do: fc.constant('deletePartition' as const), partition, key }),
)

/** Runs random sequences; each sees the store through two processes in turn. */
export async function compareWithModel(
  stores: readonly [TokenStore, TokenStore],
  runs: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const run = crypto.randomUUID() // nobody else's partitions, those of another run with the same examples among them
      const model = new Map<string, { slot: Slot; value: string }>()
      for (const [index, step] of steps.entries()) {
        const store = stores[index % 2 === 0 ? 0 : 1]
        const slot = { partition: `${step.partition}${run}`, key: step.key }
        const name = JSON.stringify(slot)
        if (step.do === 'get') expect(await store.get(slot)).toBe(model.get(name)?.value)
        if (step.do === 'set') {
          await store.set(slot, step.value, 60_000)
          model.set(name, { slot, value: step.value })
        }
        if (step.do === 'delete') {
          await store.delete(slot)
          model.delete(name)
        }
        if (step.do === 'deletePartition') {
          await store.deletePartition(slot.partition)
          for (const [other, entry] of model) if (entry.slot.partition === slot.partition) model.delete(other)
        }
      }
      for (const { slot, value } of model.values()) expect(await stores[0].get(slot)).toBe(value)
    }),
    { numRuns: runs },
  )
}
