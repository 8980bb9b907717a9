// What `midtier plan` takes for granted of midtier, counted at midtier itself.
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createMemoryTokens } from '../../src/acquire/create-token-source.ts'
import { expiryBufferMs, renewalDelayMs } from '../../src/kernel/time/lifetime.ts'
import { measured } from '../../src/plan/constants.ts'
import { defaultInputs } from '../../src/plan/inputs.ts'
import { resolveNumber } from '../../src/settings/numbers.ts'
import { createCaller, createScenario, HandClock, settle, type Scenario } from '../acquire/scenario.ts'
import { createSharedTextStore, type SharedTextStore } from '../acquire/shared-text-store.ts'
import { createStubAuthority } from '../grants/stub-authority.ts'
import { memoryBounds } from '../acquire/limits.ts'

interface Processes {
  readonly clock: HandClock
  readonly shared: SharedTextStore
  readonly one: Scenario
  readonly two: Scenario
  /** What a request made the store do, in order. */
  readonly operationsOf: (request: () => Promise<unknown>) => Promise<readonly string[]>
}

function createProcesses(): Processes {
  const clock = new HandClock()
  const shared = createSharedTextStore(clock)
  const authority = createStubAuthority()
  const l2 = {
    ...shared.store,
    async lease(...asked: Parameters<typeof shared.store.lease>) {
      const held = await shared.store.lease(...asked)
      return held && { release: () => (shared.operations.push('release'), held.release()) }
    },
  }
  const open = (): Scenario => createScenario({}, { clock, l2 }, authority)
  return {
    clock,
    shared,
    one: open(),
    two: open(),
    async operationsOf(request) {
      const before = shared.operations.length
      await request()
      await settle()
      return shared.operations.slice(before).filter((operation) => operation !== 'subscribe')
    },
  }
}

describe('operations of the store for one request', () => {
  it('an exchange, a token from the store, and one from memory', async () => {
    const { clock, one, two, operationsOf } = createProcesses()
    const caller = createCaller(clock)
    const exchange = await operationsOf(() => one.onBehalfOf(caller))
    expect(exchange).toEqual(['get', 'lease', 'get', 'set', 'release'])
    expect(exchange).toHaveLength(measured.operations.exchange)
    expect(await operationsOf(() => two.onBehalfOf(caller))).toHaveLength(measured.operations.storeHit)
    expect(await operationsOf(() => two.onBehalfOf(caller))).toHaveLength(measured.operations.memoryHit)
  })

  it('a renewal in the background costs an exchange, and the other process a read', async () => {
    const { clock, one, two, operationsOf } = createProcesses()
    const caller = createCaller(clock)
    const token = await one.onBehalfOf(caller)
    await settle()
    await two.onBehalfOf(caller)
    clock.ms = token.refreshAtMs
    expect(await operationsOf(() => one.onBehalfOf(caller))).toHaveLength(measured.operations.exchange)
    expect(await operationsOf(() => two.onBehalfOf(caller))).toEqual(['get'])
  })

  it('a token that is due is not renewed by a process that has only just read it', async () => {
    const { clock, one, two, operationsOf } = createProcesses()
    const caller = createCaller(clock)
    await operationsOf(async () => (clock.ms = (await one.onBehalfOf(caller)).refreshAtMs))
    expect(await operationsOf(() => two.onBehalfOf(caller))).toEqual(['get'])
    expect(await operationsOf(() => two.onBehalfOf(caller))).toHaveLength(measured.operations.exchange)
  })

  it('who waits looks again and again: a refused look, and the one that finds the token', async () => {
    const { clock, shared, two, one, operationsOf } = createProcesses()
    const caller = createCaller(clock)
    await operationsOf(() => one.onBehalfOf(caller))
    const [written] = shared.written
    const text = written && shared.memory.get(written)
    if (written === undefined || text === undefined) throw new Error('nothing was written')
    shared.memory.delete(written)
    const other = await shared.store.lease(written, 3000) // another process is at it
    let looks = 0
    shared.before = (operation) => {
      if (operation !== 'lease' || (looks += 1) !== 3) return
      shared.memory.set(written, text, 1e6)
      return other?.release()
    }
    const operations = await operationsOf(() => two.onBehalfOf(caller))
    const { storeHit, refusedLook, lastLook } = measured.operations
    expect(operations).toEqual(['get', 'lease', 'get', 'lease', 'get', 'lease', 'get', 'release'])
    expect(operations).toHaveLength(storeHit + 2 * refusedLook + lastLook)
  })

  it('a store that is gone is asked by a few, and then left alone', async () => {
    const { clock, shared, one, operationsOf } = createProcesses()
    shared.before = () => {
      throw new Error('gone')
    }
    const ask = (name: string): Promise<readonly string[]> =>
      operationsOf(() => one.onBehalfOf(createCaller(clock, name)))
    const asked = []
    for (let person = 0; person < 20; person += 1) asked.push(...(await ask(`person ${person}`)))
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.length).toBeLessThan(20)
    expect(await ask('somebody else')).toEqual([])
  })
})

describe('the other constants', () => {
  it('when a token is renewed, and when it is no longer given', () => {
    expect(expiryBufferMs).toBe(measured.expiryBufferSeconds * 1000)
    const delays = [0, 1].map((chance) => renewalDelayMs(1_000_000, undefined, () => chance))
    const latest = 1_000_000 * measured.renewalShare
    expect(delays).toEqual([latest, latest * (1 - measured.renewalSpread)])
  })

  it('bytes of a token by the count of the process, where people and applications have GUIDs', async () => {
    const clock = new HandClock()
    const l1 = createMemoryTokens(clock, memoryBounds)
    const scenario = createScenario({}, { clock, l1 })
    const token = await scenario.onBehalfOf(createCaller(clock, 'alice', '1', { objectId: randomUUID() }))
    const counted = l1.bytes - token.accessToken.length
    expect(Math.abs(counted / measured.countedBytes - 1), String(counted)).toBeLessThan(0.05)
  })

  it('defaults of midtier', () => {
    expect(measured.verifiedTokens).toBe(resolveNumber('maxCachedTokens', undefined))
    expect(defaultInputs.maxEntries).toBe(resolveNumber('tokenCache.maxEntries', undefined))
  })
})
