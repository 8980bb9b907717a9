// Which published keys are used, and with which algorithm.
import { describe, expect, it } from 'vitest'
import { importJwk } from '../../src/jwt/json-web-key.ts'
import { createSigner } from './token-builder.ts'

const rsa = createSigner('rsa')
const ec = createSigner('ec', { algorithm: 'ES256' })

describe('a published key', () => {
  it('without alg is pinned to the first allowed algorithm of its type', async () => {
    expect(await importJwk(rsa.jwk(), ['RS256', 'PS256'])).toMatchObject({ algorithm: 'RS256' })
    expect(await importJwk(rsa.jwk(), ['ES256', 'PS256'])).toMatchObject({ algorithm: 'PS256' })
    expect(await importJwk(ec.jwk(), ['RS256', 'ES256'])).toMatchObject({ algorithm: 'ES256' })
  })

  it('with alg is pinned to that', async () => {
    expect(await importJwk(rsa.jwk({ alg: 'PS256' }), ['RS256', 'PS256'])).toMatchObject({
      algorithm: 'PS256',
    })
  })

  it.each([
    ['of an algorithm that is not allowed', rsa.jwk({ alg: 'PS256' })],
    ['of a type that is not allowed', ec.jwk()],
    ['for encryption', rsa.jwk({ use: 'enc' })],
    ['for signing alone', rsa.jwk({ key_ops: ['sign'] })],
    ['that is symmetric', { kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' }],
    ['of 1024 bits', createSigner('weak', { modulusLength: 1024 }).jwk()],
    ['with leading zeros in its modulus', rsa.jwk({ n: Buffer.alloc(256).toString('base64url') })],
    ['with exponent 1', rsa.jwk({ e: 'AQ' })],
    ['with exponent 3', rsa.jwk({ e: 'Aw' })],
    ['with an even exponent', rsa.jwk({ e: 'AQAC' })],
    ['without modulus', rsa.jwk({ n: undefined })],
    ['that is no object', 'key'],
  ])('%s is not used', async (_what, jwk) => {
    expect(await importJwk(jwk, ['RS256'])).toBeUndefined()
  })

  it('off its curve is not used', async () => {
    expect(
      await importJwk(ec.jwk({ x: Buffer.alloc(32, 7).toString('base64url') }), ['ES256']),
    ).toBeUndefined()
  })
})

const text = (...bytes: readonly number[]): string => Buffer.from(bytes).toString('base64url')
const modulus = (length: number, first: number): string =>
  text(first, ...Array<number>(length - 1).fill(0xff))

describe('a published key is measured', () => {
  it.each<[string, unknown, string | undefined]>([
    ['a modulus of 2048 bits', rsa.jwk({ n: modulus(256, 0x80) }), 'RS256'],
    ['a modulus of 2047 bits', rsa.jwk({ n: modulus(256, 0x7f) }), undefined],
    ['a modulus of 2049 bits', rsa.jwk({ n: modulus(257, 0x01) }), 'RS256'],
    ['a modulus with a zero in front', rsa.jwk({ n: modulus(257, 0x00) }), undefined],
    ['a modulus of 2040 bits', rsa.jwk({ n: modulus(255, 0xff) }), undefined],
    ['an empty modulus', rsa.jwk({ n: '' }), undefined],
    ['a modulus that is no base64url', rsa.jwk({ n: `${modulus(256, 0x80)}=` }), undefined],
    ['a modulus that is a number', rsa.jwk({ n: 2 ** 40 }), undefined],
    ['exponent 65537', rsa.jwk({ e: text(1, 0, 1) }), 'RS256'],
    ['exponent 65535', rsa.jwk({ e: text(0xff, 0xff) }), undefined],
    ['exponent 65539', rsa.jwk({ e: text(1, 0, 3) }), 'RS256'],
    ['exponent 65537 with a zero in front', rsa.jwk({ e: text(0, 1, 0, 1) }), 'RS256'],
    ['an exponent of five bytes', rsa.jwk({ e: text(1, 0, 0, 0, 1) }), undefined],
    ['an exponent that only looks great', rsa.jwk({ e: text(0, 0, 0, 3) }), undefined],
    ['an empty exponent', rsa.jwk({ e: '' }), undefined],
    ['an exponent that is no base64url', rsa.jwk({ e: 'AQAB=' }), undefined],
    ['an exponent that is a number', rsa.jwk({ e: 65_537 }), undefined],
    ['no use', rsa.jwk({ use: undefined }), 'RS256'],
    ['a use that is no text', rsa.jwk({ use: null }), undefined],
    ['operations for checking', rsa.jwk({ key_ops: ['sign', 'verify'] }), 'RS256'],
    ['no operation', rsa.jwk({ key_ops: [] }), undefined],
    ['operations that are no list', rsa.jwk({ key_ops: 'verify' }), undefined],
    ['no type', rsa.jwk({ kty: undefined }), undefined],
    ['the type of another one', rsa.jwk({ kty: 'EC' }), undefined],
    ['alg of another type', rsa.jwk({ alg: 'ES256' }), undefined],
    ['alg that is no text', rsa.jwk({ alg: null }), undefined],
    ['a point of P-256', ec.jwk(), 'ES256'],
    ['a point of another curve', ec.jwk({ crv: 'P-384' }), undefined],
    ['half a point', ec.jwk({ y: undefined }), undefined],
    ['the other half', ec.jwk({ x: 7 }), undefined],
    ['null', null, undefined],
    ['a list', [rsa.jwk()], undefined],
  ])('%s', async (_what, jwk, algorithm) => {
    expect((await importJwk(jwk, ['RS256', 'ES256']))?.algorithm).toBe(algorithm)
  })

  it('and none of its private members is held', async () => {
    const { d } = rsa.privateKey.export({ format: 'jwk' })
    const key = await importJwk(rsa.jwk({ d }), ['RS256'])
    expect(JSON.stringify(key)).not.toContain(d!.slice(0, 16))
  })
})
