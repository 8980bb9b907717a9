import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildClaimsParameter, mergeClaims } from '../../src/grants/claims-request.ts'
import type { JsonObject } from '../../src/kernel/json.ts'

const nbf = '{"access_token":{"nbf":{"essential":true, "value":"1635527790"}}}'

describe('the claims parameter', () => {
  it('declares the capability when nothing is demanded', () => {
    expect(buildClaimsParameter(['cp1'], undefined)).toBe('{"access_token":{"xms_cc":{"values":["cp1"]}}}')
  })

  it('is absent when there is neither a capability nor a demand', () => {
    expect(buildClaimsParameter([], undefined)).toBeUndefined()
  })

  it('merges a demand deeply with the capability', () => {
    expect(JSON.parse(buildClaimsParameter(['cp1'], nbf) ?? '')).toEqual({
      access_token: { xms_cc: { values: ['cp1'] }, nbf: { essential: true, value: '1635527790' } },
    })
  })

  it('joins the values of a capability that the demand names too', () => {
    const demand = '{"access_token":{"xms_cc":{"values":["cp2","cp1"]}},"id_token":{"acr":null}}'
    expect(JSON.parse(buildClaimsParameter(['cp1'], demand) ?? '')).toEqual({
      access_token: { xms_cc: { values: ['cp1', 'cp2'] } },
      id_token: { acr: null },
    })
  })
})

describe('merging claims', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 4,
  }) as fc.Arbitrary<JsonObject>

  it('lets the demand win and loses no member of either', () => {
    expect(mergeClaims({ a: { x: 1, y: [1] } }, { a: { x: 2, y: [2] }, b: null })).toEqual({
      a: { x: 2, y: [1, 2] },
      b: null,
    })
    fc.assert(
      fc.property(json, json, (first, second) => {
        const members = new Set([...Object.keys(first), ...Object.keys(second)])
        expect(new Set(Object.keys(mergeClaims(first, second)))).toEqual(members)
      }),
    )
  })

  it('cannot be used to pollute a prototype', () => {
    const merged = mergeClaims(
      {},
      JSON.parse(
        '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
      ) as JsonObject,
    )
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.keys(merged)).toEqual(['__proto__', 'constructor'])
  })
})
