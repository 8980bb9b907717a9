import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBase64url,
  encodeBase64url,
  encodeTextBase64url,
} from '../../../src/kernel/crypto/base64url.ts'
import { decodeSegment, decodeTextSegment } from '../../../src/kernel/crypto/crypto.node.ts'
import * as web from '../../../src/kernel/crypto/crypto.web.ts'

describe('base64url', () => {
  it('decodes what it encoded, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes)
      }),
    )
  })

  it('agrees with Node', () => {
    expect(encodeTextBase64url('Grüße, 你好 ??>>')).toBe(
      Buffer.from('Grüße, 你好 ??>>').toString('base64url'),
    )
  })

  it.each([['YQ=='], ['YQ='], ['Y Q'], ['YQ\n'], ['+/=='], ['a'], ['YR'], ['YWJ'], ['é']])(
    'refuses the second spelling %j',
    (text) => {
      expect(decodeBase64url(text)).toBeUndefined()
    },
  )
})

describe('the decoder of Node', () => {
  const alphabet = 'ABYZabyz0189-_AEIMQUYcgkosw048'
  const character = fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...Array.from(alphabet)) },
    { weight: 1, arbitrary: fc.constantFrom(...Array.from('+/= \n\0.\x7f\x80\xff\u0141\u212a\ufffd')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  )
  const texts = fc.array(character, { maxLength: 40 }).map((characters) => characters.join(''))

  it('gives the same as the strict one, for any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const strict = decodeBase64url(text)
        expect(decodeSegment(text)).toEqual(strict === undefined ? undefined : Buffer.from(strict))
        expect(decodeTextSegment(text)).toBe(web.decodeTextSegment(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives the same for every character there is, wherever it stands', () => {
    for (let code = 0; code <= 0xffff; code++) {
      const text = `YW${String.fromCharCode(code)}j`
      if ((decodeSegment(text) === undefined) !== (decodeBase64url(text) === undefined))
        expect(code).toBe('equal')
    }
  })

  it('gives the same for any UTF-8, well formed or not, and for texts longer than its scratch memory', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
      fc.constant(new TextEncoder().encode('\ufeff\ufffd')),
      fc.nat({ max: 30_000 }).map((length) => new Uint8Array(length).fill(0x61)),
    )
    fc.assert(
      fc.property(bytes, (each) => {
        const text = encodeBase64url(each)
        expect(decodeTextSegment(text)).toBe(web.decodeTextSegment(text))
      }),
    )
  })
})
