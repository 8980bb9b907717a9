// Who is known at the door: each token that was noted lately, hardly any that was not, and nothing that is no token.
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { Doorkeeper } from '../../src/protect/doorkeeper.ts'

let made = 0
/** Tokens that nobody has seen, the same in every run. */
const tokensOf = (count: number) =>
  Array.from({ length: count }, () => `h.c.${createHash('sha512').update(`${made++}`).digest('base64url')}`)

function shareKnown(doorkeeper: Doorkeeper, tokens: readonly string[]): number {
  return tokens.filter((token) => doorkeeper.knows(token)).length / tokens.length
}

beforeEach(() => {
  made = 0
})

describe('the doorkeeper', () => {
  it('knows every token that was noted, up to its capacity', () => {
    const doorkeeper = new Doorkeeper(1_000)
    const tokens = tokensOf(1_000)
    for (const token of tokens) doorkeeper.note(token)
    expect(shareKnown(doorkeeper, tokens)).toBe(1)
  })

  it('takes few strangers for known, however many it has noted', () => {
    const doorkeeper = new Doorkeeper(1_000)
    const strangers = tokensOf(5_000)
    expect(shareKnown(doorkeeper, strangers)).toBe(0)
    for (const token of tokensOf(9_999)) doorkeeper.note(token)
    expect(shareKnown(doorkeeper, strangers)).toBeLessThan(0.02)
  })

  it('forgets who does not come again, and nobody who does', () => {
    const doorkeeper = new Doorkeeper(100)
    const regulars = tokensOf(20)
    const absent = tokensOf(100)
    for (const token of [...regulars, ...absent]) doorkeeper.note(token)
    for (const token of tokensOf(2_000)) {
      doorkeeper.note(token)
      expect(shareKnown(doorkeeper, regulars)).toBe(1)
    }
    expect(shareKnown(doorkeeper, absent)).toBeLessThan(0.1)
  })

  it('knows nobody after it was cleared', () => {
    const doorkeeper = new Doorkeeper(100)
    const tokens = tokensOf(250)
    for (const token of tokens) doorkeeper.note(token)
    doorkeeper.clear()
    expect(shareKnown(doorkeeper, tokens)).toBe(0)
  })

  it.each(['', 'a', 'ééééééééééééé', '\u{1f600}'.repeat(10), '.'.repeat(100)])('does not know %j', (text) => {
    expect(new Doorkeeper(10).knows(text)).toBe(false)
  })

  // By their ends these need but one bit of a word, the lowest, so that they tell whether a word is empty.
  const leastDemanding = Array.from(
    { length: 500 },
    (_, index) => `h.c.${String(index).padStart(5, 'x')}@@@@@`,
  )

  it('begins a list anew with nobody on it', () => {
    const doorkeeper = new Doorkeeper(1_000)
    const [one = ''] = tokensOf(1)
    for (let time = 0; time < 5_000; time += 1) doorkeeper.note(one)
    expect(shareKnown(doorkeeper, leastDemanding)).toBeLessThan(0.05)
    doorkeeper.clear()
    expect(shareKnown(doorkeeper, leastDemanding)).toBe(0)
  })
})
