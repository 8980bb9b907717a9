import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ageMs, leftMs, steady } from '../../../src/kernel/time/steady-clock.ts'

class HandClock {
  ms = 1_800_000_000_000
  nowMs(): number {
    return this.ms
  }
}

describe('a steady clock', () => {
  it('stands still while the wall clock is set back, and goes on with it', () => {
    const wall = new HandClock()
    const clock = steady(wall)
    const start = clock.now()
    const seen = (): readonly number[] => [clock.passedMs() - start.passedMs, clock.ageMs(start)]
    wall.ms += 1000
    expect(seen()).toEqual([1000, 1000])
    wall.ms -= 86_400_000
    expect(seen()).toEqual([1000, Infinity])
    wall.ms += 500
    expect(seen()).toEqual([1500, Infinity])
    wall.ms += 86_400_000
    expect(seen()).toEqual([86_401_500, 86_401_500])
  })

  it('is one for all who measure by the same wall clock', () => {
    const wall = new HandClock()
    const first = steady(wall)
    const startMs = first.passedMs()
    wall.ms += 5000
    steady(wall).passedMs() // somebody else reads the clock while it is ahead
    wall.ms -= 3000
    expect(first.passedMs() - startMs).toBe(5000)
  })

  it('passes with the wall clock, is moved by what that one jumps ahead, and by nothing that it is set back', () => {
    const step = fc.record({ passedMs: fc.nat(100_000), setMs: fc.integer({ min: -1e9, max: 1e9 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50, size: 'max' }), (steps) => {
        const wall = new HandClock()
        const clock = steady(wall)
        let latestMs = clock.passedMs()
        for (const { passedMs, setMs } of steps) {
          wall.ms += setMs
          const afterJumpMs = clock.passedMs()
          expect(afterJumpMs - latestMs).toBe(Math.max(setMs, 0))
          wall.ms += passedMs
          latestMs = clock.passedMs()
          expect(latestMs - afterJumpMs).toBe(passedMs)
        }
      }),
      { seed: 20261127, numRuns: 200 },
    )
  })
})

describe('a steady clock beside one that nobody sets', () => {
  class TwoClocks extends HandClock {
    unsetMs = 12_345
    passedMs(): number {
      return this.unsetMs
    }
    pass(ms: number): void {
      this.ms += ms
      this.unsetMs += ms
    }
  }

  it('sees what passed while nobody looked, though the wall clock was set back meanwhile', () => {
    const wall = new TwoClocks()
    const clock = steady(wall)
    const since = clock.now()
    wall.pass(3_600_000)
    wall.ms -= 3_590_000
    expect(ageMs(since, clock.now())).toBe(3_600_000)
    wall.pass(500)
    expect(ageMs(since, clock.now())).toBe(3_600_500)
  })

  it.each([
    [1000, 5000], // nobody knows whether the one clock was read later than the other
    [1001, 6001],
  ])('was set back unseen by %i ms: set right again, %i ms have passed', (setBackMs, passedMs) => {
    const wall = new TwoClocks()
    const clock = steady(wall)
    const startMs = clock.passedMs()
    wall.pass(5000)
    wall.ms -= setBackMs
    expect(clock.passedMs() - startMs).toBe(5000)
    wall.ms += setBackMs
    expect(clock.passedMs() - startMs).toBe(passedMs)
  })

  it('counts what the machine slept, also after it was set back', () => {
    const wall = new TwoClocks()
    const clock = steady(wall)
    const startMs = clock.passedMs()
    wall.pass(10_000)
    wall.ms -= 9_000
    clock.passedMs()
    wall.ms += 5_000 // asleep: the other clock stood still
    expect(clock.passedMs() - startMs).toBe(15_000)
  })

  it('is never slower than either, and never ahead of the time that is real but by jumps', () => {
    const step = fc.record({ passedMs: fc.nat(100_000), setMs: fc.integer({ min: -1e6, max: 1e6 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50, size: 'max' }), (steps) => {
        const wall = new TwoClocks()
        const clock = steady(wall)
        let latestMs = clock.passedMs()
        for (const { passedMs, setMs } of steps) {
          wall.pass(passedMs)
          wall.ms += setMs // in one go: nobody saw the one without the other
          const tookMs = clock.passedMs() - latestMs
          expect(tookMs).toBeGreaterThanOrEqual(passedMs - 1000)
          expect(tookMs).toBeLessThanOrEqual(passedMs + Math.max(setMs, 0) + 1000)
          latestMs += tookMs
        }
      }),
      { seed: 20261127, numRuns: 200 },
    )
  })

  it('does not run fast where both are rounded, each at another moment', () => {
    const wall = {
      us: 0,
      nowMs: () => Math.floor(wall.us / 1000),
      passedMs: () => Math.floor((wall.us + 377) / 1000),
    }
    const clock = steady(wall)
    const startMs = clock.passedMs()
    for (let read = 0; read < 100_000; read += 1) {
      wall.us += 137
      clock.passedMs()
    }
    const fastMs = clock.passedMs() - startMs - wall.us / 1000
    expect(Math.abs(fastMs)).toBeLessThan(3)
  })
})

describe('a moment', () => {
  it('is as long ago as what passed, though the clock was set back', () => {
    const wall = new HandClock()
    const clock = steady(wall)
    const since = clock.now()
    wall.ms += 60_000
    clock.passedMs()
    wall.ms -= 50_000
    expect(ageMs(since, clock.now())).toBe(60_000)
    expect(leftMs({ since, durationMs: 90_000 }, clock.now())).toBe(30_000)
  })

  it('that is yet to come by the wall clock is too long ago for anything', () => {
    const wall = new HandClock()
    const clock = steady(wall)
    const since = clock.now()
    wall.ms -= 1
    expect(ageMs(since, clock.now())).toBe(Infinity)
    expect(leftMs({ since, durationMs: 90_000 }, clock.now())).toBe(0)
  })
})
