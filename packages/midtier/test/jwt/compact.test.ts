// Taking a compact JWS apart: one spelling, one meaning, or a named fault.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCompactJws } from '../../src/jwt/compact.ts'
import { segment } from './token-builder.ts'

const header = segment({ alg: 'RS256', kid: 'k' })
const payload = segment({ iss: 'i' })

function faultOf(token: string): string {
  const parsed = parseCompactJws(token)
  return parsed.kind === 'malformed' ? parsed.reason : 'none'
}

describe('a compact JWS', () => {
  it('gives header, payload, signature and what was signed', () => {
    const jws = parseCompactJws(`${header}.${payload}.AQID`)
    expect(jws).toMatchObject({ kind: 'jws', signingInput: `${header}.${payload}` })
    expect(jws.kind === 'jws' && [...jws.signature]).toEqual([1, 2, 3])
    expect(jws).toHaveProperty('header.kid', 'k')
    expect(jws).toHaveProperty('payload.iss', 'i')
  })

  it.each([
    ['not_a_jwt', 'opaque'],
    ['not_a_jwt', `${header}.${payload}`],
    ['not_a_jwt', `${header}.${payload}.AQID.AQID`],
    ['not_a_jwt', '.'.repeat(60_000)],
    ['not_a_jwt', `${header}.${payload}..`],
    ['not_a_jwt', `${header}.${payload}..AQID`],
    ['not_a_jwt', `.${header}`],
    ['not_a_jwt', '.'],
    ['not_a_jwt', ''],
    ['unsigned', '..'],
    ['encrypted', 'a.b.c.d.e'],
    ['encrypted', `${header}..a.b.c`],
    ['encrypted', 'a....'],
    ['unsigned', `${header}.${payload}.`],
    ['not_base64url', `${header}=.${payload}.AQID`],
    ['not_base64url', `${header}.${payload}.AQI+`],
    ['not_base64url', `${header}.${payload}.AQ ID`],
    ['not_base64url', ` ${header}.${payload}.AQID`],
    ['not_base64url', `${header}.${payload}.AQI`.replace('AQI', 'AQJ')],
    ['not_base64url', `${header}.${payload}.AQI\u0141`],
    ['not_json', `.${payload}.AQID`],
    ['not_json', `${segment('{"alg":')}.${payload}.AQID`],
    ['not_json', `${segment('\uFEFF{"alg":"RS256"}')}.${payload}.AQID`],
    ['not_an_object', `${header}.${segment('[1]')}.AQID`],
    ['not_an_object', `${header}.${segment('null')}.AQID`],
    ['not_utf8', `${header}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AQID`],
    ['not_json', `${header}.${Buffer.from('{"iss":"i"}', 'utf16le').toString('base64url')}.AQID`],
    ['too_deep', `${header}.${segment('{"a":' + '['.repeat(20_000) + ']'.repeat(20_000) + '}')}.AQID`],
    ['duplicate_name', `${header}.${segment('{"iss":"a","iss":"b"}')}.AQID`],
    ['duplicate_name', `${header}.${segment('{"iss":"a","\\u0069ss":"b"}')}.AQID`],
    ['duplicate_name', `${header}.${segment('{"iss" : "a", "iss"\t:"b"}')}.AQID`],
    ['duplicate_name', `${header}.${segment('{"a":{"b":1,"b":1}}')}.AQID`],
    ['duplicate_name', `${header}.${segment('{"__proto__":1,"__proto__":2}')}.AQID`],
  ])('%s: %j', (reason, token) => {
    expect(faultOf(token)).toBe(reason)
  })

  it('takes values that look like names for what they are', () => {
    const claims = segment('{"iss":":","a":"\\":","b":["\\\\",":"],"c":{"iss":1},"d":" :"}')
    expect(faultOf(`${header}.${claims}.AQID`)).toBe('none')
  })

  it('keeps a claim called __proto__ a claim', () => {
    const jws = parseCompactJws(`${header}.${segment('{"__proto__":{"scp":"admin"},"constructor":1}')}.AQID`)
    expect(jws.kind === 'jws' && jws.payload['scp']).toBeUndefined()
    expect(jws.kind === 'jws' && Object.keys(jws.payload)).toEqual(['__proto__', 'constructor'])
  })

  it('never throws, whatever the text', () => {
    const parts = fc.oneof(fc.string(), fc.json().map(segment), fc.base64String(), fc.constant(header))
    const texts = fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 6 }).map((list) => list.join('.')),
    )
    fc.assert(fc.property(texts, (text) => ['jws', 'malformed'].includes(parseCompactJws(text).kind)))
  })

  it('accepts every JSON object that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (claims) => {
        const jws = parseCompactJws(`${header}.${segment(JSON.stringify(claims))}.AQID`)
        expect(jws.kind === 'jws' && JSON.stringify(jws.payload)).toBe(JSON.stringify(claims))
      }),
    )
  })
})
