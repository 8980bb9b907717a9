// Loops under a wall clock that is set: a challenge is remembered for two minutes that passed, and one of a wrong clock is noted anew.
import { describe, expect, it } from 'vitest'
import { ChallengeLoops } from '../../src/bearer/challenge-loops.ts'
import { createClock, type MovableClock } from '../authority/fake-authority.ts'

const day = 86_400
const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'

/** A person who does as told: every token is a new one, issued by an authority whose clock is `wrongSeconds` behind ours. */
function createPerson(clock: MovableClock) {
  const loops = new ChallengeLoops(clock)
  let tokens = 0
  return (wrongSeconds = 0): boolean => {
    const issuedAtSeconds = Math.floor(clock.nowMs() / 1000) - wrongSeconds
    return loops.closes(
      { session: 'alice', isOneSession: true, id: `token ${++tokens}`, issuedAtSeconds },
      claims,
    )
  }
}

describe('a loop of challenges', () => {
  it('is noticed after the clock ran ahead and was set right, from the next time round on', () => {
    const clock = createClock()
    const comesWithNewToken = createPerson(clock)
    clock.advanceSeconds(2 * day)
    expect(comesWithNewToken(2 * day)).toBe(false)
    clock.advanceSeconds(-2 * day)
    clock.advanceSeconds(5)
    expect(comesWithNewToken()).toBe(false)
    clock.advanceSeconds(5)
    expect(comesWithNewToken()).toBe(true)
  })

  it('is noticed after the clock was behind and jumped ahead, from the next time round on', () => {
    const clock = createClock()
    const comesWithNewToken = createPerson(clock)
    expect(comesWithNewToken()).toBe(false)
    clock.advanceSeconds(2 * day)
    expect(comesWithNewToken()).toBe(false)
    clock.advanceSeconds(5)
    expect(comesWithNewToken()).toBe(true)
  })

  it('is over after two minutes that passed, though the clock was set back in them', () => {
    const clock = createClock()
    const comesWithNewToken = createPerson(clock)
    expect(comesWithNewToken()).toBe(false)
    clock.advanceSeconds(100)
    expect(comesWithNewToken()).toBe(true)
    clock.advanceSeconds(-90)
    expect(comesWithNewToken()).toBe(true)
    clock.advanceSeconds(20)
    expect(comesWithNewToken()).toBe(false)
  })

  it('is over after two minutes to the millisecond', () => {
    for (const [ms, closes] of [
      [119_999, true],
      [120_000, false],
    ] as const) {
      const clock = createClock()
      const comesWithNewToken = createPerson(clock)
      comesWithNewToken()
      clock.advanceSeconds(ms / 1000)
      expect(comesWithNewToken()).toBe(closes)
    }
  })

  it('is none for the token of the first time, nor for one that is older than the challenge', () => {
    const clock = createClock()
    const loops = new ChallengeLoops(clock)
    const second = Math.floor(clock.nowMs() / 1000)
    const closes = (id: string, issuedAtSeconds: number, asked = claims): boolean =>
      loops.closes({ session: 'alice', isOneSession: true, id, issuedAtSeconds }, asked)
    expect(closes('first', second)).toBe(false)
    expect(closes('first', second)).toBe(false)
    expect(closes('older', second - 1)).toBe(false)
    expect(closes('of the same second', second)).toBe(true)
    expect(closes('of another challenge', second, '{}')).toBe(false)
  })
})

describe('a person whose tokens name no session', () => {
  const createUnnamed = () => {
    const clock = createClock()
    const loops = new ChallengeLoops(clock)
    const closes = (id: string): boolean => {
      const issuedAtSeconds = Math.floor(clock.nowMs() / 1000)
      return loops.closes({ session: 'alice', isOneSession: false, id, issuedAtSeconds }, claims)
    }
    return { clock, closes }
  }

  it('may sign in on another device while the first one is challenged', () => {
    const { clock, closes } = createUnnamed()
    expect(closes('laptop')).toBe(false)
    clock.advanceSeconds(2)
    expect([closes('phone'), closes('phone'), closes('laptop')]).toEqual([false, false, false])
  })

  it('goes round once more before the loop is noticed', () => {
    const { clock, closes } = createUnnamed()
    const rounds = ['first', 'second', 'third', 'fourth'].map((id) => {
      clock.advanceSeconds(5)
      return closes(id)
    })
    expect(rounds).toEqual([false, false, true, true])
  })

  it('is given two minutes from the last challenge', () => {
    const { clock, closes } = createUnnamed()
    closes('first')
    clock.advanceSeconds(100)
    closes('second')
    clock.advanceSeconds(100)
    expect(closes('third')).toBe(true)
    clock.advanceSeconds(20)
    expect(closes('fourth')).toBe(false)
  })
})

describe('challenges beyond what is remembered', () => {
  const closesAfter = (others: number, lengthOf: (index: number) => number): boolean => {
    const clock = createClock()
    const loops = new ChallengeLoops(clock)
    const issuedAtSeconds = Math.floor(clock.nowMs() / 1000)
    // The session, a line break and the challenge are what is kept of each.
    const sessions = Array.from({ length: others + 1 }, (_, index) =>
      String(index).padEnd(lengthOf(index) - 3),
    )
    for (const session of sessions)
      loops.closes({ session, isOneSession: true, id: 'first', issuedAtSeconds }, '{}')
    return loops.closes({ session: sessions[0]!, isOneSession: true, id: 'second', issuedAtSeconds }, '{}')
  }

  it('are ten thousand', () => {
    expect([closesAfter(9_999, () => 20), closesAfter(10_000, () => 20)]).toEqual([true, false])
  })

  it('are eight million letters', () => {
    const eighth = 1_048_576
    expect(closesAfter(7, () => eighth)).toBe(true)
    expect(closesAfter(7, (index) => (index === 7 ? eighth + 1 : eighth))).toBe(false)
  })
})
