// What the shared store tells of an operation that failed: which one, and no more of the driver's error than is safe.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSharedStore, type SharedStore } from '../../../src/acquire/shared/shared-store.ts'
import { TokenStoreError } from '../../../src/kernel/errors/errors.ts'
import type { SealedTokenStore, Slot } from '../../../src/token-cache/store.ts'
import { HandClock } from '../scenario.ts'

describe('an operation that fails', () => {
  const slot: Slot = { partition: 'p', key: 'k' }

  function createFailing(fail: () => never) {
    const failing: SealedTokenStore = {
      sealed: true,
      get: fail,
      set: fail,
      delete: fail,
      deletePartition: fail,
      setIfGreater: fail,
      lease: fail,
      publish: fail,
      subscribe: () => ({ ready: Promise.resolve(), close: fail }),
    }
    return createSharedStore(failing, { timeoutMs: 60_000 }, { clock: new HandClock(), random: () => 0 })
  }

  const operations: Readonly<Record<string, (store: SharedStore) => unknown>> = {
    get: (store) => store.get(slot),
    set: (store) => store.set(slot, 'text', 1000),
    delete: (store) => store.delete(slot),
    deletePartition: (store) => store.deletePartition('p'),
    setIfGreater: (store) => store.setIfGreater?.(slot, 1, 'text', 1000),
    lease: (store) => store.lease?.(slot, 1000),
    publish: (store) => store.publish?.('message'),
    close: (store) => store.subscribe?.(() => undefined).close(),
  }

  it.each(Object.entries(operations))('is named in the error: %s', async (operation, run) => {
    const store = createFailing(() => {
      throw new RangeError('the disk is full')
    })
    await expect(run(store)).rejects.toMatchObject({
      code: 'token_store_failed',
      message: `${operation}: RangeError: the disk is full`,
    })
  })

  it.each<[string, unknown, string]>([
    ['whole up to 200 characters', new Error('x'.repeat(200)), `get: Error: ${'x'.repeat(200)}`],
    ['cut beyond', new Error('x'.repeat(201)), `get: Error: ${'x'.repeat(200)}`],
    ['without credentials', new Error('redis://me:hunter2@store/'), 'get: Error: redis://[redacted]@store/'],
    ['not at all when it is no error', 'hunter2', 'get: failed'],
  ])('is told %s', async (_how, thrown, message) => {
    const store = createFailing(() => {
      throw thrown
    })
    await expect(store.get(slot)).rejects.toSatisfy(
      (error) => error instanceof TokenStoreError && error.message === message && error.cause === undefined,
    )
  })
})

describe('a failure of messages', () => {
  it('is over when entries have been well for ten minutes since, though nobody has published', async () => {
    const clock = new HandClock()
    const store: SealedTokenStore = {
      ...{ sealed: true, get: () => undefined, set: () => undefined },
      ...{ delete: () => undefined, deletePartition: () => undefined },
      publish: () => Promise.reject(new Error('down')),
      subscribe: () => ({ ready: Promise.resolve(), close: () => undefined }),
    }
    const shared = createSharedStore(store, { timeoutMs: 60_000 }, { clock, random: () => 0 })
    await expect(shared.publish?.('message')).rejects.toThrow('down')
    clock.advanceSeconds(600)
    await shared.get({ partition: 'p', key: 'k' })
    expect(shared.health()).toEqual({ failing: true, lastFailure: 'publish: Error: down' })
    clock.advanceSeconds(1)
    await shared.get({ partition: 'p', key: 'k' })
    expect(shared.health()).toEqual({ failing: false, lastFailure: undefined })
  })
})

it('a part of the store that fails is told of until it is well again itself, whatever the other parts do', async () => {
  const failing = new Set<string>()
  const get = ({ key }: Slot): undefined => {
    for (const name of failing) if (names.get(key) === name) throw new Error(`${name} is down`)
  }
  const names = new Map<string, string>()
  const store: SealedTokenStore = {
    ...{ sealed: true, set: () => undefined, delete: () => undefined, deletePartition: () => undefined },
    get,
    faultGroup: (partition) => partition,
  }
  const clock = new HandClock()
  const shared = createSharedStore(store, { timeoutMs: 60_000 }, { clock, random: () => 0 })
  for (const name of ['east', 'west']) names.set(createHash('sha256').update(name).digest('base64url'), name)
  const read = (name: string): Promise<unknown> =>
    shared.get({ partition: name, key: name }, 'needed').catch(() => undefined)
  const told: (string | undefined)[] = []
  for (const [down, name] of [
    ['east', 'east'],
    ['west', 'west'],
    ['', 'west'],
    ['', 'east'],
  ] as const) {
    failing.clear()
    failing.add(down)
    await read(name)
    told.push(shared.health().lastFailure)
  }
  expect(told).toEqual([
    'get: Error: east is down',
    'get: Error: west is down',
    'get: Error: east is down',
    undefined,
  ])
})
