import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoundedEntries, BoundedEntry, type Bounds } from '../../src/kernel/bounded-entries.ts'

/** The same, so plainly that it can be seen to be right: an array in the order of use. */
class Plain {
  entries: BoundedEntry[] = []
  readonly bounds: Required<Bounds>

  constructor(bounds: Required<Bounds>) {
    this.bounds = bounds
  }

  use(key: string): void {
    const used = this.entries.find((entry) => entry.key === key)
    if (used !== undefined) this.entries = [...this.entries.filter((entry) => entry !== used), used]
  }

  add(entry: BoundedEntry): void {
    this.delete(entry.key)
    if (entry.size > this.bounds.maxSize) return
    this.entries.push(entry)
    while (this.entries.length > this.bounds.maxEntries || this.size > this.bounds.maxSize)
      this.entries.shift()
  }

  delete(key: string): void {
    this.entries = this.entries.filter((entry) => entry.key !== key)
  }

  get size(): number {
    return this.entries.reduce((sum, { size }) => sum + size, 0)
  }
}

const keys = ['a', 'b', 'c', 'd', 'e']
const step = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    key: fc.constantFrom(...keys),
    size: fc.integer({ min: 0, max: 12 }),
  }),
  fc.record({ do: fc.constantFrom('use' as const, 'delete' as const), key: fc.constantFrom(...keys) }),
  fc.record({ do: fc.constant('clear' as const), key: fc.constant('') }),
)

test('holds what a plain list would, after any steps', () => {
  const bounds = fc.record({
    maxEntries: fc.integer({ min: 1, max: 4 }), // of up to seven, each use moves an entry
    maxSize: fc.integer({ min: 1, max: 20 }),
  })
  fc.assert(
    fc.property(bounds, fc.array(step, { maxLength: 40 }), (limits, steps) => {
      const left: BoundedEntry[] = []
      const bounded = new BoundedEntries(limits, (entry) => void left.push(entry))
      const plain = new Plain(limits)
      const added: BoundedEntry[] = []
      for (const next of steps) {
        if (next.do === 'add') {
          const entry = new BoundedEntry(next.key, next.size)
          if (bounded.add(entry)) added.push(entry)
          plain.add(entry)
        } else if (next.do === 'use') {
          const entry = bounded.find(next.key)
          if (entry !== undefined) bounded.use(entry)
          plain.use(next.key)
        } else if (next.do === 'delete') {
          bounded.delete(next.key)
          plain.delete(next.key)
        } else {
          bounded.clear()
          plain.entries = []
        }
        const held = keys.map((key) => bounded.find(key)).filter((entry) => entry !== undefined)
        expect(new Set(held)).toEqual(new Set(plain.entries))
        expect([bounded.count, bounded.size]).toEqual([plain.entries.length, plain.size])
      }
      // Whatever came in is here or was told of, once.
      const gone = added.filter((entry) => bounded.find(entry.key) !== entry)
      expect(new Set(left)).toEqual(new Set(gone))
      expect(left.length).toBe(gone.length)
    }),
  )
})

test('an entry that left points to none that stayed', () => {
  const bounded = new BoundedEntries({ maxEntries: 2 })
  const entries = keys.map((key) => new BoundedEntry(key, 1))
  for (const entry of entries) bounded.add(entry)
  expect(entries.slice(0, 3).map(({ older, newer }) => [older, newer])).toEqual(
    Array(3).fill([undefined, undefined]),
  )
})

test('takes no room for entries that are not there', () => {
  const before = process.memoryUsage()
  const bounded = new BoundedEntries({ maxEntries: 10_000_000 })
  const after = process.memoryUsage()
  const taken = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
  expect([bounded.count, taken < 20_000_000]).toEqual([0, true]) // eight bytes for each would be four times as much
})
