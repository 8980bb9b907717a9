// Digest and signature by web standards, for runtimes without Node's own; the same functions as crypto.node.ts.
import { importJWK } from 'jose'
import { encodeBase64url } from './base64url.ts'
import type { SignatureAlgorithm, VerificationKey } from './signature-algorithm.ts'

/** SHA-256 of UTF-8 text, as base64url. */
export async function sha256(text: string): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}

/** Imports a public JWK; throws when the key is malformed. */
export async function importPublicJwk(jwk: JsonWebKey, algorithm: SignatureAlgorithm): Promise<VerificationKey> {
  return { algorithm, handle: await importJWK(jwk as Parameters<typeof importJWK>[0], algorithm) }
}

/** Whether `signature` is the key's over `input`. */
export async function verifySignature(key: VerificationKey, input: string, signature: Uint8Array): Promise<boolean> {
  const data = new TextEncoder().encode(input)
  return crypto.subtle.verify(parameters(key.algorithm), key.handle as CryptoKey, signature as BufferSource, data)
}

function parameters(algorithm: SignatureAlgorithm): AlgorithmIdentifier | RsaPssParams | EcdsaParams {
  switch (algorithm) {
    case 'RS256':
      return { name: 'RSASSA-PKCS1-v1_5' }
    case 'PS256':
      return { name: 'RSA-PSS', saltLength: 32 }
    case 'ES256':
      return { name: 'ECDSA', hash: 'SHA-256' }
  }
}
