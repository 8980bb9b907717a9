import { expect, it } from 'vitest'
import { leftMs, renewalDelayMs, usability } from '../../../src/kernel/time/lifetime.ts'

/** Acquired at zero, for an hour, to be renewed after half of it. */
const token = { acquiredAtMs: 0, refreshAtMs: 1_800_000, expiresAtMs: 3_600_000 }

it.each([
  ['over', 'was acquired more than half a minute from now', -30_001],
  ['fresh', 'was acquired by a clock that is half a minute ahead', -30_000],
  ['fresh', 'was just acquired', 0],
  ['fresh', 'is about to be renewed', 1_799_999],
  ['due', 'is to be renewed', 1_800_000],
  ['due', 'has just more than the buffer left', 3_299_999],
  ['last_minutes', 'has the buffer left', 3_300_000],
  ['last_minutes', 'is about to expire', 3_599_999],
  ['over', 'has expired', 3_600_000],
])('is %s: a token that %s', (expected, _, nowMs) => {
  expect(usability(token, nowMs)).toBe(expected)
})

it('is in its last minutes, whether or not it should have been renewed by then', () => {
  expect(usability({ ...token, refreshAtMs: token.expiresAtMs }, 3_300_000)).toBe('last_minutes')
})

it('is over when nobody knows when it ends', () => {
  expect(usability({ ...token, expiresAtMs: NaN }, 0)).toBe('over')
})

it.each([
  ['half of the lifetime', 3_600_000, undefined, 0, 1_800_000],
  ['a tenth of that earlier, by chance', 3_600_000, undefined, 1, 1_620_000],
  ['as its authority says', 3_600_000, 60_000, 0, 60_000],
  ['a tenth of that earlier, too', 3_600_000, 60_000, 1, 54_000],
  ['at once, if it says so', 3_600_000, 0, 0, 0],
  ['at its end at the latest, whatever the authority says', 3_600_000, 7_200_000, 0, 3_600_000],
])('is renewed after %s', (_, lifetimeMs, saidMs, chance, expected) => {
  expect(renewalDelayMs(lifetimeMs, saidMs, () => chance)).toBeCloseTo(expected)
})

it.each([
  ['what is left', 600_000, 3_000_000],
  ['all of it, when it was just acquired', 0, 3_600_000],
  ['no more than it was given for, when the clock was set back', -600_000, 3_600_000],
  ['less than nothing, when it is over', 3_600_001, -1],
])('is left with %s', (_, nowMs, left) => {
  expect(leftMs({ acquiredAtMs: 1_000, expiresAtMs: 3_601_000 }, nowMs + 1_000)).toBe(left)
})
