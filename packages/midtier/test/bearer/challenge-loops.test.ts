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
    return loops.closes({ session: 'alice', id: `token ${++tokens}`, issuedAtSeconds }, claims)
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
})
