// How far two clocks are apart, by what an answer says of the time: never more than is certain, told once, and set right with our clock.
import { describe, expect, it } from 'vitest'
import { ClockComparison } from '../../src/authority/clock-comparison.ts'
import { steady } from '../../src/kernel/time/steady-clock.ts'

const start = Date.UTC(2026, 10, 22, 12)

function scenario() {
  let ms = start
  const clock = { nowMs: () => ms }
  const passing = steady(clock)
  const comparison = new ClockComparison(clock)
  return {
    comparison,
    wait: (more: number) => void (ms += more),
    /** An answer whose `Date` is so many milliseconds from our clock when it was asked for. */
    answer: (
      byMs: number,
      { tookMs = 0, age, date }: { tookMs?: number; age?: string; date?: string } = {},
    ) => {
      const sentAt = passing.now()
      const headers = new Headers({ date: date ?? new Date(ms + byMs).toUTCString() })
      if (age !== undefined) headers.set('age', age)
      ms += tookMs
      comparison.note(headers, sentAt)
    },
  }
}

describe('the difference of two clocks', () => {
  it.each([
    ['none where they agree', 0, {}, 0],
    ['none within the second that a date cannot tell', -1_000, {}, 0],
    ['what ours is ahead, without that second', -61_000, {}, 60_000],
    ['what ours is behind', 60_000, {}, -60_000],
    ['none where the answer took as long', 60_000, { tookMs: 60_000 }, 0],
    ['what ours is behind when the answer came', 60_000, { tookMs: 20_000 }, -40_000],
    ['what ours was ahead when it was asked', -61_000, { tookMs: 20_000 }, 60_000],
    ['less by the age of the answer', -61_000, { age: '30' }, 30_000],
    ['more by it where ours is behind', 60_000, { age: '30' }, -90_000],
    ['the same with an age that is none', -61_000, { age: '-30' }, 60_000],
    ['the same with an age that is too long', -61_000, { age: '1234567890' }, 60_000],
    ['not known without a date', 0, { date: '' }, undefined],
    ['not known by a date that is none', 0, { date: 'soon' }, undefined],
  ])('is %s', (_what, byMs, more, differenceMs) => {
    const { comparison, answer } = scenario()
    answer(byMs, more)
    expect(comparison.differenceMs()).toBe(differenceMs)
  })

  it('is not known before there is an answer, and is of the latest that tells', () => {
    const { comparison, answer } = scenario()
    expect(comparison.differenceMs()).toBeUndefined()
    answer(60_000)
    answer(0, { date: 'soon' })
    expect(comparison.differenceMs()).toBe(-60_000)
    answer(0)
    expect(comparison.differenceMs()).toBe(0)
  })

  it('goes away when our clock is set right, and comes when it is set wrong', () => {
    const { comparison, answer, wait } = scenario()
    answer(-61_000)
    wait(5_000)
    expect(comparison.differenceMs()).toBe(60_000)
    wait(-60_000)
    expect(comparison.differenceMs()).toBe(0)
    wait(-7_000)
    expect(comparison.differenceMs()).toBe(-7_000)
  })

  it('is told once, until it has been smaller', () => {
    const { comparison, answer } = scenario()
    expect(comparison.tellOnce(0)).toBeUndefined()
    answer(60_000)
    expect([comparison.tellOnce(60_000), comparison.tellOnce(59_999), comparison.tellOnce(59_999)]).toEqual([
      undefined,
      -60_000,
      undefined,
    ])
    answer(0)
    expect(comparison.tellOnce(59_999)).toBeUndefined()
    answer(-91_000)
    expect(comparison.tellOnce(59_999)).toBe(90_000)
  })
})
