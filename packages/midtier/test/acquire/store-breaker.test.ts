import { describe, expect, it } from 'vitest'
import { createSharedStore } from '../../src/acquire/shared-store.ts'
import { createCaller, createScenario, HandClock } from './scenario.ts'
import { createSharedTextStore } from './shared-text-store.ts'

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
    await expect(limited.get(slot)).rejects.toMatchObject({ message: 'get: no answer within 5 ms' })
    await expect(limited.set(slot, 'text', 1000)).rejects.toThrow('left alone for another 2000 ms')
    await expect(limited.lease!(slot, 1000)).rejects.toMatchObject({ code: 'token_store_failed' })
    expect(shared.operations).toEqual(['get'])
  })

  it('is tried by one after the pause, and used by all when it answers', async () => {
    const { clock, shared, limited } = createLimited()
    shared.before = silence
    await expect(limited.get(slot)).rejects.toThrow('no answer')
    clock.ms += 2000
    const probe = limited.get(slot)
    await expect(limited.get(slot)).rejects.toThrow('left alone')
    await expect(probe).rejects.toThrow('no answer')
    clock.ms += 2000
    shared.before = () => undefined
    await limited.set(slot, 'text', 100_000)
    expect(await Promise.all([limited.get(slot), limited.get(slot)])).toEqual(['text', 'text'])
  })

  it('is still told to delete, and asked for what nothing else can answer', async () => {
    const { shared, limited } = createLimited()
    await limited.set(slot, 'text', 100_000)
    shared.before = silence
    await expect(limited.get(slot)).rejects.toThrow('no answer')
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
      expect((await scenario.onBehalfOf(createCaller(clock, name))).origin).toBe('authority')
    expect(shared.operations).toEqual(['get'])
  })
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

  it("is not left alone over one account's entry", async () => {
    const { shared, limited } = createLimited()
    shared.before = () => Promise.reject(new Error('too large'))
    for (let turn = 0; turn < 10; turn += 1)
      await expect(limited.set(slot, 'text', 1000)).rejects.toThrow('too large')
    expect(shared.operations).toHaveLength(10)
  })
})
