// Spans of time as people read them.
import { describe, expect, it } from 'vitest'
import { offsetInWords, spanInWords } from '../../src/kernel/time-words.ts'

describe('a span', () => {
  it.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [0.5, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [61, '1 min 1 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h'],
    [3601, '1 h 1 s'],
    [90 * 60 + 5, '1 h 30 min'],
    [86_399, '23 h 59 min'],
    [86_400, '1 d'],
    [-90_000, '1 d 1 h'],
  ])('of %d seconds is %s', (seconds, words) => {
    expect(spanInWords(seconds)).toBe(words)
  })

  it.each([
    [0, '+0 s'],
    [1, '+1 s'],
    [-60, '−1 min'],
  ])('of %d seconds, with its direction, is %s', (seconds, words) => {
    expect(offsetInWords(seconds)).toBe(words)
  })
})
