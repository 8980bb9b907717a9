// The time that a person waited for calls, which may overlap.
import { expect, it } from 'vitest'
import { waitedMs } from '../../client/page/trace/waiting.ts'

const call = (startedAtMs: number, durationMs: number, tokenMs = 0) => ({
  startedAtMs,
  durationMs,
  token: { durationMs: tokenMs },
})

it('counts calls side by side once', () => {
  expect(waitedMs([call(100, 50), call(110, 20)])).toBe(50)
  expect(waitedMs([call(100, 50), call(130, 40)])).toBe(70)
})

it('counts no time in which nothing was under way, such as a sign-in between two calls', () => {
  expect(waitedMs([call(9_000, 40), call(0, 30)])).toBe(70)
})

it('counts the time for the token of a call', () => {
  expect(waitedMs([call(100, 50, 25)])).toBe(75)
})

it('is nothing without calls', () => {
  expect(waitedMs([])).toBe(0)
})
