// JSON text in less room, and back.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packText, unpackText } from '../../src/jwt/packed-text.ts'

const seed = 20_261_128
const guid = '0f8fad5b-d9cb-469f-a165-70867728950e'

describe('packed text', () => {
  it.each([
    ['without a GUID', '{"sub":"a","n":[1,true,null]}'],
    ['with one', `{"oid":"${guid}"}`],
    ['with two that touch', `{"x":"${guid}${guid}"}`],
    [
      'with all bytes of zero and of one',
      `["${guid.replaceAll(/[\da-f]/g, '0')}","${'01'.repeat(4)}-0101-0101-0101-${'01'.repeat(6)}"]`,
    ],
    ['with one in capitals', `{"oid":"${guid.toUpperCase()}"}`],
    ['with a digit too many', `{"x":"${guid}0","y":"0${guid}"}`],
    ['beyond Latin-1', `{"name":"Łukasz 🙂","oid":"${guid}","bell":"\\u0001"}`],
    ['that is empty', ''],
  ])('is what was packed: text %s', (_, text) => {
    expect(unpackText(packText(text))).toBe(text)
  })

  it('is what was packed, whatever JSON it was', () => {
    const value = fc
      .jsonValue()
      .chain((json) => fc.uuid().map((id) => JSON.stringify({ json, id, ids: [id, id] })))
    fc.assert(
      fc.property(value, (text) => {
        expect(unpackText(packText(text))).toBe(text)
      }),
      { seed, numRuns: 500 },
    )
  })

  it('takes 17 characters for a GUID, none of them beyond Latin-1', () => {
    const packed = packText(`["${guid}","${guid}"]`)
    expect(packed).toHaveLength(2 + 2 * (2 + 17) + 1)
    expect(packed).toMatch(/^[\0-\xff]*$/)
  })
})
