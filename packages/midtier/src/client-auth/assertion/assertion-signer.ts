// What signs client assertions: a private key at hand, or one that never leaves its vault.
import { encodeBase64, encodeBase64url } from '../../kernel/crypto/base64url.ts'
import { unusable } from '../credential-error.ts'
import type { PrivateKey } from '../certificate/private-key.ts'
import type { Certificate } from '../certificate/x509.ts'

/** Signs for one certificate. */
export interface AssertionSigner {
  /** `x5t#S256`: SHA-256 of the certificate, base64url (RFC 7515 §4.1.8). Public. */
  readonly thumbprint: string
  /** The certificate and those that issued it, base64 of DER, when they are to be sent (RFC 7515 §4.1.6). */
  readonly x5c: readonly string[] | undefined
  /** Validity of the certificate; `undefined` when only its thumbprint is known. */
  readonly validity: Pick<Certificate, 'notBeforeMs' | 'notAfterMs'> | undefined
  /** PS256 (RFC 7518 §3.5) of the signing input. */
  readonly sign: (input: Uint8Array) => Promise<Uint8Array>
}

/** What a certificate says of a signer. */
export async function describeCertificate(
  certificate: Certificate,
  chain: readonly Certificate[] | undefined,
): Promise<Omit<AssertionSigner, 'sign'>> {
  const digest = await crypto.subtle.digest('SHA-256', certificate.der as BufferSource)
  return {
    thumbprint: encodeBase64url(new Uint8Array(digest)),
    x5c: chain?.map(({ der }) => encodeBase64(der)),
    validity: certificate,
  }
}

const importAlgorithm = { name: 'RSA-PSS', hash: 'SHA-256' }
const signAlgorithm = { name: 'RSA-PSS', saltLength: 32 }

/**
 * Signs with a private key, which is imported once and cannot be exported again.
 *
 * @throws ConfigurationError when the key is damaged beyond its modulus, or too short; nothing of it is told.
 */
export async function signWithKey({ pkcs8 }: PrivateKey): Promise<AssertionSigner['sign']> {
  const key = await orUnusable(() =>
    crypto.subtle.importKey('pkcs8', pkcs8 as BufferSource, importAlgorithm, false, ['sign']),
  )
  return async (input) =>
    new Uint8Array(await orUnusable(() => crypto.subtle.sign(signAlgorithm, key, input as BufferSource)))
}

async function orUnusable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DOMException) throw unusable('the private key cannot be used: it is damaged')
    throw error
  }
}

/**
 * Checks that a certificate is within its validity.
 *
 * @throws ConfigurationError that names the date: Entra would answer with a number only.
 */
export function checkValidity(validity: AssertionSigner['validity'], nowMs: number): void {
  if (validity === undefined) return
  checkExpiry(validity, nowMs)
  const { notBeforeMs } = validity
  if (nowMs < notBeforeMs) throw unusable(`the certificate is not valid before ${writeDate(notBeforeMs)}`)
}

/** All that can be said where the time may not be known yet: Cloudflare Workers show 1970 until the first request. @throws ConfigurationError */
export function checkExpiry({ notAfterMs }: NonNullable<AssertionSigner['validity']>, nowMs: number): void {
  if (nowMs > notAfterMs) throw unusable(`the certificate expired on ${writeDate(notAfterMs)}`)
}

function writeDate(ms: number): string {
  return new Date(ms).toISOString().replace('.000', '')
}
