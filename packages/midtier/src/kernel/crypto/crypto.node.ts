// Digest, signature and sealing by Node's own synchronous OpenSSL: a third of the cost of WebCrypto, which goes through a thread pool.
import { isUtf8 } from 'node:buffer'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  createSecretKey,
  hash,
  hkdfSync,
  createVerify,
  randomBytes,
  type JsonWebKeyInput,
  type KeyObject,
  type VerifyKeyObjectInput as VerifyOptions,
} from 'node:crypto'
import { endsCanonically } from './base64url.ts'
import { nonceBytes, type SecretKey, type SecretKeyUse, tagBytes } from './secret-key.ts'
import type { SignatureAlgorithm, VerificationKey } from './signature-algorithm.ts'

export { decryptTripleDes, type DigestName, digestRepeatedly, hasTripleDes } from './legacy-cipher.node.ts'

/** SHA-256 of UTF-8 text, as base64url. */
export function sha256(text: string): string | Promise<string> {
  return hash('sha256', text, 'base64url')
}

/** The same, hashed when it is first asked for, and once. */
export function sha256WhenAsked(text: string): (() => string) | Promise<() => string> {
  let digest: string | undefined
  return () => (digest ??= hash('sha256', text, 'base64url'))
}

/** Decodes canonical base64url; `undefined` for anything else. The same as in base64url.ts, at a tenth of its cost. */
export function decodeSegment(text: string): Uint8Array | undefined {
  if (!isDecodedExactly(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === decodedLength(text) ? bytes : undefined
}

/** The UTF-8 text in a segment, with a byte order mark as a character; `undefined` when either is not as it has to be. */
export function decodeTextSegment(text: string): string | undefined {
  if (text.length > scratch.length) return decodeLongTextSegment(text)
  if (!isDecodedExactly(text)) return undefined
  const length = scratch.write(text, 'base64url')
  if (length !== decodedLength(text)) return undefined
  const decoded = scratch.toString('utf8', 0, length)
  // Bytes that are not UTF-8 become this character, which valid bytes may spell as well.
  return decoded.includes('\ufffd') ? decodeUtf8(scratch.subarray(0, length)) : decoded
}

function decodeLongTextSegment(text: string): string | undefined {
  const bytes = decodeSegment(text)
  return bytes === undefined ? undefined : decodeUtf8(bytes)
}

/** Written and read within one call, which saves making a buffer for each segment, and collecting it. */
const scratch = Buffer.allocUnsafeSlow(16_384)

/**
 * Whether Node's decoder, which is lenient, can give but one result that has the right length: the strict one.
 *
 * It skips characters that it does not know, white space and padding too, and each of them makes the result shorter. What is left
 * is that it takes base64's own two characters for base64url's, and the low byte of a character for the character.
 */
function isDecodedExactly(text: string): boolean {
  return !text.includes('+') && !text.includes('/') && endsCanonically(text) && !beyondLatin1.test(text)
}

/** Costs nothing where V8 keeps the text as one byte for each character, as it does for whatever came in a header. */
const beyondLatin1 = /[^\0-\xff]/

function decodedLength(text: string): number {
  return Math.floor((text.length * 3) / 4)
}

/** Decodes UTF-8, keeping a byte order mark as a character; `undefined` when it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Imports a public JWK; throws when the key is malformed. */
export function importPublicJwk(
  jwk: JsonWebKey,
  algorithm: SignatureAlgorithm,
): VerificationKey | Promise<VerificationKey> {
  return { algorithm, handle: createPublicKey({ key: jwk, format: 'jwk' } as JsonWebKeyInput) }
}

/** Whether `signature` is the key's over `input`, which is ASCII, as a JWS signing input is (RFC 7515 §5.1). */
export function verifySignature(
  key: VerificationKey,
  input: string,
  signature: Uint8Array,
): boolean | Promise<boolean> {
  if (key.algorithm === 'ES256' && signature.length !== p256SignatureBytes) return false // OpenSSL throws
  // By update and verify: the one-shot function costs more, for it sets up a job that could run in another thread.
  return createVerify('sha256')
    .update(input, 'latin1')
    .verify(options(key.algorithm, key.handle as KeyObject), signature)
}

/** Two numbers of 32 bytes (RFC 7518 §3.4). */
const p256SignatureBytes = 64

function options(algorithm: SignatureAlgorithm, key: KeyObject): VerifyOptions {
  switch (algorithm) {
    case 'RS256':
      return { key, padding: constants.RSA_PKCS1_PADDING }
    case 'PS256':
      return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    case 'ES256':
      return { key, dsaEncoding: 'ieee-p1363' }
  }
}

/** A key for one purpose, derived from a secret by HKDF-SHA-256 (RFC 5869): one such key says nothing of another. */
export function deriveSecretKey(
  secret: Uint8Array,
  purpose: string,
  use: SecretKeyUse,
): SecretKey | Promise<SecretKey> {
  const bytes = hkdfSync('sha256', secret, new Uint8Array(), purpose, 32)
  return { use, handle: createSecretKey(new Uint8Array(bytes)) }
}

/** HMAC-SHA-256 of UTF-8 text, as base64url. */
export function authenticate(key: SecretKey, text: string): string | Promise<string> {
  return createHmac('sha256', key.handle as KeyObject)
    .update(text)
    .digest('base64url')
}

/** AES-256-GCM under a fresh random nonce: nonce, ciphertext and tag, as base64url. */
export function encrypt(key: SecretKey, associatedData: string, text: string): string | Promise<string> {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key.handle as KeyObject, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(associatedData))
  const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat(parts).toString('base64url')
}

/** The text that {@link encrypt} was given; `undefined` when anything at all was altered, or the associated data differs. */
export function decrypt(
  key: SecretKey,
  associatedData: string,
  encrypted: string,
): string | undefined | Promise<string | undefined> {
  const bytes = decodeSegment(encrypted)
  if (bytes === undefined || bytes.length < nonceBytes + tagBytes) return undefined
  const nonce = bytes.subarray(0, nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', key.handle as KeyObject, nonce, {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(associatedData)).setAuthTag(bytes.subarray(-tagBytes))
  const opened = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
  try {
    decipher.final()
  } catch {
    return undefined // the one thing that final() throws for in this mode: the tag does not match
  }
  return decodeUtf8(opened)
}
