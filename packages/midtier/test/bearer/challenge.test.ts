// The WWW-Authenticate field, and what can never be in it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildChallenge } from '../../src/bearer/challenge.ts'

describe('a challenge', () => {
  it('is the bare scheme when the request carried no credentials', () => {
    expect(buildChallenge({})).toBe('Bearer')
  })

  it('says what is wrong and what is needed', () => {
    const challenge = buildChallenge({
      error: 'insufficient_scope',
      errorDescription: 'The token lacks a scope',
      scopes: ['api://a/read', 'api://a/write'],
    })
    expect(challenge).toBe(
      'Bearer error="insufficient_scope", error_description="The token lacks a scope", scope="api://a/read api://a/write"',
    )
  })

  it('carries a claims request as base64, with Entra’s own parameters', () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    const challenge = buildChallenge({
      realm: '',
      authorizationUri: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
      clientId: 'id',
      error: 'insufficient_claims',
      claims,
    })
    expect(challenge).toContain('realm="", authorization_uri="https://login.microsoftonline.com/common')
    expect(challenge).toContain(`claims="${btoa(claims)}"`)
  })

  it('announces protected-resource metadata', () => {
    expect(buildChallenge({ resourceMetadata: 'https://api/.well-known/oauth-protected-resource' })).toBe(
      'Bearer resource_metadata="https://api/.well-known/oauth-protected-resource"',
    )
  })

  it('leaves out a scope that is none', () => {
    expect(buildChallenge({ scopes: ['read', 'wri"te', 'a\r\nb'] })).toBe('Bearer scope="read"')
  })

  it('has quotes and backslashes escaped, and what is not printable ASCII replaced', () => {
    expect(buildChallenge({ realm: 'a "b" \\ ü\r\n~ ' })).toBe(String.raw`Bearer realm="a \"b\" \\ ???~ "`)
    expect(buildChallenge({ errorDescription: 'a "b" \\ ü\r\n~ ' })).toBe(
      `Bearer error_description="a 'b' ? ???~ "`,
    )
  })

  it('cannot be broken out of by any parameter', () => {
    const quoted = /^Bearer(?: [a-z_]+="(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"(?:,|$))*$/
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const challenge = buildChallenge({
          realm: text,
          authorizationUri: text,
          clientId: text,
          resourceMetadata: text,
          error: 'invalid_token',
          errorDescription: text,
          scopes: [text],
          claims: text,
        })
        expect(challenge).toMatch(quoted)
      }),
    )
  })
})
