// Digest and signature by Node's own synchronous OpenSSL: a third of the cost of WebCrypto, which goes through a thread pool.
import { createPublicKey, hash, verify, constants, type KeyObject } from 'node:crypto'
import type { SignatureAlgorithm, VerificationKey } from './signature-algorithm.ts'

/** SHA-256 of UTF-8 text, as base64url. */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url')
}

/** Imports a public JWK; throws when the key is malformed. */
export function importPublicJwk(jwk: JsonWebKey, algorithm: SignatureAlgorithm): VerificationKey | Promise<VerificationKey> {
  return { algorithm, handle: createPublicKey({ key: jwk, format: 'jwk' }) }
}

/** Whether `signature` is the key's over `input`. */
export function verifySignature(key: VerificationKey, input: string, signature: Uint8Array): boolean | Promise<boolean> {
  const data = Buffer.from(input, 'latin1') // a JWS signing input is ASCII (RFC 7515 §5.1)
  return verify('sha256', data, options(key.algorithm, key.handle as KeyObject), signature)
}

function options(algorithm: SignatureAlgorithm, key: KeyObject): Parameters<typeof verify>[2] {
  switch (algorithm) {
    case 'RS256':
      return { key, padding: constants.RSA_PKCS1_PADDING }
    case 'PS256':
      return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    case 'ES256':
      return { key, dsaEncoding: 'ieee-p1363' }
  }
}
