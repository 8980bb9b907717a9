// The challenge of Microsoft.Identity.Web: as its clients know it, and never more than one challenge.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildIdentityWebChallenge } from '../../src/bearer/identity-web-challenge.ts'
import { parseChallenges } from '../../src/bearer/parse-challenges.ts'

const claims =
  '{"access_token":{"capolids":{"essential":true,"values":["c8c3a0ab-0a7e-4c3e-a3ed-7a1b7cbd0b6a"]}}}'

describe('the challenge of Microsoft.Identity.Web', () => {
  it('has its four parameters in its order, and the JSON as it is', () => {
    const consentUrl = 'https://login.microsoftonline.com/t/oauth2/v2.0/authorize?client_id=c&scope=a%20b'
    expect(buildIdentityWebChallenge({ consentUrl, claims, scopes: ['User.Read', 'api://x/y'] })).toBe(
      `Bearer consentUri="${consentUrl}", claims="${claims}", scopes="User.Read,api://x/y", proposedAction="consent"`,
    )
  })

  it('has all four though there is nothing to say', () => {
    expect(buildIdentityWebChallenge({ scopes: [] })).toBe(
      'Bearer consentUri="", claims="", scopes="", proposedAction="consent"',
    )
  })

  it('spells what could mean something to a parser of headers by its number', () => {
    const sly = JSON.stringify({ access_token: { 'a", x="': { value: 'b, Basic realm="c"\\' } } })
    const built = buildIdentityWebChallenge({ claims: sly, scopes: [] })
    expect(built).not.toMatch(/Basic realm|x="|\\\\|\\"/)
    const [challenge, ...others] = parseChallenges(built)
    expect(others).toEqual([])
    expect(JSON.parse(challenge?.parameters.get('claims') ?? '')).toEqual(JSON.parse(sly))
  })

  it('leaves out a scope that would be two, or none', () => {
    const built = buildIdentityWebChallenge({ scopes: ['a,b', 'c"d', 'e\r\nf', 'g'] })
    expect(parseChallenges(built)[0]?.parameters.get('scopes')).toBe('g')
  })

  it('is one challenge of printable ASCII with its own four parameters, whatever it is made of', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    const anyClaims = fc.dictionary(text, fc.record({ value: text }), { maxKeys: 3 })
    fc.assert(
      fc.property(text, fc.array(text), anyClaims, (consentUrl, scopes, accessToken) => {
        const json = JSON.stringify({ access_token: accessToken })
        const built = buildIdentityWebChallenge({ consentUrl, scopes, claims: json })
        expect(built).toMatch(/^[\x20-\x7e]+$/)
        const [challenge, ...others] = parseChallenges(built)
        expect(others).toEqual([])
        expect([...(challenge?.parameters.keys() ?? [])]).toEqual([
          'consenturi',
          'claims',
          'scopes',
          'proposedaction',
        ])
        expect(JSON.parse(challenge?.parameters.get('claims') ?? '')).toEqual(JSON.parse(json))
      }),
    )
  })
})
