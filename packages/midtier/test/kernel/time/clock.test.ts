// The machine's clock, which everything is measured by where no other is handed in.
import { expect, it } from 'vitest'
import { systemClock } from '../../../src/kernel/time/clock.ts'

it('the clock of the machine tells milliseconds since the epoch', () => {
  const before = Date.now()
  const told = systemClock.nowMs()
  expect(told).toBeGreaterThanOrEqual(before)
  expect(told).toBeLessThanOrEqual(Date.now())
})
