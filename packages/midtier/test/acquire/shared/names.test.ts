// Names of what is kept: bounded, and nothing is kept that has lost its name.
import { describe, expect, it } from 'vitest'
import { Names } from '../../../src/acquire/shared/names.ts'

function createNames(maxNames: number) {
  const kept = new Set<string>()
  const dropped: string[] = []
  const looks: string[] = []
  const names = new Names<string>({
    maxNames,
    isKept: (named) => {
      looks.push(named)
      return kept.has(named)
    },
    drop: (named) => dropped.push(named),
  })
  const note = (named: string): void => names.note(`digest of ${named}`, named)
  return { names, kept, dropped, looks, note }
}

describe('names', () => {
  it('are found by their digest', () => {
    const { names, note } = createNames(10)
    note('alice')
    expect([names.find('digest of alice'), names.find('digest of bob')]).toEqual(['alice', undefined])
  })

  it('of what is gone give way first, whoever came first', () => {
    const { names, kept, dropped, note } = createNames(3)
    for (const named of ['alice', 'bob', 'carol']) {
      kept.add(named)
      note(named)
    }
    kept.delete('bob')
    note('dave')
    expect([dropped, names.size]).toEqual([['bob'], 3])
    expect(names.find('digest of alice')).toBe('alice')
  })

  it('of what is kept take it along when there is no other', () => {
    const { kept, dropped, note } = createNames(2)
    for (const named of ['alice', 'bob', 'carol']) {
      kept.add(named)
      note(named)
    }
    expect(dropped).toHaveLength(1)
  })

  it('are not looked through again and again', () => {
    const { names, kept, looks, note } = createNames(2500)
    for (let index = 0; index < 1000; index += 1) {
      kept.add(`kept ${index}`)
      note(`kept ${index}`)
    }
    for (let index = 0; index < 20_000; index += 1) note(`gone ${index}`)
    expect(names.size).toBe(2500)
    expect(looks.length).toBeLessThan(3 * 20_000)
    for (let index = 0; index < 1000; index += 1)
      expect(names.find(`digest of kept ${index}`)).toBe(`kept ${index}`)
  })
})
