import { describe, expect, it } from 'vitest'
import { Breaker } from '../../src/acquire/breaker.ts'

const limits = { failuresToOpen: 3, callersToOpen: 2, probeEveryMs: 1000 }

function createBreaker(chance = 0) {
  const breaker = new Breaker(limits, () => chance)
  const fail = (nowMs: number, caller: string, sentAtMs = nowMs, toldMs = 0) =>
    breaker.failed({ nowMs, sentAtMs, caller, toldMs })
  return { breaker, fail }
}

describe('a breaker', () => {
  it('opens at the last of the failures in a row, once', () => {
    const { breaker, fail } = createBreaker()
    expect([fail(1, 'a'), fail(2, 'b'), fail(3, 'a'), fail(4, 'a')]).toEqual([false, false, true, false])
    expect(breaker.waitMs(4)).toBe(1000)
  })

  it('does not open for one caller alone', () => {
    const { breaker, fail } = createBreaker()
    for (let call = 0; call < 10; call += 1) fail(1, 'a')
    expect(breaker.waitMs(1)).toBe(0)
    expect(fail(1, 'b')).toBe(true)
  })

  it('counts from the start after a success', () => {
    const { breaker, fail } = createBreaker()
    fail(1, 'a')
    fail(1, 'b')
    expect(breaker.succeeded(2)).toBe(false)
    expect([fail(3, 'a'), fail(3, 'b')]).toEqual([false, false])
  })

  it('learns nothing from the late failure of what was sent before the latest success', () => {
    const { breaker, fail } = createBreaker()
    breaker.succeeded(10)
    for (const caller of ['a', 'b', 'c', 'd']) fail(11, caller, 9)
    expect(breaker.waitMs(11)).toBe(0)
  })

  it('lets a probe through after the interval, and the next one an interval later', () => {
    const { breaker, fail } = createBreaker()
    for (const caller of ['a', 'b', 'c']) fail(0, caller)
    expect([breaker.waitMs(999), breaker.waitMs(1000)]).toEqual([1, 0])
    breaker.sent(1000)
    expect([breaker.waitMs(1000), breaker.waitMs(2000)]).toEqual([1000, 0])
    expect(breaker.succeeded(1100)).toBe(true)
    expect(breaker.waitMs(1100)).toBe(0)
  })

  it('lengthens the interval by chance, by half at most', () => {
    const { breaker, fail } = createBreaker(1)
    for (const caller of ['a', 'b', 'c']) fail(0, caller)
    expect(breaker.waitMs(0)).toBe(1500)
  })

  it('stays open for as long as it was told', () => {
    const { breaker, fail } = createBreaker()
    for (const caller of ['a', 'b', 'c']) fail(0, caller, 0, 7000)
    expect(breaker.waitMs(0)).toBe(7000)
  })

  it('keeps a pause whatever succeeds meanwhile, and probes after it', () => {
    const { breaker } = createBreaker()
    expect([breaker.pause(0, 5000), breaker.pause(1, 1000)]).toEqual([true, false])
    expect(breaker.succeeded(100)).toBe(false)
    expect([breaker.waitMs(100), breaker.waitMs(5000)]).toEqual([4900, 0])
    breaker.sent(5000)
    expect(breaker.waitMs(5000)).toBe(1000)
    expect(breaker.succeeded(5001)).toBe(true)
  })
})
