// What PFX files are encrypted with: AES by PBES2 (RFC 8018), or triple DES in PKCS#12's own way, as Windows writes it by default.
import { decryptTripleDes, hasTripleDes } from '#crypto'
import {
  type Algorithm,
  derTag,
  expectTag,
  readIterations,
  readOctets,
  readSequence,
  UnsupportedError,
} from './der.ts'
import { decryptPbes2, type Encryption, parsePbes2, pbes2 } from './pbes2.ts'
import { derivePkcs12Key, type Pkcs12Derivation, pkcs12Purpose } from './pkcs12-key.ts'

/** pbeWithSHAAnd3-KeyTripleDES-CBC, RFC 7292 appendix C. */
const tripleDes = '2a864886f70d010c0103'

/** Ciphers that no one should use any more, by the names that people find them under. */
const forbidden: Readonly<Record<string, string>> = {
  '2a864886f70d010c0101': 'RC4',
  '2a864886f70d010c0102': 'RC4',
  '2a864886f70d010c0104': 'triple DES with two keys',
  '2a864886f70d010c0105': 'RC2',
  '2a864886f70d010c0106': 'RC2',
}

const keyBytes = 24
const ivBytes = 8

/** A passphrase as the two ways of encryption want it. */
export interface Pkcs12Passphrase {
  readonly text: string
  /** The spelling that fitted the file's MAC. */
  readonly spelled: Uint8Array
}

/**
 * Decrypts a part of a PFX; `undefined` when the padding says that the passphrase is another one.
 *
 * @throws DerError, UnsupportedError
 */
export async function decryptPkcs12(
  algorithm: Algorithm,
  ciphertext: Uint8Array,
  passphrase: Pkcs12Passphrase,
  maxIterations: number,
): Promise<Uint8Array | undefined> {
  const { identifier, parameters } = algorithm
  if (identifier === pbes2) {
    const encryption: Encryption = parsePbes2(parameters, maxIterations)
    return decryptPbes2(encryption, ciphertext, passphrase.text)
  }
  if (identifier !== tripleDes)
    throw new UnsupportedError(forbidden[identifier] ?? 'an encryption that is neither AES nor triple DES')
  if (!hasTripleDes()) throw new UnsupportedError('triple DES')
  const [salt, iterations] = readSequence(expectTag(parameters, derTag.sequence))
  const derivation: Pkcs12Derivation = {
    digest: 'SHA-1',
    salt: readOctets(salt),
    iterations: readIterations(iterations, maxIterations),
  }
  const { encryption, initialisationVector } = pkcs12Purpose
  const key = await derivePkcs12Key(derivation, passphrase.spelled, encryption, keyBytes)
  const iv = await derivePkcs12Key(derivation, passphrase.spelled, initialisationVector, ivBytes)
  return decryptTripleDes(key, iv, ciphertext)
}
