// Signatures of the three algorithms, made by one key and checked with it or with another.
import { describe, expect, it } from 'vitest'
import { parseCompactJws, type CompactJws } from '../../src/jwt/compact.ts'
import { importJwk } from '../../src/jwt/json-web-key.ts'
import { verifyJws } from '../../src/jwt/signature.ts'
import type { SignatureAlgorithm, VerificationKey } from '../../src/kernel/crypto/signature-algorithm.ts'
import { createSigner, signToken, userClaims, type Signer } from './token-builder.ts'

function jwsOf(signer: Signer, header = {}): CompactJws {
  const jws = parseCompactJws(signToken({ header, claims: userClaims(), signer }))
  if (jws.kind === 'malformed') throw new Error(jws.reason)
  return jws
}

async function keyOf(
  signer: Signer,
  algorithm: SignatureAlgorithm = signer.algorithm,
): Promise<VerificationKey> {
  const key = await importJwk(signer.jwk(), [algorithm])
  if (key === undefined) throw new Error('the key was not imported')
  return key
}

describe.each(['RS256', 'PS256', 'ES256'] as const)('%s', (algorithm) => {
  const signer = createSigner('a', { algorithm })

  it('verifies with the key that signed', async () => {
    expect(await verifyJws(jwsOf(signer), await keyOf(signer))).toBe(true)
  })

  it('does not verify with another key, or with an altered signature', async () => {
    expect(await verifyJws(jwsOf(signer), await keyOf(createSigner('a', { algorithm })))).toBe(false)
    const jws = jwsOf(signer)
    const signature = jws.signature.map((byte, index) => (index === 9 ? byte ^ 1 : byte))
    expect(await verifyJws({ ...jws, signature }, await keyOf(signer))).toBe(false)
    expect(await verifyJws({ ...jws, signature: new Uint8Array(64) }, await keyOf(signer))).toBe(false)
  })
})

it('does not verify under another algorithm than the key’s, whatever the header says', async () => {
  const signer = createSigner('a', { algorithm: 'PS256' })
  expect(await verifyJws(jwsOf(signer), await keyOf(signer, 'RS256'))).toBe(false)
  expect(await verifyJws(jwsOf(signer, { alg: 'RS256' }), await keyOf(signer, 'RS256'))).toBe(false)
})
