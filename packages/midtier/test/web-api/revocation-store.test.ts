// Revocations in a shared store: two at once, whichever lands last, and whoever can write to the store.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSharedStore, type SharedStore } from '../../src/acquire/shared/shared-store.ts'
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

  it('are written a third time, and found there', async () => {
    const { slow, writes } = createSlowStore()
    let lost = 0
    const one = createProcess({ ...slow, get: (slot) => (lost < 3 ? undefined : slow.get(slot)) })
    const raising = one.revocations.raise('alice', 2000, dayMs).then(() => 'written')
    for (; lost < 3; lost += 1) {
      await settle()
      for (const write of writes.splice(0)) await write()
      await settle()
      if (lost < 2) for (const wake of one.sleepers.splice(0)) wake()
    }
    for (const wake of one.sleepers.splice(0)) wake()
    expect(await raising).toBe('written')
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

describe('what the store holds', () => {
  const createReader = (text: string | undefined) =>
    createRevocationStore({ registration, clientId: 'client' }, {
      timeoutMs: 1000,
      get: async () => Promise.resolve(text),
    } as unknown as SharedStore)

  it.each([
    [undefined, 0],
    ['0', 0],
    ['1800000000000', 1_800_000_000_000],
    ['9'.repeat(15), 999_999_999_999_999],
  ])('is an instant: %s', async (text, notBeforeMs) => {
    expect(await createReader(text).read('alice', 'needed')).toBe(notBeforeMs)
  })

  it.each(['', 'soon', '-1', '1.5', '1e3', ' 1', '1\n', '9'.repeat(16)])(
    'is nothing that can be read, and so no permission: %j',
    async (text) => {
      await expect(createReader(text).read('alice', 'needed')).rejects.toMatchObject({
        code: 'token_store_failed',
      })
    },
  )
})

describe('a message', () => {
  const scopeOf = (clientId: string, name = 'https://login.microsoftonline.com') => ({
    registration: { authority: { name } } as Settings['registration'],
    clientId,
  })

  function createMessages() {
    const heard: unknown[] = []
    const published: string[] = []
    let listener: (message: string) => void = () => undefined
    let closed = 0
    const store = {
      publish: async (message: string) => void published.push(message),
      subscribe: (hear: (message: string) => void, begun: () => void) => {
        listener = hear
        begun()
        return { ready: Promise.resolve(), close: () => void (closed += 1) }
      },
    } as unknown as SharedStore
    const revocations = createRevocationStore(scopeOf('client'), store)
    const tell = async (from: ReturnType<typeof scopeOf>, subject: string, notBeforeMs: number) => {
      await createRevocationStore(from, store).tell(subject, notBeforeMs)
      return published.at(-1) ?? ''
    }
    revocations.hear(
      (subject, notBeforeMs) => heard.push([subject, notBeforeMs]),
      () => heard.push('begun'),
    )
    return { heard, revocations, tell, deliver: (message: string) => listener(message), closed: () => closed }
  }

  it('is heard as it was told, whatever the subject', async () => {
    const { heard, tell, deliver } = createMessages()
    for (const subject of ['["user","t","o"]', 'a b', 'two\nlines', '1 2'])
      deliver(await tell(scopeOf('client'), subject, 1_800_000_000_000))
    expect(heard).toEqual([
      'begun',
      ['["user","t","o"]', 1_800_000_000_000],
      ['a b', 1_800_000_000_000],
      ['two\nlines', 1_800_000_000_000],
      ['1 2', 1_800_000_000_000],
    ])
  })

  it('of another registration, or of another kind, is not heard', async () => {
    const { heard, tell, deliver } = createMessages()
    deliver(await tell(scopeOf('another'), 'alice', 1))
    deliver(await tell(scopeOf('client', 'https://login.example'), 'alice', 1))
    const own = await tell(scopeOf('client'), 'alice', 1)
    for (const message of [
      own.replace('revoke/1', 'revoke/2'),
      own.replace('1 alice', '1'),
      own.replace('1 alice', '1 '),
      own.replace('1 alice', 'x alice'),
      own.replace('1 alice', `${'1'.repeat(16)} alice`),
      ` ${own}`,
      '',
    ])
      deliver(message)
    expect(heard).toEqual(['begun'])
    deliver(own)
    expect(heard).toEqual(['begun', ['alice', 1]])
  })

  it('is not waited for any more once it is closed', async () => {
    const { revocations, closed } = createMessages()
    await revocations.close()
    expect(closed()).toBe(1)
    await createRevocationStore(scopeOf('client'), {} as SharedStore).close()
  })
})
