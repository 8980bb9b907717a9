// Revocations in a shared store: two at once, whichever lands last, and whoever can write to the store.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSharedStore } from '../../src/acquire/shared/shared-store.ts'
import { createRevocationStore } from '../../src/web-api/revocation-store.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { HandClock, settle } from '../acquire/scenario.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
import { keyRing } from '../stores/conformance.ts'

const registration = { authority: { name: 'https://login.microsoftonline.com' } } as Settings['registration']
const dayMs = 24 * 3600 * 1000

/** One process; its `sleep` waits until a test lets it go on. */
function createProcess(store: TokenStore, clock = new HandClock()) {
  const sleepers: (() => void)[] = []
  const limits = [{ timeoutMs: 60_000 }, { clock, random: () => 0 }] as const
  const shared = createSharedStore(sealed(store, keyRing), ...limits)
  const revocations = createRevocationStore({ registration, clientId: 'client' }, shared, (ms) => {
    expect(ms).toBe(120_000) // as long as a write of somebody else can take
    return new Promise((resolve) => sleepers.push(resolve))
  })
  return { revocations, sleepers }
}

/** Writes that land when a test says so, and a store that cannot compare. */
function createSlowStore() {
  const { store } = createSharedTextStore(new HandClock())
  const writes: (() => Promise<void>)[] = []
  const slow: TokenStore = {
    get: (slot) => store.get(slot),
    delete: (slot) => store.delete(slot),
    deletePartition: (partition) => store.deletePartition(partition),
    set: (slot, text, ttlMs) =>
      new Promise((resolve) => {
        writes.push(async () => {
          await store.set(slot, text, ttlMs)
          resolve()
        })
      }),
  }
  return { slow, writes }
}

describe('two revocations at once', () => {
  it('leave the later instant in a store that compares, in whichever order they land', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 1_900_000_000_000 }), { minLength: 1, maxLength: 8 }),
        async (instants) => {
          const { store } = createSharedTextStore(new HandClock())
          const processes = [createProcess(store), createProcess(store)]
          await Promise.all(
            instants.map((instant, index) =>
              processes[index % 2]!.revocations.raise('alice', instant, dayMs),
            ),
          )
          expect(await createProcess(store).revocations.read('alice', 'needed')).toBe(Math.max(...instants))
        },
      ),
      { seed: 20260727, numRuns: 40 },
    )
  })

  it('leave the later instant in one that cannot, though the earlier one is written last', async () => {
    const { slow, writes } = createSlowStore()
    const [one, two] = [createProcess(slow), createProcess(slow)]
    const later = one.revocations.raise('alice', 2000, dayMs)
    const earlier = two.revocations.raise('alice', 1000, dayMs)
    await settle()
    for (const write of writes.splice(0)) await write() // the later one, and then the earlier one
    await settle()
    for (const { sleepers } of [one, two]) for (const wake of sleepers.splice(0)) wake()
    await settle()
    for (const write of writes.splice(0)) await write()
    await settle()
    for (const wake of one.sleepers.splice(0)) wake()
    await Promise.all([later, earlier])
    expect(await createProcess(slow).revocations.read('alice', 'needed')).toBe(2000)
  })

  it('are looked at again after as long as another write can take, and not before', async () => {
    const { slow, writes } = createSlowStore()
    const one = createProcess(slow)
    let isContent = false
    const raising = one.revocations.raise('alice', 2000, dayMs).then(() => (isContent = true))
    await settle()
    for (const write of writes.splice(0)) await write()
    await settle()
    expect([isContent, one.sleepers.length]).toEqual([false, 1])
    for (const wake of one.sleepers.splice(0)) wake()
    await raising
    expect([one.sleepers.length, writes.length]).toEqual([0, 0])
  })

  it('are given up aloud where somebody goes on writing an earlier one', async () => {
    const { slow, writes } = createSlowStore()
    const one = createProcess({ ...slow, get: () => undefined })
    const outcome = one.revocations.raise('alice', 2000, dayMs).then(
      () => 'written',
      (error: unknown) => String(error),
    )
    for (let round = 0; round < 5; round += 1) {
      await settle()
      for (const write of writes.splice(0)) await write()
      await settle()
      for (const wake of one.sleepers.splice(0)) wake()
    }
    expect(await outcome).toContain('others keep writing earlier revocations')
  })
})

describe('whoever can write to the store', () => {
  it('cannot keep a revocation from being written by claiming that a later one is there', async () => {
    const { store, memory } = createSharedTextStore(new HandClock())
    const { revocations } = createProcess(store)
    await revocations.raise('alice', 1000, dayMs)
    let lies = 0
    const lying: TokenStore = {
      ...store,
      async setIfGreater(slot, rank, text, ttlMs) {
        const standing = memory.get(slot)
        if (standing !== undefined && lies++ === 0) return standing // as if its rank were raised
        return store.setIfGreater(slot, rank, text, ttlMs)
      },
    }
    await createProcess(lying).revocations.raise('alice', 2000, dayMs)
    expect(lies).toBe(1)
    expect(await revocations.read('alice', 'needed')).toBe(2000)
  })

  it('cannot make an instant of theirs, and a revocation that does not get past it fails aloud', async () => {
    const { store } = createSharedTextStore(new HandClock())
    const forging: TokenStore = { ...store, setIfGreater: () => '1.k1.9999999999999.AAAA' }
    await expect(createProcess(forging).revocations.raise('alice', 2000, dayMs)).rejects.toMatchObject({
      code: 'token_store_failed',
    })
    expect(await createProcess(store).revocations.read('alice', 'needed')).toBe(0)
  })
})

describe('while the key of the store is replaced', () => {
  it('the later instant counts, whichever key it was sealed with', async () => {
    const { store } = createSharedTextStore(new HandClock())
    const swapped = { ...keyRing, current: 'k0' }
    const clock = new HandClock()
    const limits = [{ timeoutMs: 1000 }, { clock, random: () => 0 }] as const
    const [former, latter] = [keyRing, swapped].map((ring) =>
      createRevocationStore(
        { registration, clientId: 'client' },
        createSharedStore(sealed(store, ring), ...limits),
      ),
    )
    for (const [subject, first, second] of [
      ['alice', 2000, 1000],
      ['bob', 1000, 2000],
    ] as const) {
      await former!.raise(subject, first, dayMs)
      await latter!.raise(subject, second, dayMs)
      expect(await former!.read(subject, 'needed')).toBe(2000)
      expect(await latter!.read(subject, 'needed')).toBe(2000)
    }
  })
})
