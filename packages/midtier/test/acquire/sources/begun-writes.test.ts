// Writes that may still land: who is waited for, and what is undone by forgetting a slot, an account or everything.
import { describe, expect, it } from 'vitest'
import { BegunWrites, type BegunWrite } from '../../../src/acquire/sources/begun-writes.ts'

const write = (partition: string, key: string): BegunWrite => ({
  pending: { partition, key, replaces: false, beganMs: 0, mayBeKept: true },
  settled: Promise.resolve(),
  isForgotten: false,
})

/** Two users with two tokens each; and of each write whether it may be kept, and whether it was forgotten. */
function begin() {
  const writes = new BegunWrites()
  const all = { a1: write('a', '1'), a2: write('a', '2'), b1: write('b', '1'), b2: write('b', '2') }
  for (const each of Object.values(all)) writes.add(each)
  const dropped = () =>
    Object.entries(all)
      .filter(([, { pending }]) => !pending.mayBeKept)
      .map(([name]) => name)
  const forgotten = () =>
    Object.entries(all)
      .filter(([, { isForgotten }]) => isForgotten)
      .map(([name]) => name)
  return { writes, all, told: () => ({ dropped: dropped(), forgotten: forgotten() }) }
}

describe('what is forgotten', () => {
  it.each<[string, { partition?: string; key?: string }, readonly string[], readonly string[]]>([
    ['a slot: its token alone, while its account goes on', { partition: 'a', key: '1' }, ['a1'], []],
    ['an account: its tokens, and nobody else’s', { partition: 'a' }, ['a1', 'a2'], ['a1', 'a2']],
    ['everything', {}, ['a1', 'a2', 'b1', 'b2'], ['a1', 'a2', 'b1', 'b2']],
    ['an account with nothing under way', { partition: 'c' }, [], []],
    ['a slot of another key', { partition: 'a', key: '3' }, [], []],
  ])('%s', (_, what, dropped, forgotten) => {
    const { writes, told } = begin()
    writes.drop(what)
    expect(told()).toEqual({ dropped, forgotten })
  })

  it('stays forgotten when its slot is dropped as well', () => {
    const { writes, told } = begin()
    writes.drop({ partition: 'a' })
    writes.drop({ partition: 'a', key: '1' })
    expect(told()).toEqual({ dropped: ['a1', 'a2'], forgotten: ['a1', 'a2'] })
  })
})

describe('a write', () => {
  it('is waited for until it has landed or was given up, when it is undone all the same', () => {
    const { writes, all, told } = begin()
    expect(writes.awaited('a')).toEqual([all.a1, all.a2])
    writes.giveUp(all.a1)
    expect(writes.awaited('a')).toEqual([all.a2])
    writes.remove(all.a2)
    expect(writes.awaited('a')).toEqual([])
    writes.drop({ partition: 'a' })
    expect(told()).toEqual({ dropped: ['a1'], forgotten: ['a1'] })
    writes.remove(all.a1)
    writes.remove(all.a1)
    expect(writes.awaited('b')).toEqual([all.b1, all.b2])
  })

  it('that was given up is remembered until a thousand others were', () => {
    const { writes, all, told } = begin()
    writes.giveUp(all.a1)
    for (let count = 0; count < 999; count += 1) {
      const other = write('others', String(count))
      writes.add(other)
      writes.giveUp(other)
    }
    writes.drop({ partition: 'a', key: '1' })
    expect(told().dropped).toEqual(['a1'])
    all.a1.pending.mayBeKept = true
    writes.giveUp(all.b1)
    writes.drop({})
    expect(told().dropped).toEqual(['a2', 'b1', 'b2'])
  })
})
