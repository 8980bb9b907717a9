// The movable clock: it goes, is moved, stands still, and goes on.
import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/kernel/clock.ts'

describe('the emulator’s clock', () => {
  function clockOn(start: number): { clock: ReturnType<typeof createClock>; wait: (ms: number) => void } {
    let time = start
    return {
      clock: createClock({ now: () => time }),
      wait: (ms) => {
        time += ms
      },
    }
  }

  it('goes with the clock below, moved by whatever it was advanced by', () => {
    const { clock, wait } = clockOn(1000)
    clock.advance(2)
    clock.advance(-1)
    wait(500)
    expect(clock.now()).toBe(2500)
    expect(clock.setting).toEqual({ offsetMs: 1000 })
  })

  it('stands still, is moved on from there, and goes on from where it stands', () => {
    const { clock, wait } = clockOn(1000)
    clock.freeze()
    wait(5000)
    expect(clock.now()).toBe(1000)
    clock.advance(10)
    expect(clock.now()).toBe(11_000)
    clock.resume()
    wait(1)
    expect(clock.now()).toBe(11_001)
  })

  it('is not moved by going on while it goes', () => {
    const { clock } = clockOn(0)
    clock.advance(3)
    clock.resume()
    expect(clock.setting).toEqual({ offsetMs: 3000 })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_799, -253_402_300_801])(
    'is not moved by %d seconds, to where there are no dates',
    (seconds) => {
      const { clock } = clockOn(1)
      expect(() => clock.advance(seconds)).toThrow('clock: cannot be moved beyond the year 9999')
      expect(clock.now()).toBe(1)
    },
  )

  it('is reset, and restored to a setting that it had', () => {
    const { clock, wait } = clockOn(1000)
    clock.advance(7)
    clock.freeze()
    const { setting } = clock
    clock.reset()
    wait(1)
    expect(clock.now()).toBe(1001)
    clock.restore(setting)
    expect(clock.now()).toBe(8000)
  })
})
