import { describe, expect, it } from 'vitest'
import { Breaker } from '../../../src/acquire/sources/breaker.ts'
import type { Moment } from '../../../src/kernel/time/steady-clock.ts'

const limits = { failuresToOpen: 3, callersToOpen: 2, probeEveryMs: 1000 }

/** Milliseconds that passed; by default the wall clock shows them too. */
const at = (passedMs: number, wallMs = passedMs): Moment => ({ passedMs, wallMs })

function createBreaker(chance = 0) {
  const breaker = new Breaker(limits, () => chance)
  const failure = (nowMs: number, caller: string, sentAtMs = nowMs, toldMs = 0) => {
    return { now: at(nowMs), sentAt: at(sentAtMs), caller, toldMs }
  }
  const fail = (...what: Parameters<typeof failure>) => breaker.failed(failure(...what))
  const tell = (nowMs: number, caller: string, toldMs: number) =>
    breaker.told(failure(nowMs, caller, nowMs, toldMs))
  return { breaker, fail, tell }
}

describe('a breaker', () => {
  it('opens at the last of the failures in a row, once', () => {
    const { breaker, fail } = createBreaker()
    expect([fail(1, 'a'), fail(2, 'b'), fail(3, 'a'), fail(4, 'a')]).toEqual([false, false, true, false])
    expect(breaker.waitMs(at(4))).toBe(1000)
  })

  it('does not open for one caller alone', () => {
    const { breaker, fail } = createBreaker()
    for (let call = 0; call < 10; call += 1) fail(1, 'a')
    expect(breaker.waitMs(at(1))).toBe(0)
    expect(fail(1, 'b')).toBe(true)
  })

  it('counts from the start after a success', () => {
    const { breaker, fail } = createBreaker()
    fail(1, 'a')
    fail(1, 'b')
    expect(breaker.succeeded(at(2))).toBe(false)
    expect([fail(3, 'a'), fail(3, 'b')]).toEqual([false, false])
  })

  it('learns nothing from the late failure of what was sent before the latest success', () => {
    const { breaker, fail } = createBreaker()
    breaker.succeeded(at(10))
    for (const caller of ['a', 'b', 'c', 'd']) fail(11, caller, 9)
    expect(breaker.waitMs(at(11))).toBe(0)
  })

  it('lets a probe through after the interval, and the next one an interval later', () => {
    const { breaker, fail } = createBreaker()
    for (const caller of ['a', 'b', 'c']) fail(0, caller)
    expect([breaker.waitMs(at(999)), breaker.waitMs(at(1000))]).toEqual([1, 0])
    breaker.sent(at(1000))
    expect([breaker.waitMs(at(1000)), breaker.waitMs(at(2000))]).toEqual([1000, 0])
    expect(breaker.succeeded(at(1100))).toBe(true)
    expect(breaker.waitMs(at(1100))).toBe(0)
  })

  it('lengthens the interval by chance, by half at most', () => {
    const { breaker, fail } = createBreaker(1)
    for (const caller of ['a', 'b', 'c']) fail(0, caller)
    expect(breaker.waitMs(at(0))).toBe(1500)
  })

  it('stays open for as long as it was told', () => {
    const { breaker, fail } = createBreaker()
    for (const caller of ['a', 'b', 'c']) fail(0, caller, 0, 7000)
    expect(breaker.waitMs(at(0))).toBe(7000)
  })

  it('keeps a pause whatever succeeds meanwhile, and probes after it', () => {
    const { breaker } = createBreaker()
    expect([breaker.pause(at(0), 5000), breaker.pause(at(1), 1000)]).toEqual([true, false])
    expect(breaker.succeeded(at(100))).toBe(false)
    expect([breaker.waitMs(at(100)), breaker.waitMs(at(5000))]).toEqual([4900, 0])
    breaker.sent(at(5000))
    expect(breaker.waitMs(at(5000))).toBe(1000)
    expect(breaker.succeeded(at(5001))).toBe(true)
  })

  it('closes the door to all when several were told to wait, for as long as the least of them', () => {
    const { breaker, tell } = createBreaker()
    expect([tell(0, 'a', 60_000), tell(0, 'a', 60_000)]).toEqual([false, false])
    expect(breaker.waitMs(at(0))).toBe(0)
    expect([tell(1, 'b', 9000), tell(2, 'c', 60_000)]).toEqual([true, false])
    expect(breaker.waitMs(at(2))).toBe(9000)
  })

  it('counts nobody who was told before a success', () => {
    const { breaker, tell } = createBreaker()
    tell(0, 'a', 5000)
    breaker.succeeded(at(1))
    expect(tell(2, 'b', 5000)).toBe(false)
    expect(breaker.told({ now: at(3), sentAt: at(0), caller: 'c', toldMs: 5000 })).toBe(false)
  })

  it('counts failures that are far apart from the start', () => {
    const breaker = new Breaker({ ...limits, longestGapMs: 10_000 }, () => 0)
    const fail = (nowMs: number, caller: string) =>
      breaker.failed({ now: at(nowMs), sentAt: at(nowMs), caller, toldMs: 0 })
    fail(0, 'a')
    fail(1, 'b')
    expect(fail(10_002, 'a')).toBe(false)
    fail(10_003, 'b')
    expect(fail(20_003, 'a')).toBe(true)
  })

  it('lets those who keep failing wait an interval longer for the probe', () => {
    const { breaker, fail } = createBreaker()
    for (const caller of ['a', 'b', 'c']) fail(0, caller)
    expect([
      breaker.waitMs(at(1000)),
      breaker.waitMs(at(1000), true),
      breaker.waitMs(at(2000), true),
    ]).toEqual([0, 1000, 0])
  })

  it('waits for nothing that began in the future of the wall clock', () => {
    const { breaker, fail } = createBreaker()
    breaker.pause(at(5000, 900_000), 60_000)
    expect([breaker.waitMs(at(6000, 901_000)), breaker.waitMs(at(6000, 6000))]).toEqual([59_000, 0])
    const other = createBreaker()
    for (const caller of ['a', 'b', 'c'])
      other.breaker.failed({ now: at(0, 900_000), sentAt: at(0, 900_000), caller, toldMs: 0 })
    expect([other.breaker.waitMs(at(0, 900_000)), other.breaker.waitMs(at(0, 0), true)]).toEqual([1000, 0])
    expect(fail(7000, 'a')).toBe(false)
  })
})
