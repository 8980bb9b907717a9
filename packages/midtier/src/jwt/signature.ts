// Whether a key made a token's signature, with the one algorithm that the key is pinned to (RFC 7515 §5.2, RFC 8725 §3.1).
import { verifySignature } from '#crypto'
import type { VerificationKey } from '../kernel/crypto/signature-algorithm.ts'
import type { CompactJws } from './compact.ts'

/**
 * Checks the signature of a JWS; at once where the platform can, else by a promise.
 *
 * The algorithm is the key's. A header that names another one is refused before any arithmetic.
 */
export function verifyJws(jws: CompactJws, key: VerificationKey): boolean | Promise<boolean> {
  if (jws.header['alg'] !== key.algorithm) return false
  return verifySignature(key, jws.signingInput, jws.signature)
}
