// A successful answer of the token endpoint, member by member.
import { describe, expect, it } from 'vitest'
import { parseTokenResponse } from '../../../src/grants/token-endpoint/token-response.ts'

const parse = (more: Record<string, unknown> = {}) => {
  const body = { access_token: 'a.b', token_type: 'Bearer', expires_in: 3600, ...more }
  const parsed = parseTokenResponse(body, ['asked'], 'c-1')
  if (typeof parsed === 'string') return parsed
  const { accessToken, refreshToken, ...rest } = parsed
  return { ...rest, accessToken: accessToken.reveal(), refreshToken: refreshToken?.reveal() }
}

describe('a token answer', () => {
  it('is read whole', () => {
    const told = { scope: 'one  two ', refresh_in: '1800', refresh_token: 'r', expires_in: '3599' }
    expect(parse(told)).toEqual({
      accessToken: 'a.b',
      tokenType: 'Bearer',
      scopes: ['one', 'two'],
      expiresInSeconds: 3599,
      refreshInSeconds: 1800,
      refreshToken: 'r',
      correlationId: 'c-1',
    })
  })

  it.each([[undefined], [''], ['  '], [5]])('grants what was asked for when its scope is %j', (scope) => {
    expect(parse({ scope })).toMatchObject({ scopes: ['asked'] })
  })

  it.each([[undefined], [''], [5]])('has no refresh token in %j', (value) => {
    expect(parse({ refresh_token: value })).toMatchObject({ refreshToken: undefined })
  })

  it.each([['bearer'], ['BEARER']])('is one of a bearer token: %s', (type) => {
    expect(parse({ token_type: type })).toMatchObject({ tokenType: 'Bearer' })
  })

  it.each([
    ['no usable access_token', { access_token: '' }],
    ['no usable access_token', { access_token: 5 }],
    ['no usable access_token', { access_token: 'a b' }],
    ['no usable access_token', { access_token: 'a\u007f' }],
    ['no usable access_token', { access_token: 'é' }],
    ['a token_type other than Bearer', { token_type: 'mac' }],
    ['a token_type other than Bearer', { token_type: 5 }],
    ['no usable expires_in', { expires_in: 0 }],
    ['no usable expires_in', { expires_in: -1 }],
    ['no usable expires_in', { expires_in: '1.5' }],
    ['no usable expires_in', { expires_in: '12345678901' }],
    ['no usable expires_in', { expires_in: Infinity }],
  ])('is none with %s: %j', (why, more) => {
    expect(parse(more)).toBe(why)
  })

  it.each([
    [1.9, 1],
    ['1', 1],
    [604_800, 604_800],
    [604_801, 604_800],
    ['9999999999', 604_800],
  ])('that lives for %j seconds is believed for %i', (told, believed) => {
    expect(parse({ expires_in: told })).toMatchObject({ expiresInSeconds: believed })
  })
})
