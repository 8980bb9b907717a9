// What a store must do that writes the greater of two ranks, whoever writes at the same time.
import type { Slot, TokenStore } from '../token-cache/store.ts'
import { minuteMs, needing, type StoreCase } from './store-case.ts'
import { expectThat, expectValue, newSlot } from './store-expectations.ts'

/** The cases of `setIfGreater`. */
export const rankCases: readonly StoreCase[] = [
  ranked('writes what has a greater rank, and gives back what stands otherwise', async ({ store, other }) => {
    const slot = newSlot()
    await expectWritten(store, slot, 5, 'five')
    await expectValue(other, slot, 'five')
    await expectStanding(other, slot, 4, 'five')
    await expectStanding(other, slot, 5, 'five')
    await expectValue(store, slot, 'five')
    await expectWritten(other, slot, 1_800_000_000_000, 'milliseconds')
    await expectStanding(store, slot, 1_799_999_999_999, 'milliseconds')
    await expectValue(store, slot, 'milliseconds')
  }),
  ranked('takes ranks for numbers, and not for text', async ({ store }) => {
    const slot = newSlot()
    await expectWritten(store, slot, 9, 'nine')
    await expectWritten(store, slot, 10, 'ten')
    await expectStanding(store, slot, 9, 'ten')
  }),
  ranked('has the greatest of many ranks that were written at the same time', async ({ store, other }) => {
    const [ours, theirs] = [newSlot(), newSlot()]
    const ranks = Array.from({ length: 20 }, (_, index) => 1000 + 2 * index)
    await Promise.all(
      ranks.flatMap((rank) => [
        setIfGreater(store, ours, rank + 1, `rank ${rank + 1}`),
        setIfGreater(other, ours, rank, `rank ${rank}`),
        setIfGreater(store, theirs, rank, `rank ${rank}`),
        setIfGreater(other, theirs, rank + 1, `rank ${rank + 1}`),
      ]),
    )
    for (const slot of [ours, theirs])
      for (const process of [store, other]) await expectValue(process, slot, 'rank 1039')
  }),
  ranked(
    'lets a value without a rank give way, and a deleted or ended one',
    async ({ store, other, wait }) => {
      const [plain, over, deleted, ended] = [newSlot(), newSlot(), newSlot(), newSlot()]
      await store.set(plain, 'plain', minuteMs)
      await expectWritten(other, plain, 0, 'zero')
      await expectWritten(store, over, 9, 'nine')
      await store.set(over, 'plain', minuteMs)
      await expectWritten(other, over, 1, 'one')
      await expectWritten(store, deleted, 9, 'nine')
      await store.delete(deleted)
      await expectWritten(other, deleted, 1, 'one')
      await setIfGreater(store, ended, 9, 'nine', 300)
      await wait(600)
      await expectWritten(other, ended, 1, 'one')
    },
  ),
  ranked('keeps slots apart', async ({ store }) => {
    const slot = newSlot()
    const neighbour = { ...slot, key: `${slot.key}-neighbour` }
    await expectWritten(store, slot, 9, 'nine')
    await expectWritten(store, neighbour, 1, 'one')
    await expectValue(store, slot, 'nine')
  }),
  ranked('deletes with its partition what has a rank', async ({ store, other }) => {
    const slot = newSlot()
    await expectWritten(store, slot, 9, 'nine')
    await other.deletePartition(slot.partition)
    await expectValue(store, slot, undefined)
    await expectWritten(store, slot, 1, 'one')
  }),
  ranked('has no value after its time to live', async ({ store, wait }) => {
    const slot = newSlot()
    await setIfGreater(store, slot, 9, 'nine', 300)
    await wait(600)
    await expectValue(store, slot, undefined)
  }),
]

function ranked(name: string, run: StoreCase['run']): StoreCase {
  return needing('ranks', name, run)
}

async function setIfGreater(
  store: TokenStore,
  slot: Slot,
  rank: number,
  value: string,
  ttlMs = minuteMs,
): Promise<string | undefined> {
  if (store.setIfGreater === undefined) throw new Error('Expected a store that compares ranks')
  return store.setIfGreater(slot, rank, value, ttlMs)
}

async function expectWritten(store: TokenStore, slot: Slot, rank: number, value: string): Promise<void> {
  const standing = await setIfGreater(store, slot, rank, value)
  expectThat(standing === undefined, `${value} to be written, though ${JSON.stringify(standing)} was there`)
  await expectValue(store, slot, value)
}

async function expectStanding(store: TokenStore, slot: Slot, rank: number, expected: string): Promise<void> {
  const standing = await setIfGreater(store, slot, rank, `rank ${rank}`)
  expectThat(
    standing === expected,
    `${expected} to stand against rank ${rank}, not ${JSON.stringify(standing)}`,
  )
}
