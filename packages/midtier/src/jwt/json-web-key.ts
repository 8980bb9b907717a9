// A public key as an authority publishes it (RFC 7517), accepted only when it is strong and meant for checking signatures.
import { importPublicJwk } from '#crypto'
import { decodeBase64url } from '../kernel/crypto/base64url.ts'
import { isJsonObject, type JsonObject } from '../kernel/json.ts'
import type { SignatureAlgorithm, VerificationKey } from '../kernel/crypto/signature-algorithm.ts'

/** Least size of an RSA modulus, in bits (RFC 7518 §3.3). */
const leastModulusBits = 2048

/**
 * Imports a published key, pinned to one algorithm; `undefined` when it must not be used.
 *
 * Entra's keys carry no `alg`: the first allowed algorithm of the key's type is taken, never the token's (CVE-2026-22818).
 *
 * @see RFC 7517 §4, RFC 7518 §3.3, FIPS 186-5
 */
export async function importJwk(
  jwk: unknown,
  algorithms: readonly SignatureAlgorithm[],
): Promise<VerificationKey | undefined> {
  if (!isJsonObject(jwk) || !isForSignatures(jwk)) return undefined
  const algorithm = chooseAlgorithm(jwk, algorithms)
  if (algorithm === undefined) return undefined
  const material = jwk['kty'] === 'RSA' ? readRsa(jwk) : readP256(jwk)
  if (material === undefined) return undefined
  try {
    return await importPublicJwk(material, algorithm)
  } catch {
    return undefined // a point that is not on the curve, or a modulus that is no number: the platform's error says no more
  }
}

/** `use` and `key_ops`, when they are there, have to permit checking signatures (RFC 7517 §4.2, §4.3). */
function isForSignatures(jwk: JsonObject): boolean {
  const { use, key_ops: operations } = jwk
  if (use !== undefined && use !== 'sig') return false
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
}

function chooseAlgorithm(
  jwk: JsonObject,
  algorithms: readonly SignatureAlgorithm[],
): SignatureAlgorithm | undefined {
  const fitting = algorithms.filter((algorithm) => keyTypeOf(algorithm) === jwk['kty'])
  return jwk['alg'] === undefined ? fitting[0] : fitting.find((algorithm) => algorithm === jwk['alg'])
}

function keyTypeOf(algorithm: SignatureAlgorithm): 'RSA' | 'EC' {
  return algorithm === 'ES256' ? 'EC' : 'RSA'
}

// Only the public members are handed on: a published private key must not become one that we hold.
function readRsa(jwk: JsonObject): JsonWebKey | undefined {
  const { n, e } = jwk
  if (typeof n !== 'string' || typeof e !== 'string') return undefined
  return hasStrongModulus(n) && hasStrongExponent(e) ? { kty: 'RSA', n, e } : undefined
}

function hasStrongModulus(n: string): boolean {
  const bytes = decodeBase64url(n)
  const first = bytes?.[0]
  if (bytes === undefined || first === undefined || first === 0) return false
  return (bytes.length - 1) * 8 + (32 - Math.clz32(first)) >= leastModulusBits
}

/** With an exponent of 1 anybody computes signatures, with 3 some do: at least 65537, and odd (FIPS 186-5). */
function hasStrongExponent(e: string): boolean {
  const bytes = decodeBase64url(e)
  if (bytes === undefined || bytes.length === 0 || bytes.length > 4) return false
  const exponent = bytes.reduce((value, byte) => value * 256 + byte, 0)
  return exponent >= 65_537 && exponent % 2 === 1
}

function readP256(jwk: JsonObject): JsonWebKey | undefined {
  const { crv, x, y } = jwk
  if (crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return undefined
  return { kty: 'EC', crv, x, y }
}
