// Encryption by a passphrase (PBES2 with PBKDF2 and AES-CBC, RFC 8018 §6.2), as PEM keys and PFX files have it.
import type { DigestName } from '#crypto'
import {
  derTag,
  type DerValue,
  expectTag,
  readAlgorithm,
  readIterations,
  readOctets,
  readSequence,
  UnsupportedError,
} from './der.ts'

/** 1.2.840.113549.1.5.13 */
export const pbes2 = '2a864886f70d01050d'
const pbkdf2 = '2a864886f70d01050c'

const hashes: Readonly<Record<string, DigestName>> = {
  '2a864886f70d0207': 'SHA-1',
  '2a864886f70d0209': 'SHA-256',
  '2a864886f70d020a': 'SHA-384',
  '2a864886f70d020b': 'SHA-512',
}
const keyBits: Readonly<Record<string, number>> = {
  '60864801650304012a': 256,
  '608648016503040116': 192,
  '608648016503040102': 128,
}

/** How a key is derived from a passphrase. */
export interface Derivation {
  readonly salt: Uint8Array
  readonly iterations: number
  readonly hash: DigestName
}

/** How something was encrypted. */
export interface Encryption {
  readonly derivation: Derivation
  readonly keyBits: number
  readonly iv: Uint8Array
}

/** Reads the parameters of PBES2. @throws DerError */
export function parsePbes2(parameters: DerValue | undefined, maxIterations: number): Encryption {
  const [derivation, cipher] = readSequence(expectTag(parameters, derTag.sequence))
  const { identifier, parameters: iv } = readAlgorithm(cipher)
  return {
    derivation: parsePbkdf2(derivation, maxIterations),
    keyBits: lookUp(keyBits, identifier, 'a cipher other than AES-CBC'),
    iv: readOctets(iv),
  }
}

/** Reads the AlgorithmIdentifier of a key derivation. @throws DerError */
export function parsePbkdf2(algorithm: DerValue | undefined, maxIterations: number): Derivation {
  const { identifier, parameters } = readAlgorithm(algorithm)
  if (identifier !== pbkdf2) throw new UnsupportedError('a key derivation other than PBKDF2')
  const [salt, iterations, ...more] = readSequence(expectTag(parameters, derTag.sequence))
  return {
    salt: readOctets(salt),
    iterations: readIterations(iterations, maxIterations),
    // The pseudo-random function stands last and is HMAC-SHA1 when it is left out; a key length may stand before it.
    hash: parseHmac(
      more.find(({ tag }) => tag === derTag.sequence),
      'SHA-1',
    ),
  }
}

/** The digest of an HMAC's AlgorithmIdentifier. @throws DerError when there is neither one nor a default. */
export function parseHmac(algorithm: DerValue | undefined, byDefault?: DigestName): DigestName {
  if (algorithm === undefined && byDefault !== undefined) return byDefault
  return lookUp(hashes, readAlgorithm(algorithm).identifier, 'an HMAC that is not of SHA-1 or SHA-2')
}

function lookUp<Entry>(table: Readonly<Record<string, Entry>>, identifier: string, otherwise: string): Entry {
  const entry = table[identifier]
  if (entry === undefined) throw new UnsupportedError(otherwise)
  return entry
}

/** Decrypts; `undefined` when the padding says that the passphrase is another one. */
export async function decryptPbes2(
  { derivation, keyBits: length, iv }: Encryption,
  ciphertext: Uint8Array,
  passphrase: string,
): Promise<Uint8Array | undefined> {
  const key = await deriveKey(derivation, passphrase, { name: 'AES-CBC', length }, 'decrypt')
  const algorithm = { name: 'AES-CBC', iv: iv as BufferSource }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, ciphertext as BufferSource))
  } catch (error) {
    if (error instanceof DOMException) return undefined
    throw error
  }
}

/** A key for one purpose, from a passphrase by PBKDF2 (RFC 8018 §5.2). */
export async function deriveKey(
  { salt, iterations, hash }: Derivation,
  passphrase: string,
  algorithm: AesDerivedKeyParams | HmacImportParams,
  usage: KeyUsage,
): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(passphrase)
  const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey'])
  const derivation = { name: 'PBKDF2', salt: salt as BufferSource, iterations, hash }
  return crypto.subtle.deriveKey(derivation, base, algorithm, false, [usage])
}
