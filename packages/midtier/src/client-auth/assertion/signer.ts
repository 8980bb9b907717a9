// A private key that never leaves its vault or HSM: the application signs, we build what is signed.
import { encodeBase64url } from '../../kernel/crypto/base64url.ts'
import { checkKnownOptions } from '../../kernel/known-options.ts'
import { type AssertionSigner, describeCertificate } from './assertion-signer.ts'
import { readChain } from '../certificate/certificate.ts'
import type { ClientCredential } from '../client-credential.ts'
import { runWithin, unusable } from '../credential-error.ts'
import { parsePem } from '../certificate/pem.ts'
import { createSignedAssertionCredential } from './signed-assertion.ts'

/** How the signature is to be made. */
export interface SignContext {
  /** RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 7518 §3.5). */
  readonly algorithm: 'PS256'
  /** Aborted when the time is over. */
  readonly signal: AbortSignal
}

/**
 * Signs the bytes; a service that wants a digest is given their SHA-256.
 *
 * What it throws becomes an AuthorityUnavailableError (503) that tells its name and code alone; throw a ConfigurationError for
 * what only a person can mend.
 */
export type Sign = (input: Uint8Array, context: SignContext) => Promise<Uint8Array>

/** Options of {@link clientSigner}: a certificate or its thumbprint. */
export interface ClientSignerOptions {
  /** Signs by the key that nobody can take along: {@link Sign}. */
  readonly sign: Sign
  /** PEM text of the public certificate, and of those that issued it if they are to be sent. */
  readonly certificate?: string | undefined
  /** SHA-256 thumbprint of the certificate in hexadecimal or base64url; instead of `certificate`. */
  readonly thumbprint?: string | undefined
  /** As for `clientCertificate`; needs `certificate`. Default false. */
  readonly sendX5c?: boolean | undefined
  /** Longest wait for a signature. Milliseconds; default 10 000. */
  readonly timeoutMs?: number | undefined
}

const optionNames: readonly (keyof ClientSignerOptions)[] = [
  'sign',
  'certificate',
  'thumbprint',
  'sendX5c',
  'timeoutMs',
]

/** Length of a signature of the smallest RSA key that anybody still takes, in bytes. */
const shortestSignature = 256

/**
 * An external signer as the application's credential. Asked for a signature once in five minutes for each tenant.
 *
 * @throws ConfigurationError at once when neither a certificate nor a thumbprint is usable.
 * Does not check that the signer's key belongs to the certificate: the authority does.
 * @example
 * ```ts
 * // With `CryptographyClient` of '@azure/keyvault-keys': the private key stays in the vault.
 * const clientCredential = clientSigner({
 *   certificate: process.env['CERTIFICATE_PEM'],
 *   sign: async (input, { algorithm }) => (await vaultKey.signData(algorithm, input)).result,
 * })
 * ```
 */
export function clientSigner(options: ClientSignerOptions): ClientCredential {
  checkKnownOptions(options, optionNames, 'clientCredential')
  const { timeoutMs = 10_000 } = options
  const describe = readIdentity(options)
  let identity: Promise<Omit<AssertionSigner, 'sign'>> | undefined

  return createSignedAssertionCredential('signer', async () => {
    identity ??= describe()
    return { ...(await identity), sign }
  })

  async function sign(input: Uint8Array): Promise<Uint8Array> {
    const signature: unknown = await runWithin('the signer of the client assertion', timeoutMs, (signal) =>
      options.sign(input, { algorithm: 'PS256', signal }),
    )
    if (!(signature instanceof Uint8Array) || signature.length < shortestSignature)
      throw unusable('the signer returned something other than the bytes of an RSA signature')
    return signature
  }
}

function readIdentity(options: ClientSignerOptions): () => Promise<Omit<AssertionSigner, 'sign'>> {
  const { certificate, thumbprint, sendX5c = false } = options
  if (certificate !== undefined) {
    const chain = readChain(parsePem(certificate))
    return () => describeCertificate(chain[0], sendX5c ? chain : undefined)
  }
  if (sendX5c) throw unusable('to send the certificate along, pass it as certificate')
  const known = { thumbprint: readThumbprint(thumbprint), x5c: undefined, validity: undefined }
  return () => Promise.resolve(known)
}

function readThumbprint(thumbprint: string | undefined): string {
  if (thumbprint === undefined || thumbprint.trim() === '')
    throw unusable('a signer needs the certificate, or its SHA-256 thumbprint')
  const plain = thumbprint.replaceAll(/[:\s=]/g, '')
  if (/^[0-9a-f]{64}$/i.test(plain)) return fromHex(plain)
  if (/^[\w-]{43}$/.test(plain)) return plain
  throw unusable('the thumbprint is not a SHA-256 in hexadecimal (64 digits) or base64url (43 characters)')
}

function fromHex(digits: string): string {
  return encodeBase64url(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))
}
