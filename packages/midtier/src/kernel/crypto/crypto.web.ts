// Digest, signature and sealing by web standards, for runtimes without Node's own; the same functions as crypto.node.ts.
import { importJWK } from 'jose'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { nonceBytes, type SecretKey, type SecretKeyUse, tagBytes } from './secret-key.ts'
import type { SignatureAlgorithm, VerificationKey } from './signature-algorithm.ts'

export { decryptTripleDes, type DigestName, digestRepeatedly, hasTripleDes } from './legacy-cipher.web.ts'

/** SHA-256 of UTF-8 text, as base64url. */
export async function sha256(text: string): Promise<string> {
  return encodeBase64url(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  )
}

/** The same for those who cannot wait when they ask: hashed at once. */
export async function sha256WhenAsked(text: string): Promise<() => string> {
  const digest = await sha256(text)
  return () => digest
}

/** Decodes canonical base64url; `undefined` for anything else. */
export function decodeSegment(text: string): Uint8Array | undefined {
  return decodeBase64url(text)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Decodes UTF-8, keeping a byte order mark as a character; `undefined` when it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined // what a fatal decoder throws for bytes that are not UTF-8
    throw error
  }
}

/** The UTF-8 text in a segment; `undefined` when either is not as it has to be. */
export function decodeTextSegment(text: string): string | undefined {
  const bytes = decodeBase64url(text)
  return bytes === undefined ? undefined : decodeUtf8(bytes)
}

/** Imports a public JWK; throws when the key is malformed. */
export async function importPublicJwk(
  jwk: JsonWebKey,
  algorithm: SignatureAlgorithm,
): Promise<VerificationKey> {
  return { algorithm, handle: await importJWK(jwk as Parameters<typeof importJWK>[0], algorithm) }
}

/** Whether `signature` is the key's over `input`. */
export async function verifySignature(
  key: VerificationKey,
  input: string,
  signature: Uint8Array,
): Promise<boolean> {
  const data = new TextEncoder().encode(input)
  return crypto.subtle.verify(
    parameters(key.algorithm),
    key.handle as CryptoKey,
    signature as BufferSource,
    data,
  )
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

/** A key for one purpose, derived from a secret by HKDF-SHA-256 (RFC 5869): one such key says nothing of another. */
export async function deriveSecretKey(
  secret: Uint8Array,
  purpose: string,
  use: SecretKeyUse,
): Promise<SecretKey> {
  const base = await crypto.subtle.importKey('raw', secret as BufferSource, 'HKDF', false, ['deriveKey'])
  const info = new TextEncoder().encode(purpose)
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  const [target, usages]: [AesDerivedKeyParams | HmacImportParams, KeyUsage[]] =
    use === 'encryption'
      ? [{ name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']]
      : [{ name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']]
  return { use, handle: await crypto.subtle.deriveKey(derivation, base, target, false, usages) }
}

/** HMAC-SHA-256 of UTF-8 text, as base64url. */
export async function authenticate(key: SecretKey, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text)
  return encodeBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', key.handle as CryptoKey, bytes)))
}

/** AES-256-GCM under a fresh random nonce: nonce, ciphertext and tag, as base64url. */
export async function encrypt(key: SecretKey, associatedData: string, text: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
  const bytes = new TextEncoder().encode(text)
  const encrypted = await crypto.subtle.encrypt(gcm(nonce, associatedData), key.handle as CryptoKey, bytes)
  const sealed = new Uint8Array(nonceBytes + encrypted.byteLength)
  sealed.set(nonce)
  sealed.set(new Uint8Array(encrypted), nonceBytes)
  return encodeBase64url(sealed)
}

/** The text that {@link encrypt} was given; `undefined` when anything at all was altered, or the associated data differs. */
export async function decrypt(
  key: SecretKey,
  associatedData: string,
  encrypted: string,
): Promise<string | undefined> {
  const bytes = decodeSegment(encrypted)
  if (bytes === undefined || bytes.length < nonceBytes + tagBytes) return undefined
  const parameters = gcm(bytes.slice(0, nonceBytes), associatedData)
  const sealed = bytes.slice(nonceBytes)
  try {
    const opened = await crypto.subtle.decrypt(parameters, key.handle as CryptoKey, sealed)
    return decodeUtf8(new Uint8Array(opened))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined // the tag does not match
    throw error
  }
}

function gcm(nonce: Uint8Array<ArrayBuffer>, associatedData: string): AesGcmParams {
  const additionalData = new TextEncoder().encode(associatedData)
  return { name: 'AES-GCM', iv: nonce, additionalData, tagLength: tagBytes * 8 }
}
