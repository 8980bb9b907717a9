import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseClaimsRequest, relayableClaims } from '../../src/kernel/claims-request.ts'

const nbf = '{"access_token":{"nbf":{"essential":true, "value":"1635527790"}}}'

describe('reading a claims request', () => {
  it.each([
    ['JSON', nbf],
    ['base64', btoa(nbf)],
    ['base64 without padding', btoa(nbf).replace(/=+$/, '')],
    ['base64url', btoa(nbf).replaceAll('+', '-').replaceAll('/', '_')],
  ])('understands %s', (_name, text) => {
    expect(parseClaimsRequest(text)).toEqual({
      access_token: { nbf: { essential: true, value: '1635527790' } },
    })
  })

  it('understands each letter of base64url', () => {
    const text = '{"access_token":{"name":{"value":"???>>>~~~"}}}'
    const base64 = btoa(text)
    expect(base64).toMatch(/\+.*\/|\/.*\+/)
    expect(parseClaimsRequest(base64.replaceAll('+', '-').replaceAll('/', '_'))).toEqual(JSON.parse(text))
  })

  it.each(['', '[]', 'null', '"text"', '{', btoa('[1]'), '%%%', ' '.repeat(9000) + nbf])(
    'refuses %j',
    (text) => {
      expect(parseClaimsRequest(text)).toBeUndefined()
    },
  )
})

describe('relaying a claims request', () => {
  it('writes it anew', () => {
    expect(relayableClaims(btoa(nbf))).toBe(nbf.replace(', ', ','))
  })

  it.each([
    ['nothing', '{}'],
    ['nothing that a claims request has', '{"scope":{"x":1},"redirect_uri":"https://evil.example"}'],
    ['places that are no objects', '{"access_token":"x","id_token":[1],"userinfo":null}'],
    ['a place that is empty', '{"access_token":{}}'],
    ['seven levels', '{"access_token":{"a":{"b":{"c":{"d":{"e":{}}}}}}}'],
    ['lists seven levels deep', '{"access_token":{"a":[[[[[1]]]]]}}'],
    ['too much', JSON.stringify({ access_token: { a: 'x'.repeat(7000) } })],
  ])('relays no request with %s', (_, text) => {
    expect(relayableClaims(text)).toBeUndefined()
  })

  it('keeps the members that a claims request has, and drops the others', () => {
    const text =
      '{"evil":{"a":1},"id_token":{"acr":null},"access_token":{"a":{"b":{"c":[1]}}},"userinfo":{"x":null}}'
    expect(relayableClaims(text)).toBe(
      '{"access_token":{"a":{"b":{"c":[1]}}},"id_token":{"acr":null},"userinfo":{"x":null}}',
    )
  })

  it('is done once: whatever was relayed is relayed unchanged by the next hop, which reads it as base64', () => {
    const request = fc.record(
      {
        access_token: fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }), {
          maxKeys: 5,
        }),
        id_token: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
        more: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(request, (value) => {
        const relayed = relayableClaims(JSON.stringify(value))
        if (relayed === undefined) return
        expect(relayed).toMatch(/^[\x20-\x7e]{1,6144}$/)
        expect(relayableClaims(btoa(relayed))).toBe(relayed)
      }),
      { numRuns: 500 },
    )
  })

  it('loses nothing of the longest that it relays when that is encoded', () => {
    const longest = JSON.stringify({ access_token: { a: 'x'.repeat(6144 - 25) } })
    expect([longest.length, relayableClaims(longest)]).toEqual([6144, longest])
    expect(relayableClaims(btoa(longest))).toBe(longest)
    expect(relayableClaims(longest.replace('x', 'xx'))).toBeUndefined()
  })
})
