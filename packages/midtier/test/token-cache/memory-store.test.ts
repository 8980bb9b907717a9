import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { steady } from '../../src/kernel/time/steady-clock.ts'
import { MemoryStore, RepeatedSlot } from '../../src/token-cache/memory-store.ts'
import { memoryBounds } from '../acquire/limits.ts'

class HandClock {
  ms = 1000
  nowMs(): number {
    return this.ms
  }
}

const slot = (partition: string, key: string): { partition: string; key: string } => ({ partition, key })

function createStore(bounds: { maxEntries?: number; maxBytes?: number } = {}) {
  const clock = new HandClock()
  const sizeOf = (value: string): number => value.length
  return { clock, store: new MemoryStore<string>({ clock, sizeOf, ...memoryBounds, ...bounds }) }
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** The same slot for the same words, whatever happened to the store meanwhile, and whichever store it is. */
function remembering(): typeof slot {
  const slots = new Map<string, RepeatedSlot>()
  return (partition, key) => {
    const known = slots.get(`${partition} ${key}`) ?? new RepeatedSlot(partition, key)
    slots.set(`${partition} ${key}`, known)
    return known
  }
}

describe('the memory store', () => {
  it.each([
    ['slots that are made for each question', slot],
    ['slots that are asked for again and again', remembering()],
  ])('behaves as a naive map with expiry does, for %s', (_what, slotFor) => {
    const partition = fc.constantFrom('alice', 'bob', 'app')
    const key = fc.constantFrom('1', '2', '3')
    const step = fc.oneof(
      fc.record({ do: fc.constant('get' as const), partition, key }),
      fc.record({
        do: fc.constant('set' as const),
        partition,
        key,
        value: fc.string({ minLength: 1 }),
        ttlMs: fc.integer({ min: -5, max: 50 }),
      }),
      fc.record({ do: fc.constant('delete' as const), partition, key }),
      fc.record({ do: fc.constant('deletePartition' as const), partition }),
      fc.record({
        do: fc.constant('replace' as const),
        partition,
        key,
        value: fc.string({ minLength: 1 }),
      }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 30 }) }),
      fc.record({ do: fc.constant('setClock' as const), ms: fc.integer({ min: -100, max: 20 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const { clock, store } = createStore({ maxEntries: 100 })
        const model = new Map<string, { value: string; until: number }>()
        /** Milliseconds that passed; what the clock jumps ahead cannot be told from them. */
        let passedMs = 0
        // As in use, a key names its owner; the test of a shared key is below.
        const id = (step: { partition: string; key: string }): string => `${step.partition}/${step.key}`
        const at = (step: { partition: string; key: string }) => slotFor(step.partition, id(step))
        for (const step of steps) {
          if (step.do === 'wait' || step.do === 'setClock') {
            clock.ms += step.ms
            passedMs += Math.max(step.ms, 0)
            steady(clock).passedMs() // the process is busy: somebody reads the clock before it is set once more
          }
          if (step.do === 'set') {
            store.set(at(step), step.value, step.ttlMs)
            model.set(id(step), { value: step.value, until: passedMs + step.ttlMs })
          }
          if (step.do === 'replace') {
            store.replace(at(step), step.value)
            const standing = model.get(id(step))
            if (standing !== undefined) standing.value = step.value
          }
          if (step.do === 'delete') {
            store.delete(at(step))
            model.delete(id(step))
          }
          if (step.do === 'deletePartition') {
            store.deletePartition(step.partition)
            for (const name of [...model.keys()])
              if (name.startsWith(`${step.partition}/`)) model.delete(name)
          }
          if (step.do === 'get') {
            const expected = model.get(id(step))
            expect(store.get(at(step))).toBe(
              expected !== undefined && expected.until > passedMs ? expected.value : undefined,
            )
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('gives an entry to its owner alone, even under an equal key', () => {
    const { store } = createStore()
    store.set(slot('alice', 'k'), 'token of alice', 100)
    expect(store.get(slot('bob', 'k'))).toBeUndefined()
    store.delete(slot('bob', 'k'))
    expect(store.get(slot('alice', 'k'))).toBe('token of alice')
  })

  it('holds no more entries than it may, and lets the least recently used one go', () => {
    const { store } = createStore({ maxEntries: 3 })
    for (const key of ['a', 'b', 'c']) store.set(slot('p', key), key, 100)
    store.get(slot('p', 'a'))
    store.set(slot('p', 'd'), 'd', 100)
    expect(store.size).toBe(3)
    expect(['a', 'b', 'c', 'd'].map((key) => store.get(slot('p', key)))).toEqual(['a', undefined, 'c', 'd'])
  })

  it('holds no more bytes than it may, and keeps nothing that is larger than all of it', () => {
    const { store } = createStore({ maxBytes: 10_000 })
    for (let index = 0; index < 100; index += 1) {
      store.set(slot('p', String(index)), 'x'.repeat(1000), 100)
      expect(store.bytes).toBeLessThanOrEqual(10_000)
    }
    store.set(slot('q', 'large'), 'x'.repeat(20_000), 100)
    expect(store.get(slot('q', 'large'))).toBeUndefined()
  })

  it('counts the bytes of a value, twice the letters of its place, and what keeping track of it takes', () => {
    const { store } = createStore()
    store.set(slot('alice', 'k12'), 'x'.repeat(1000), 100)
    expect(store.bytes).toBe(1000 + 2 * ('alice'.length + 'k12'.length) + 400)
    store.deletePartition('alice')
    expect(store.bytes).toBe(0)
  })

  it.each([
    ['keeps its place while an eighth of all came in', 9, undefined],
    ['goes to the end of the queue once more did', 10, 'x'],
  ])('asked for an entry, %s', (_what, others, left) => {
    const { store } = createStore({ maxEntries: 72 })
    store.set(slot('p', 'asked for'), 'x', 100)
    for (let index = 0; index < 71; index += 1) store.set(slot('p', `before${index}`), 'y', 100)
    store.get(slot('p', 'asked for')) // goes to the end: everything came in since
    for (let index = 0; index < others; index += 1) store.set(slot('p', `a${index}`), 'y', 100)
    store.get(slot('p', 'asked for'))
    for (let index = others; index < 72; index += 1) store.set(slot('p', `a${index}`), 'y', 100)
    expect(store.get(slot('p', 'asked for'))).toBe(left)
    expect([store.size, store.maxEntries]).toEqual([72, 72])
  })

  it('keeps what is asked for again and again, also where bytes run out long before entries', () => {
    const { store } = createStore({ maxBytes: 8 * 1024 * 1024 })
    const large = 'y'.repeat(1024 * 1024)
    store.set(slot('p', 'asked for'), 'x', 100)
    for (let index = 0; index < 100; index += 1) {
      expect(store.get(slot('p', 'asked for'))).toBe('x')
      store.set(slot('p', `a${index}`), large, 100)
    }
    expect(store.size).toBe(8)
  })

  it('says whether it holds an entry, or any of an account', () => {
    const { store } = createStore()
    store.set(slot('alice', 'k'), 'x', 100)
    const held = [{ partition: 'alice' }, slot('alice', 'k'), { partition: 'bob' }, slot('bob', 'k')]
    expect(held.map((place) => store.holds(place))).toEqual([true, true, false, false])
    expect(store.holds(slot('alice', 'other'))).toBe(false)
    store.clear()
    expect([store.holds({ partition: 'alice' }), store.size]).toEqual([false, 0])
  })

  it('keeps nothing for no time', () => {
    const { store } = createStore()
    store.set(slot('p', 'k'), 'x', 100)
    store.set(slot('p', 'k'), 'y', 0)
    expect([store.get(slot('p', 'k')), store.size]).toEqual([undefined, 0])
  })

  it('remembers no account that has nothing left in it', () => {
    const { clock, store } = createStore({ maxEntries: 3 })
    for (let index = 0; index < 100; index += 1) store.set(slot(`user${index}`, `k${index}`), 'x', 100)
    expect(store.partitions).toBe(3)
    store.delete(slot('user99', 'k99'))
    store.deletePartition('user98')
    clock.ms += 100
    store.get(slot('user97', 'k97'))
    expect([store.partitions, store.size]).toEqual([0, 0])
  })

  it('remembers no account of several entries when the last of them is gone', () => {
    const { store } = createStore()
    for (const key of ['a', 'b', 'c']) store.set(slot('alice', key), 'x', 100)
    for (const key of ['a', 'b']) store.delete(slot('alice', key))
    expect(store.partitions).toBe(1)
    store.delete(slot('alice', 'c'))
    expect(store.partitions).toBe(0)
  })

  it('forgets an account whose entries partly gave way to others', () => {
    const { store } = createStore({ maxEntries: 4 })
    for (let index = 0; index < 4; index += 1) store.set(slot('alice', `a${index}`), 'x', 100)
    for (let index = 0; index < 2; index += 1) store.set(slot('bob', `b${index}`), 'x', 100)
    store.deletePartition('alice')
    expect(store.size).toBe(2)
    expect(store.get(slot('bob', 'b0'))).toBe('x')
  })
})

describe('an entry under a clock that is set', () => {
  const day = 86_400_000
  const place = slot('alice', 'k')

  it('lasts for as long as it was kept for, not until the time that a fast clock showed', () => {
    const { clock, store } = createStore()
    clock.ms += 2 * day
    store.set(place, 'kept while the clock ran ahead', 100)
    clock.ms -= 2 * day
    expect(store.get(place)).toBe('kept while the clock ran ahead')
    clock.ms += 99
    expect(store.get(place)).toBe('kept while the clock ran ahead')
    clock.ms += 1
    expect(store.get(place)).toBeUndefined()
  })

  it('does not begin anew when the clock is set back, nor when its value is replaced', () => {
    const { clock, store } = createStore()
    store.set(place, 'first', 100)
    clock.ms += 60
    store.get(place)
    clock.ms -= 2 * day
    store.replace(place, 'other')
    expect(store.get(place)).toBe('other')
    clock.ms += 40
    expect(store.get(place)).toBeUndefined()
  })

  it('is over when the clock jumps ahead, and stays so when that is taken back', () => {
    const { clock, store } = createStore()
    store.set(place, 'x', 100)
    clock.ms += 2 * day
    expect(store.get(place)).toBeUndefined()
    clock.ms -= 2 * day
    store.replace(place, 'brought back')
    expect(store.get(place)).toBeUndefined()
  })

  it('that is not there is not replaced, and nobody else’s is, even under an equal key', () => {
    const { store } = createStore()
    store.replace(place, 'x')
    expect([store.get(place), store.size]).toEqual([undefined, 0])
    store.set(place, 'of alice', 100)
    store.replace(slot('bob', 'k'), 'of bob')
    expect(store.get(place)).toBe('of alice')
  })
})

describe('a slot that is asked for again and again', () => {
  const repeated = () => new RepeatedSlot('alice', 'k')

  it('is answered by the store that is asked, not by the one that was asked before', () => {
    const [one, other] = [createStore().store, createStore().store]
    const slot = repeated()
    one.set(slot, 'of one', 100)
    other.set(slot, 'of the other', 100)
    expect([one.get(slot), other.get(slot), one.get(slot)]).toEqual(['of one', 'of the other', 'of one'])
    other.delete(slot)
    expect([one.get(slot), other.get(slot)]).toEqual(['of one', undefined])
  })

  it('gives what replaced its entry, by whatever slot that was set', () => {
    const { store } = createStore()
    const slot = repeated()
    store.set(slot, 'first', 100)
    expect(store.get(slot)).toBe('first')
    store.set({ partition: 'alice', key: 'k' }, 'second', 100)
    expect(store.get(slot)).toBe('second')
    store.set({ partition: 'bob', key: 'k' }, 'of bob', 100)
    expect(store.get(slot)).toBeUndefined()
  })

  it('keeps one text of a long key, that of the entry which it found', () => {
    const count = 100
    const longKey = (index: number) => `${index} `.padEnd(40_000, 'k')
    const { store } = createStore({ maxEntries: count, maxBytes: 1e9 })
    for (let index = 0; index < count; index += 1) store.set(slot('alice', longKey(index)), 'x', 100)
    const before = heapUsed()
    const slots = Array.from({ length: count }, (_, index) => new RepeatedSlot('alice', longKey(index)))
    expect(slots.map((each) => store.get(each))).toEqual(slots.map(() => 'x'))
    expect(heapUsed() - before).toBeLessThan((count * 40_000) / 4)
    expect(slots[7]?.key).toBe(longKey(7))
  })

  it.each<[string, (store: MemoryStore<string>, clock: HandClock) => void]>([
    [
      'was deleted',
      (store) => {
        store.delete({ partition: 'alice', key: 'k' })
      },
    ],
    [
      'went with its partition',
      (store) => {
        store.deletePartition('alice')
      },
    ],
    [
      'was replaced',
      (store) => {
        store.set({ partition: 'alice', key: 'k' }, 'x', 100)
      },
    ],
    [
      'gave way to others',
      (store) => {
        for (const key of ['1', '2', '3']) store.set({ partition: 'p', key }, 'x', 100)
      },
    ],
    [
      'is over',
      (store, clock) => {
        clock.ms += 100
        store.get(new RepeatedSlot('alice', 'k'))
      },
    ],
  ])('keeps no value in memory that %s', (_how, drop) => {
    const { store, clock } = createStore({ maxEntries: 3 })
    const slot = repeated()
    store.set(slot, 'a token', 100)
    store.get(slot)
    const { found } = slot
    expect(found?.value).toBe('a token')
    drop(store, clock)
    expect(found?.value).toBeUndefined()
  })
})
