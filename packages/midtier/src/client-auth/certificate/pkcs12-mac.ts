// Whether a PFX is what its owner wrote (RFC 7292 §4, PBMAC1 of RFC 9579): asked before anything in it is decrypted or believed.
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
import { type Derivation, deriveKey, parseHmac, parsePbkdf2 } from './pbes2.ts'
import {
  derivePkcs12Key,
  digestBytes,
  type Pkcs12Derivation,
  pkcs12Purpose,
  spellPassphrase,
} from './pkcs12-key.ts'

/** 1.2.840.113549.1.5.14 */
const pbmac1 = '2a864886f70d01050e'
const digests: Readonly<Record<string, DigestName>> = {
  '2b0e03021a': 'SHA-1',
  '608648016503040201': 'SHA-256',
  '608648016503040202': 'SHA-384',
  '608648016503040203': 'SHA-512',
}

/** How the code was computed, and the code. */
export type Mac = { readonly code: Uint8Array } & (
  { readonly pkcs12: Pkcs12Derivation } | { readonly pbkdf2: Derivation; readonly hash: DigestName }
)

/** Reads MacData. @throws DerError */
export function parseMac(value: DerValue, maxIterations: number): Mac {
  const [digestInfo, salt, iterations] = readSequence(value)
  const [algorithm, octets] = readSequence(expectTag(digestInfo, derTag.sequence))
  const code = readOctets(octets)
  const { identifier, parameters } = readAlgorithm(algorithm)
  if (identifier === pbmac1) {
    // Salt and iterations stand within PBKDF2's own parameters; those beside them mean nothing (RFC 9579 §4).
    const [derivation, scheme] = readSequence(expectTag(parameters, derTag.sequence))
    return { code, pbkdf2: parsePbkdf2(derivation, maxIterations), hash: parseHmac(scheme) }
  }
  const digest = digests[identifier]
  if (digest === undefined) throw new UnsupportedError('a MAC that is not of SHA-1 or SHA-2')
  // DEFAULT 1 (RFC 7292 §4), which DER leaves out.
  const count = iterations === undefined ? 1 : readIterations(iterations, maxIterations)
  return { code, pkcs12: { digest, salt: readOctets(salt), iterations: count } }
}

/** The spelling of the passphrase that fits the code; `undefined` when none does: another passphrase, or an altered file. */
export async function verifyMac(
  mac: Mac,
  content: Uint8Array,
  passphrase: string,
): Promise<Uint8Array | undefined> {
  for (const spelled of spellPassphrase(passphrase)) {
    const key = await deriveMacKey(mac, passphrase, spelled)
    // WebCrypto compares in constant time.
    if (await crypto.subtle.verify('HMAC', key, mac.code as BufferSource, content as BufferSource))
      return spelled
  }
  return undefined
}

async function deriveMacKey(mac: Mac, passphrase: string, spelled: Uint8Array): Promise<CryptoKey> {
  if ('pbkdf2' in mac) {
    const length = digestBytes(mac.hash) * 8
    return deriveKey(mac.pbkdf2, passphrase, { name: 'HMAC', hash: mac.hash, length }, 'verify')
  }
  const { digest } = mac.pkcs12
  const bytes = await derivePkcs12Key(mac.pkcs12, spelled, pkcs12Purpose.authentication, digestBytes(digest))
  return crypto.subtle.importKey('raw', bytes as BufferSource, { name: 'HMAC', hash: digest }, false, [
    'verify',
  ])
}
