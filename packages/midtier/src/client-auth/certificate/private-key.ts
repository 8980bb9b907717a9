// An RSA private key in any of its PEM forms, as PKCS#8 DER (RFC 5958): what WebCrypto imports.
import { decryptPrivateKey } from './encrypted-private-key.ts'
import { unusable } from '../credential-error.ts'
import { derTag, expectTag, parseGiven, readOnly, readSequence, toHex, writeValue } from './der.ts'
import type { PemBlock } from './pem.ts'
import { rsaEncryption } from './x509.ts'

/** A private key; nothing of it is ever printed, because it lives in closures alone. */
export interface PrivateKey {
  readonly pkcs8: Uint8Array
  /** Modulus in hexadecimal: equal to that of its certificate. */
  readonly modulus: string
}

/** A key that can be read at once, or only after it was decrypted. */
export type ReadKey = PrivateKey | (() => Promise<PrivateKey>)

/**
 * Finds the private key among PEM blocks.
 *
 * @throws ConfigurationError when there is none, it is encrypted and there is no passphrase, or it is not an RSA key.
 */
export function readPrivateKey(blocks: readonly PemBlock[], passphrase: string | undefined): ReadKey {
  const block = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'))
  if (block === undefined)
    throw unusable(
      'the text holds no private key: add one that begins with -----BEGIN PRIVATE KEY-----, or give it in privateKey',
    )
  if (block.legacyEncryption)
    throw unusable(
      'the private key is encrypted in the old way of OpenSSL; convert it: openssl pkcs8 -topk8 -in key.pem -out new.pem',
    )
  if (block.label === 'ENCRYPTED PRIVATE KEY') return decryptLater(block.der, passphrase)
  if (block.label === 'RSA PRIVATE KEY') return parseKey(() => parsePkcs8(wrapPkcs1(block.der)))
  if (block.label === 'PRIVATE KEY') return parseKey(() => parsePkcs8(block.der))
  throw unusable('the private key is not an RSA key, and Entra takes no other')
}

function decryptLater(der: Uint8Array, passphrase: string | undefined): () => Promise<PrivateKey> {
  if (passphrase === undefined || passphrase === '')
    throw unusable('the private key is encrypted and there is no passphrase')
  return async () => {
    const pkcs8 = await decryptPrivateKey(der, passphrase)
    return parseKey(() => parsePkcs8(pkcs8))
  }
}

function parseKey(parse: () => PrivateKey): PrivateKey {
  return parseGiven(parse, 'the private key cannot be read: its PEM text is damaged')
}

/** Reads an unencrypted PKCS#8 key. @throws DerError when it is damaged, ConfigurationError when it is not an RSA key. */
export function parsePkcs8(pkcs8: Uint8Array): PrivateKey {
  const [, algorithm, key] = readSequence(readOnly(pkcs8))
  const [identifier] = readSequence(expectTag(algorithm, derTag.sequence))
  if (toHex(expectTag(identifier, derTag.objectIdentifier).content) !== rsaEncryption)
    throw unusable('the private key is not an RSA key, and Entra takes no other')
  const [, modulus] = readSequence(readOnly(expectTag(key, derTag.octetString).content))
  return { pkcs8, modulus: toHex(expectTag(modulus, derTag.integer).content) }
}

/** PKCS#1, the older format, is the inner half of PKCS#8. */
function wrapPkcs1(pkcs1: Uint8Array): Uint8Array {
  const version = writeValue(derTag.integer, Uint8Array.of(0))
  const nothing = Uint8Array.of(5, 0)
  const algorithm = writeValue(
    derTag.sequence,
    writeValue(derTag.objectIdentifier, fromHex(rsaEncryption)),
    nothing,
  )
  return writeValue(derTag.sequence, version, algorithm, writeValue(derTag.octetString, pkcs1))
}

function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
