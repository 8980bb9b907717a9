// The instants of a token in words, on both sides of every limit.
import { describe, expect, it } from 'vitest'
import { clocksDiffer, timeNotes, timesInWords } from '../../src/protect/times-in-words.ts'
import { nowSeconds } from '../jwt/token-builder.ts'

describe('a span of time', () => {
  it.each([
    [0, '0 s'],
    [0.5, '0 s'],
    [1, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [119, '1 min'],
    [3_599, '59 min'],
    [3_600, '1 h'],
    [3_659, '1 h'],
    [3_660, '1 h 1 min'],
    [86_399, '23 h 59 min'],
    [86_400, '1 d'],
    [89_999, '1 d'],
    [90_000, '1 d 1 h'],
    [2_592_000, '30 d'],
  ])('of %d seconds is %s', (seconds, words) => {
    expect(clocksDiffer('iat', seconds)).toMatch(new RegExp(`^iat lies ${words} in the future: `))
  })
})

describe('the times of a token', () => {
  it.each([
    ['issued', { iat: -120 }, 'iat', 'issued 2 min ago'],
    ['issued', { iat: -1 }, 'iat', 'issued 1 s ago'],
    ['issued', { iat: 0 }, 'iat', 'issued just now'],
    ['issued', { iat: 90 }, 'iat', 'issued 1 min in the future'],
    ['valid', { nbf: -120 }, 'nbf', 'valid since 2 min'],
    ['valid', { nbf: 0 }, 'nbf', 'valid since 0 s'],
    ['valid', { nbf: 1 }, 'nbf', 'valid in 1 s'],
    ['over', { exp: 1 }, 'exp', 'valid for 1 s'],
    ['over', { exp: 0 }, 'exp', 'expired just now'],
    ['over', { exp: -0.5 }, 'exp', 'expired just now'],
    ['over', { exp: -1 }, 'exp', 'expired 1 s ago'],
    ['over, before its time', { exp: 60, nbf: 30 }, 'exp', 'expires in 1 min'],
    ['over, in its time', { exp: 60, nbf: 0 }, 'exp', 'valid for 1 min'],
  ] as const)('tell when it is %s: %j', (_what, instants, name, words) => {
    const claims = Object.fromEntries(
      Object.entries(instants).map(([claim, seconds]) => [claim, nowSeconds + seconds]),
    )
    expect(timesInWords(claims, nowSeconds)[name]).toBe(words)
  })

  it('leave out what is no time, and have a present in any case', () => {
    expect(timesInWords({ iat: 'soon', nbf: -1 }, nowSeconds)).toEqual({ now: '2026-11-22T12:00:00Z' })
    expect(timesInWords({}, 1e300)).toEqual({ now: '' })
  })
})

describe('what the times tell although the token is accepted', () => {
  it.each([
    ['nothing, a second before it is over', { exp: 1 }, []],
    ['that it is over', { exp: 0 }, [/^expired just now and accepted by the tolerance/]],
    ['nothing of clocks a second apart', { exp: 60, iat: 1, nbf: 1 }, []],
    ['of clocks two seconds apart', { exp: 60, iat: 2 }, [/^iat lies 2 s in the future/]],
    ['of them once, and by iat first', { exp: 60, nbf: 9, iat: 3 }, [/^iat lies 3 s in the future/]],
    ['of them by nbf where iat is fine', { exp: 60, nbf: 9, iat: 0 }, [/^nbf lies 9 s in the future/]],
    ['both', { exp: -1, iat: 5 }, [/^expired 1 s ago/, /^iat lies 5 s/]],
  ] as const)('%s', (_what, instants, notes) => {
    const claims = Object.fromEntries(
      Object.entries(instants).map(([claim, seconds]) => [claim, nowSeconds + seconds]),
    )
    const told = timeNotes(claims, nowSeconds)
    expect(told).toHaveLength(notes.length)
    notes.forEach((note, index) => expect(told[index]).toMatch(note))
  })

  it('nothing where there are none', () => {
    expect(timeNotes({}, nowSeconds)).toEqual([])
  })
})
