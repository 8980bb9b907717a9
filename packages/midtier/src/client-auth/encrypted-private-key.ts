// Decrypts a private key that a passphrase protects: PBES2 with PBKDF2 and AES-CBC (RFC 8018 §6.2), as OpenSSL writes them.
import { unusable } from './credential-error.ts'
import { DerError, derTag, expectTag, readOnly, readSequence, toHex } from './der.ts'

const pbes2 = '2a864886f70d01050d'
const pbkdf2 = '2a864886f70d01050c'
const hashes: Readonly<Record<string, string>> = {
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

/** What the key was encrypted with. */
interface Encryption {
  readonly salt: Uint8Array
  readonly iterations: number
  readonly hash: string
  readonly keyBits: number
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
}

/** OpenSSL writes 2 048, careful people up to a million. */
const maxIterations = 10_000_000

/**
 * Decrypts an EncryptedPrivateKeyInfo to PKCS#8.
 *
 * @throws ConfigurationError when the passphrase is wrong or the encryption is another one.
 */
export async function decryptPrivateKey(der: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const encryption = parse(der)
  const { iv, ciphertext } = encryption
  const key = await deriveKey(encryption, passphrase)
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(
        { name: 'AES-CBC', iv: iv as BufferSource },
        key,
        ciphertext as BufferSource,
      ),
    )
  } catch (error) {
    if (error instanceof DOMException) throw unusable('the passphrase of the private key is wrong')
    throw error
  }
}

async function deriveKey(
  { salt, iterations, hash, keyBits }: Encryption,
  passphrase: string,
): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(passphrase)
  const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', salt: salt as BufferSource, iterations, hash },
    base,
    { name: 'AES-CBC', length: keyBits },
    false,
    ['decrypt'],
  )
}

function parse(der: Uint8Array): Encryption {
  try {
    const [algorithm, ciphertext] = readSequence(readOnly(der))
    const [derivation, cipher] = parameters(algorithm, (identifier) => identifier === pbes2)
    const [salt, iterations, ...more] = parameters(derivation, (identifier) => identifier === pbkdf2)
    const [cipherName, iv] = readSequence(expectTag(cipher, derTag.sequence))
    return {
      salt: expectTag(salt, derTag.octetString).content,
      iterations: readCount(expectTag(iterations, derTag.integer).content),
      hash: readHash(more),
      keyBits: lookUp(keyBits, toHex(expectTag(cipherName, derTag.objectIdentifier).content)),
      iv: expectTag(iv, derTag.octetString).content,
      ciphertext: expectTag(ciphertext, derTag.octetString).content,
    }
  } catch (error) {
    if (error instanceof DerError)
      throw unusable(
        'the private key is encrypted otherwise than by AES with PBKDF2; convert it: openssl pkcs8 -topk8 -v2 aes256 -in key.pem -out new.pem',
      )
    throw error
  }
}

type Value = ReturnType<typeof readOnly>

/** The members of the parameters of an AlgorithmIdentifier. */
function parameters(
  algorithm: Value | undefined,
  isKnown: (identifier: string) => boolean,
): readonly Value[] {
  const [identifier, members] = readSequence(expectTag(algorithm, derTag.sequence))
  if (!isKnown(toHex(expectTag(identifier, derTag.objectIdentifier).content))) throw new DerError()
  return readSequence(expectTag(members, derTag.sequence))
}

/** The pseudo-random function stands last and is HMAC-SHA1 when it is left out; a key length may stand before it. */
function readHash(more: readonly Value[]): string {
  const prf = more.find(({ tag }) => tag === derTag.sequence)
  if (prf === undefined) return 'SHA-1'
  return lookUp(hashes, toHex(expectTag(readSequence(prf)[0], derTag.objectIdentifier).content))
}

function lookUp<Entry>(table: Readonly<Record<string, Entry>>, identifier: string): Entry {
  const entry = table[identifier]
  if (entry === undefined) throw new DerError()
  return entry
}

function readCount(bytes: Uint8Array): number {
  const count = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  if (count < 1 || count > maxIterations) throw new DerError()
  return count
}
