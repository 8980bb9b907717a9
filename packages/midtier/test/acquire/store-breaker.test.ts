import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '#crypto'
import { createSharedStore } from '../../src/acquire/shared/shared-store.ts'
import type { SealedTokenStore, Slot } from '../../src/token-cache/store.ts'
import { createCaller, createScenario, HandClock } from './scenario.ts'
import { createSharedTextStore, type SharedTextStore } from './shared-text-store.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Lets the time limit of an operation be over. */
async function timeOut<Value>(operation: Promise<Value>): Promise<Value> {
  operation.catch(() => undefined)
  await vi.advanceTimersByTimeAsync(6)
  return operation
}

const slot = { partition: 'alice', key: 'graph' }
const silence = (): Promise<never> => new Promise<never>(() => undefined)

function createLimited() {
  const clock = new HandClock()
  const shared = createSharedTextStore(clock)
  const limited = createSharedStore(shared.store, { timeoutMs: 5, pauseMs: 2000 }, { clock, random: () => 0 })
  return { clock, shared, limited }
}

describe('a store that does not answer', () => {
  it('costs its time limit once, and is left alone for a while', async () => {
    const { shared, limited } = createLimited()
    shared.before = silence
    await expect(timeOut(limited.get(slot))).rejects.toMatchObject({ message: 'get: no answer within 5 ms' })
    await expect(limited.set(slot, 'text', 1000)).rejects.toThrow('left alone for another 2000 ms')
    await expect(limited.lease!(slot, 1000)).rejects.toMatchObject({ code: 'token_store_failed' })
    expect(shared.operations).toEqual(['get'])
  })

  it('is tried by one after the pause, and used by all when it answers', async () => {
    const { clock, shared, limited } = createLimited()
    shared.before = silence
    await expect(timeOut(limited.get(slot))).rejects.toThrow('no answer')
    clock.ms += 2000
    const probe = limited.get(slot)
    await expect(limited.get(slot)).rejects.toThrow('left alone')
    await expect(timeOut(probe)).rejects.toThrow('no answer')
    clock.ms += 2000
    shared.before = () => undefined
    await limited.set(slot, 'text', 100_000)
    expect(await Promise.all([limited.get(slot), limited.get(slot)])).toEqual(['text', 'text'])
  })

  it('is still told to delete, and asked for what nothing else can answer', async () => {
    const { shared, limited } = createLimited()
    await limited.set(slot, 'text', 100_000)
    shared.before = silence
    await expect(timeOut(limited.get(slot))).rejects.toThrow('no answer')
    shared.before = () => undefined
    expect(await limited.get(slot, 'needed')).toBe('text')
    await limited.deletePartition('alice')
    expect(await limited.get(slot, 'needed')).toBeUndefined()
  })

  it('fails no request', async () => {
    const clock = new HandClock()
    const shared = createSharedTextStore(clock)
    shared.before = silence
    const scenario = createScenario({ storeTimeoutMs: 5 }, { clock, l2: shared.store })
    for (const name of ['alice', 'bob', 'carol'])
      expect((await timeOut(scenario.onBehalfOf(createCaller(clock, name)))).origin).toBe('authority')
    expect(shared.operations).toEqual(['get'])
  })
})

describe('one part of a store that does not answer', () => {
  const nodeOf = (partition: string): string => (/^[a-zA-M]/.test(partition) ? 'one' : 'two')
  const names = Array.from({ length: 12 }, (_, index) => `user ${index}`)

  it('is left alone by itself: the others go on, and messages too', async () => {
    const clock = new HandClock()
    const shared = createSharedTextStore(clock)
    const store = { ...shared.store, faultGroup: nodeOf, get: getFrom(shared) }
    const limited = createSharedStore(store, { timeoutMs: 5, pauseMs: 2000 }, { clock, random: () => 0 })
    const dead = await namesOn('one')
    const alive = await namesOn('two')
    expect([dead.length > 1, alive.length > 1]).toEqual([true, true])
    for (const partition of alive) await limited.set({ partition, key: partition }, 'text', 100_000)
    await expect(timeOut(limited.get({ partition: dead[0]!, key: 'k' }))).rejects.toThrow('no answer')
    await expect(limited.get({ partition: dead[1]!, key: 'k' })).rejects.toThrow('left alone')
    for (const partition of alive) expect(await limited.get({ partition, key: partition })).toBe('text')
    await limited.publish?.('still heard')
    expect(shared.messages).toHaveLength(1)
  })

  it('that cannot be published to is no reason to leave entries alone', async () => {
    const { shared, limited } = createLimited()
    await limited.set(slot, 'text', 100_000)
    shared.before = (operation) => (operation === 'publish' ? silence() : undefined)
    await expect(timeOut(limited.publish!('message'))).rejects.toThrow('no answer')
    expect(await limited.get(slot)).toBe('text')
  })

  it.each([
    ['does not say which part', () => new Promise<string>(() => undefined), /^get: no answer within 5 ms$/],
    ['fails to say which part', () => Promise.reject(new Error('no slots')), /^get: Error: no slots$/],
  ])('by a store that %s is a failure like any other', async (_, faultGroup, message) => {
    const store = { ...createSharedTextStore(new HandClock()).store, faultGroup }
    const limits = [{ timeoutMs: 5 }, { clock: new HandClock(), random: () => 0 }] as const
    await expect(timeOut(createSharedStore(store, ...limits).get(slot))).rejects.toMatchObject({
      code: 'token_store_failed',
      message: expect.stringMatching(message) as unknown,
    })
  })

  function getFrom(shared: SharedTextStore): (at: Slot) => Promise<string | undefined> {
    return async (at) => (nodeOf(at.partition) === 'one' ? silence() : shared.memory.get(at))
  }

  async function namesOn(node: string): Promise<readonly string[]> {
    const nodes = await Promise.all(names.map(async (name) => nodeOf(await sha256(name))))
    return names.filter((_, index) => nodes[index] === node)
  }
})

describe('a store that answers with errors', () => {
  it('is left alone when it does so to several accounts in a row', async () => {
    const { shared, limited } = createLimited()
    shared.before = () => Promise.reject(new Error('ECONNREFUSED'))
    for (let turn = 0; turn < 6; turn += 1)
      await expect(limited.get({ partition: `user-${turn}`, key: 'graph' })).rejects.toMatchObject({
        code: 'token_store_failed',
      })
    expect(shared.operations).toHaveLength(5)
  })

  it('is left alone after five errors of whichever kind, with all that it is asked for', async () => {
    const { clock, shared, limited } = createLimited()
    shared.before = () => Promise.reject(new Error('ECONNREFUSED'))
    for (let turn = 0; turn < 4; turn += 1) {
      const at = { partition: `user-${turn}`, key: 'graph' }
      await expect(limited.get(at)).rejects.toMatchObject({ code: 'token_store_failed' })
      await expect(limited.lease!(at, 1000)).rejects.toMatchObject({ code: 'token_store_failed' })
      await expect(limited.set(at, 'text', 1000)).rejects.toMatchObject({ code: 'token_store_failed' })
    }
    expect(shared.operations).toEqual(['get', 'lease', 'set', 'get', 'lease'])
    clock.ms += 2000
    shared.before = silence
    const writes = [limited.set(slot, 'text', 1000), limited.lease!(slot, 1000)]
    await timeOut(Promise.allSettled(writes))
    expect(shared.operations).toHaveLength(5 + 1)
  })

  it('is told apart from as many others as there is room for, written to or not', async () => {
    const clock = new HandClock()
    const shared = createSharedTextStore(clock)
    const store = { ...shared.store, faultGroup: (partition: string) => partition }
    const limited = createSharedStore(store, { timeoutMs: 5 }, { clock, random: () => 0 })
    shared.before = silence
    await expect(timeOut(limited.get(slot))).rejects.toThrow('no answer')
    shared.before = () => undefined
    for (let user = 0; user < 600; user += 1)
      await limited.set({ partition: `user-${user}`, key: 'graph' }, 'text', 1000)
    await expect(limited.get(slot)).rejects.toThrow('left alone')
  })

  it("is not left alone over one account's entry", async () => {
    const { shared, limited } = createLimited()
    shared.before = () => Promise.reject(new Error('too large'))
    for (let turn = 0; turn < 10; turn += 1)
      await expect(limited.set(slot, 'text', 1000)).rejects.toThrow('too large')
    expect(shared.operations).toHaveLength(10)
  })
})

describe('a store that refuses to write, as one that is full does', () => {
  const writes = ['set', 'lease', 'setIfGreater']
  const users = Array.from({ length: 8 }, (_, index) => ({ partition: `user-${index}`, key: 'graph' }))

  const deletions = ['delete', 'deletePartition']

  function refuse(shared: SharedTextStore, operations: readonly string[]): void {
    shared.before = (operation) =>
      operations.includes(operation) ? Promise.reject(new Error('OOM: refused')) : undefined
  }

  async function createFull(refused: readonly string[] = writes) {
    const { clock, shared, limited } = createLimited()
    await limited.set(slot, 'text', 100_000)
    refuse(shared, refused)
    for (const user of users) await expect(limited.set(user, 'text', 1000)).rejects.toThrow()
    return { clock, shared, limited }
  }

  it('is left alone with writes, and still read', async () => {
    const { shared, limited } = await createFull()
    await expect(limited.set(slot, 'new', 1000)).rejects.toThrow('left alone')
    await expect(limited.lease!(slot, 1000)).rejects.toThrow('left alone')
    expect(shared.operations.filter((operation) => operation === 'set')).toHaveLength(1 + 5)
    expect(await limited.get(slot)).toBe('text')
  })

  it('is said to be failing until a write succeeds, or none was tried for ten minutes', async () => {
    const { clock, shared, limited } = await createFull()
    await limited.get(slot)
    expect(limited.health()).toMatchObject({
      failing: true,
      lastFailure: expect.stringContaining('OOM') as unknown,
    })
    clock.ms += 2000
    shared.before = () => undefined
    await limited.set(slot, 'new', 100_000)
    expect(limited.health().failing).toBe(false)

    const other = await createFull()
    other.clock.ms += 600_001
    await other.limited.get(slot)
    expect(other.limited.health().failing).toBe(false)
  })

  it.each(['set', 'setIfGreater', 'lease', 'delete', 'deletePartition'] as const)(
    'is read again after a silence, however often it refuses to %s in between',
    async (operation) => {
      const { clock, shared, limited } = await createFull([...writes, ...deletions])
      shared.before = silence
      await expect(timeOut(limited.get(slot))).rejects.toThrow('no answer')
      refuse(shared, [...writes, ...deletions])
      const ask = {
        set: () => limited.set(slot, 'text', 1000, 'needed'),
        setIfGreater: () => limited.setIfGreater!(slot, 1, 'text', 1000),
        lease: () => limited.lease!(slot, 1000),
        delete: () => limited.delete(slot),
        deletePartition: () => limited.deletePartition('alice'),
      }
      const read: unknown[] = []
      for (let second = 0; second < 4; second += 1) {
        clock.ms += 1000
        await expect(ask[operation]()).rejects.toThrow()
        read.push(await limited.get(slot).catch(() => 'left alone'))
      }
      expect(read).toEqual(['left alone', 'text', 'text', 'text'])
    },
  )

  it('and to delete, as a replica does, is read after any number of refusals', async () => {
    const { limited } = await createFull([...writes, ...deletions])
    for (const user of users) {
      await expect(limited.delete(user)).rejects.toThrow('refused')
      await expect(limited.deletePartition(user.partition)).rejects.toThrow('refused')
    }
    expect(await limited.get(slot)).toBe('text')
  })

  it('and to end leases is read after any number of refusals', async () => {
    const { shared, limited } = createLimited()
    await limited.set(slot, 'text', 100_000)
    const store = { ...shared.store, lease: () => ({ release: () => Promise.reject(new Error('refused')) }) }
    const other = createSharedStore(store, { timeoutMs: 5 }, { clock: new HandClock(), random: () => 0 })
    for (const user of users) {
      const lease = await other.lease!(user, 1000)
      await expect(lease!.release()).rejects.toThrow('refused')
    }
    expect(await other.get(slot)).toBe('text')
    expect(other.health().failing).toBe(true)
  })

  it('is said to be failing after a refused forget until one succeeds, or a write does', async () => {
    const { shared, limited } = createLimited()
    for (const heal of [() => limited.deletePartition('alice'), () => limited.set(slot, 'new', 100_000)]) {
      await limited.set(slot, 'text', 100_000)
      refuse(shared, deletions)
      await expect(limited.deletePartition('alice')).rejects.toThrow('refused')
      await limited.get(slot)
      expect(limited.health().failing).toBe(true)
      shared.before = () => undefined
      await heal()
      expect(limited.health().failing).toBe(false)
    }
  })

  it('is said to be failing while it is full, although it deletes', async () => {
    const { limited } = await createFull()
    await limited.delete(users[0]!)
    expect(limited.health().failing).toBe(true)
    await expect(limited.set(slot, 'new', 1000)).rejects.toThrow('left alone')
  })

  it('and then falls silent is left alone altogether', async () => {
    const { shared, limited } = await createFull()
    shared.before = silence
    await expect(timeOut(limited.get(slot))).rejects.toThrow('no answer')
    await expect(limited.get(slot)).rejects.toThrow('left alone')
  })

  it('by silence costs its time limit once, reading included', async () => {
    const { shared, limited } = createLimited()
    shared.before = (operation) => (operation === 'set' ? silence() : undefined)
    await expect(timeOut(limited.set(slot, 'text', 1000))).rejects.toThrow('no answer')
    await expect(limited.get(slot)).rejects.toThrow('left alone')
  })
})

describe('a subscription', () => {
  it.each([
    ['does not answer', () => new Promise<void>(() => undefined), 'close: no answer within 5 ms'],
    ['throws', () => Promise.reject(new Error('gone')), 'close: Error: gone'],
  ])('whose end %s is waited for no longer than for anything else', async (_, close, message) => {
    const store: SealedTokenStore = {
      ...createSharedTextStore(new HandClock()).store,
      subscribe: () => ({ ready: Promise.resolve(), close }),
    }
    const limits = [{ timeoutMs: 5 }, { clock: new HandClock(), random: () => 0 }] as const
    const subscription = createSharedStore(store, ...limits).subscribe!(() => undefined)
    await expect(timeOut(Promise.resolve(subscription.close()))).rejects.toMatchObject({
      code: 'token_store_failed',
      message,
    })
  })
})
