// Which challenge is taken over, and which claims any new sign-in satisfies.
import { describe, expect, it } from 'vitest'
import { demandsOnlyNewSignIn, findClaimsChallenge } from '../../src/bearer/claims-challenge.ts'
import type { Challenge } from '../../src/bearer/parse-challenges.ts'

const acrs = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
const nbf = '{"access_token":{"nbf":{"essential":true,"value":"1635527790"}}}'

const challenge = (parameters: Record<string, string>, scheme = 'bearer'): Challenge => ({
  scheme,
  parameters: new Map(Object.entries(parameters)),
})

describe('a claims challenge', () => {
  it('is a Bearer one whose error is insufficient_claims, with claims that can be read', () => {
    const whole = { error: 'insufficient_claims', claims: acrs }
    expect(findClaimsChallenge([challenge(whole)])).toEqual({ claims: acrs })
    const { claims, ...withoutClaims } = whole
    for (const other of [
      challenge(whole, 'dpop'),
      challenge({ claims }),
      challenge({ error: 'invalid_token', claims }),
      challenge({ error: 'insufficient_claims', claims: 'not claims' }),
      challenge(withoutClaims),
    ]) {
      expect(findClaimsChallenge([other])).toBeUndefined()
      expect(findClaimsChallenge([other, challenge(whole)])).toEqual({ claims: acrs })
    }
    expect(findClaimsChallenge([])).toBeUndefined()
  })

  it('is the first of several, and cannot be changed', () => {
    const found = findClaimsChallenge(
      [nbf, acrs].map((claims) => challenge({ error: 'insufficient_claims', claims })),
    )
    expect(found).toEqual({ claims: nbf })
    expect(Object.isFrozen(found)).toBe(true)
  })
})

describe('any new sign-in will do', () => {
  it.each([
    nbf,
    '{"id_token":{"nbf":null}}',
    '{"access_token":{"nbf":{"value":"1"}},"id_token":{"nbf":{"value":"1"}}}',
    '{"access_token":{"nbf":{"value":"1"}},"id_token":{}}',
  ])('for %s', (claims) => {
    expect(demandsOnlyNewSignIn(claims)).toBe(true)
  })

  it.each([
    acrs,
    '{"access_token":{"nbf":{"value":"1"},"acrs":{"value":"c1"}}}',
    '{"access_token":{"nbf":{"value":"1"}},"id_token":{"acrs":{"value":"c1"}}}',
    '{"access_token":{"nbf":{"value":"1"}},"userinfo":null}',
    '{"access_token":{"nbf":{"value":"1"}},"userinfo":["nbf"]}',
    '{"access_token":{}}',
    '{}',
    '',
    'nbf',
  ])('but not for %s', (claims) => {
    expect(demandsOnlyNewSignIn(claims)).toBe(false)
  })
})
