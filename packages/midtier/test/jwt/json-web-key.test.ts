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
