// The Authorization field, as servers, proxies and attackers send it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAuthorizationHeader } from '../../src/bearer/authorization-header.ts'

const limits = { maxLength: 65_536 }

describe('the Authorization field', () => {
  it.each(['Bearer abc.def.ghi', 'bearer abc.def.ghi', 'BEARER abc.def.ghi'])(
    'gives the token of %j',
    (value) => {
      expect(parseAuthorizationHeader(value, limits)).toEqual({ kind: 'token', token: 'abc.def.ghi' })
    },
  )

  it.each(['Bearer  t', 'bearer     t'])(
    'gives the token of %j: any number of spaces is well-formed',
    (value) => {
      expect(parseAuthorizationHeader(value, limits)).toEqual({ kind: 'token', token: 't' })
    },
  )

  it('gives the token of a list with one field', () => {
    expect(parseAuthorizationHeader(['Bearer t'], limits)).toEqual({ kind: 'token', token: 't' })
  })

  it.each([undefined, null, '', [], 'Basic dXNlcjpwYXNz', 'Bearertoken', 'DPoP abc', 'Digest a="b", c="d"'])(
    'is absent when it is %j',
    (value) => {
      expect(parseAuthorizationHeader(value, limits)).toEqual({ kind: 'absent' })
    },
  )

  it.each([
    ['several_fields', ['Bearer a', 'Bearer b']],
    ['several_fields', ['Bearer a', 'Basic b']],
    ['no_token', 'Bearer'],
    ['no_token', 'Bearer '],
    ['no_token', 'Bearer   '],
    ['not_one_token', 'Bearer\ta'],
    ['not_one_token', 'Bearer \ta'],
    ['not_one_token', 'Bearer a '],
    ['not_one_token', 'Bearer  a b'],
    ['not_one_token', 'Bearer a b'],
    ['not_one_token', 'Bearer a\tb'],
    ['not_one_token', 'Bearer a,'],
    ['not_one_token', 'Bearer a, Bearer b'],
    ['not_one_token', 'Basic a, Bearer b'],
    ['not_one_token', ' Bearer a'],
    ['too_long', `Bearer ${'a'.repeat(65_536)}`],
  ])('is malformed (%s) when it is %j', (reason, value) => {
    expect(parseAuthorizationHeader(value, limits)).toMatchObject({ kind: 'malformed', reason })
  })

  // What hand-made requests, mocks and frameworks of one's own pass on, whatever the types say.
  it.each([
    ['a number', 5],
    ['true', true],
    ['an object', { authorization: 'Bearer t' }],
    ['a function', () => 'Bearer t'],
    ['bytes', Buffer.from('Bearer t')],
    ['a list of one number', [5]],
    ['a list in a list', [['Bearer t']]],
    ['a text as an object', Object('Bearer t') as unknown],
  ])('is malformed when it is neither text nor a list of texts: %s', (_, value) => {
    expect(parseAuthorizationHeader(value as string, limits)).toMatchObject({
      kind: 'malformed',
      reason: 'not_text',
    })
  })

  it.each([[[undefined]], [[null]]])('is absent when it is a list of nothing, %j', (value) => {
    expect(parseAuthorizationHeader(value as unknown as string[], limits)).toEqual({ kind: 'absent' })
  })

  it('is measured before it is read', () => {
    expect(parseAuthorizationHeader('Bearer abcdef', { maxLength: 10 })).toMatchObject({ reason: 'too_long' })
  })

  it('never throws, and a token never holds white space or a comma', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.string().map((text) => `Bearer ${text}`),
      fc.array(fc.string()),
      fc.anything(),
    )
    fc.assert(
      fc.property(odd, (value) => {
        const header = parseAuthorizationHeader(value as string, limits)
        if (header.kind === 'token') expect(header.token).not.toMatch(/[ \t,]|^$/)
      }),
    )
  })
})
