// How the page reads challenges.
import { describe, expect, it } from 'vitest'
import { parseBearerChallenge } from '../../client/page/challenge.ts'

const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'

describe('parseBearerChallenge', () => {
  it('reads the error and decodes the claims', () => {
    const header = `Bearer realm="", error="insufficient_claims", claims="${btoa(claims)}"`
    expect(parseBearerChallenge(header)).toEqual({
      error: 'insufficient_claims',
      claims,
      wantsConsent: false,
    })
  })

  it('is not misled by commas, equals signs and quotes inside a description', () => {
    const header = 'Bearer error_description="say \\"error=x\\", please", error="invalid_token"'
    expect(parseBearerChallenge(header)).toMatchObject({ error: 'invalid_token', claims: undefined })
  })

  it('finds no error in a bare challenge', () => {
    expect(parseBearerChallenge('Bearer')).toEqual({
      error: undefined,
      claims: undefined,
      wantsConsent: false,
    })
  })

  it('sees that a consent is missing', () => {
    const header = 'Bearer error="insufficient_scope", scopes="a,b", proposedAction="consent"'
    expect(parseBearerChallenge(header)).toMatchObject({ error: 'insufficient_scope', wantsConsent: true })
  })

  it('ignores other schemes and an absent header', () => {
    expect(parseBearerChallenge('Basic realm="x"')).toBeUndefined()
    expect(parseBearerChallenge(null)).toBeUndefined()
  })

  it('takes claims that are not JSON for no claims', () => {
    expect(
      parseBearerChallenge(`Bearer error="insufficient_claims", claims="${btoa('hello')}"`)?.claims,
    ).toBeUndefined()
    expect(parseBearerChallenge('Bearer error="insufficient_claims", claims="%%%"')?.claims).toBeUndefined()
  })
})
