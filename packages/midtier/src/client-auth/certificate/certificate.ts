// A certificate as the application's credential: what production wants, because the private key never crosses the wire (RFC 7523 §2.2).
import { type Clock, systemClock } from '../../kernel/time/clock.ts'
import { checkKnownOptions } from '../../kernel/known-options.ts'
import {
  type AssertionSigner,
  checkExpiry,
  describeCertificate,
  signWithKey,
} from '../assertion/assertion-signer.ts'
import { recogniseCertificate, unwrapPem } from './certificate-content.ts'
import type { ClientCredential } from '../client-credential.ts'
import { unusable } from '../credential-error.ts'
import { parseGiven } from './der.ts'
import { parsePem, type PemBlock } from './pem.ts'
import { openPfx, parsePfx } from './pfx.ts'
import { type PrivateKey, readPrivateKey } from './private-key.ts'
import { createSignedAssertionCredential, type LoadSigner } from '../assertion/signed-assertion.ts'
import { type Certificate, parseCertificate } from './x509.ts'

/** Options of {@link clientCertificate}. */
export interface ClientCertificateOptions {
  /**
   * PEM text: the certificate, those that issued it if they are to be sent, and the private key unless it is given apart; base64 of such
   * a text will do. Or a PFX (PKCS#12), which holds all of them: its bytes, or their base64 as Azure Key Vault gives it. Or the
   * certificate alone in DER, as bytes or base64, with `privateKey` beside it.
   */
  readonly certificate: string | Uint8Array | undefined
  /** PEM text of the RSA private key, or its base64: PKCS#8, encrypted or not, or PKCS#1. Default: looked for in `certificate`. Not for a PFX. */
  readonly privateKey?: string | undefined
  /** Decrypts an encrypted private key, or opens a PFX. Default: none, which a PFX takes for an empty one. */
  readonly passphrase?: string | undefined
  /**
   * Send the certificates along (`x5c`), so that the authority can trust their subject and issuer instead of one thumbprint.
   * Default false: only registrations that Entra set up for it take that.
   */
  readonly sendX5c?: boolean | undefined
  /** Tells at creation whether the certificate has expired. Default: the machine's clock. */
  readonly clock?: Clock | undefined
}

const optionNames: readonly (keyof ClientCertificateOptions)[] = [
  'certificate',
  'privateKey',
  'passphrase',
  'sendX5c',
  'clock',
]

/**
 * A certificate with its private key as the application's credential: PS256 assertions with `x5t#S256`.
 *
 * @throws ConfigurationError at once when text is missing or damaged, the certificate has expired, or key and certificate do not
 * belong together. A wrong passphrase is told at the first use, since decrypting takes a moment; so is whatever is inside a PFX.
 * Does not check who issued the certificate or whether it is registered.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 * @example
 * ```ts
 * // As Azure Key Vault gives it: the base64 of a PFX, without a passphrase.
 * const clientCredential = clientCertificate({ certificate: process.env['CERTIFICATE_BASE64'] })
 * ```
 */
export function clientCertificate(options: ClientCertificateOptions): ClientCredential {
  checkKnownOptions(options, optionNames, 'clientCredential')
  const read = readCertificate(options)
  if (read.certificate !== undefined) checkExpiry(read.certificate, (options.clock ?? systemClock).nowMs())
  let signer: Promise<AssertionSigner> | undefined
  const endsAtMs = read.certificate?.notAfterMs
  return createSignedAssertionCredential('certificate', () => (signer ??= read.load()), endsAtMs)
}

/** A certificate as far as it is known before its key is decrypted. */
export interface ReadCertificate {
  /** `undefined` while it is open which certificate is the key's own: the key is encrypted, or all of it is in a PFX. */
  readonly certificate: Certificate | undefined
  readonly load: LoadSigner
}

/** What a certificate is read from. */
export interface CertificateSource extends Pick<
  ClientCertificateOptions,
  'certificate' | 'privateKey' | 'passphrase' | 'sendX5c'
> {
  /** Its file, for messages. */
  readonly path?: string | undefined
}

/** Reads certificate and key. @throws ConfigurationError */
export function readCertificate(source: CertificateSource): ReadCertificate {
  const { certificate: given, sendX5c = false } = source
  if (given === undefined || (typeof given === 'string' ? given.trim() : given).length === 0)
    throw unusable('the certificate is missing: is the variable that holds it set?')
  const content = recogniseCertificate(given)
  if ('pfx' in content) return readPfx(content.pfx, source, sendX5c)
  const blocks = 'pem' in content ? parsePem(content.pem) : [certificateBlock(content.certificate)]
  return readBlocks(blocks, source, sendX5c)
}

function certificateBlock(der: Uint8Array): PemBlock {
  return { label: 'CERTIFICATE', der, legacyEncryption: false }
}

function readBlocks(
  blocks: readonly PemBlock[],
  { privateKey, passphrase }: CertificateSource,
  sendX5c: boolean,
): ReadCertificate {
  const chain = readChain(blocks)
  const key = readPrivateKey(privateKey === undefined ? blocks : parsePem(unwrapPem(privateKey)), passphrase)
  if (typeof key !== 'function') {
    const certificate = findOwn(chain, key)
    return { certificate, load: () => createSigner(certificate, chain, key, sendX5c) }
  }
  const load = async (): Promise<AssertionSigner> => {
    const decrypted = await key()
    return createSigner(findOwn(chain, decrypted), chain, decrypted, sendX5c)
  }
  return { certificate: chain.length === 1 ? chain[0] : undefined, load }
}

function readPfx(
  der: Uint8Array,
  { path, privateKey, passphrase }: CertificateSource,
  sendX5c: boolean,
): ReadCertificate {
  if (privateKey !== undefined) throw unusable('a PFX brings its private key along: leave privateKey out')
  const pfx = parsePfx(der, path)
  const load = async (): Promise<AssertionSigner> => {
    const { certificates, key } = await openPfx(pfx, passphrase)
    return createSigner(findOwn(certificates, key), certificates, key, sendX5c)
  }
  return { certificate: undefined, load }
}

async function createSigner(
  certificate: Certificate,
  chain: readonly Certificate[],
  key: PrivateKey,
  sendX5c: boolean,
): Promise<AssertionSigner> {
  const sent = sendX5c ? sortByIssuer(certificate, chain) : undefined
  return { ...(await describeCertificate(certificate, sent)), sign: await signWithKey(key) }
}

/** Reads all certificates of a PEM text. @throws ConfigurationError when there is none, or one is damaged. */
export function readChain(blocks: readonly PemBlock[]): readonly [Certificate, ...Certificate[]] {
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE')
  const [first, ...others] = parseGiven(
    () => certificates.map(({ der }) => parseCertificate(der)),
    'the certificate cannot be read: it is damaged',
  )
  if (first === undefined)
    throw unusable('the PEM text holds no certificate; it begins with -----BEGIN CERTIFICATE-----')
  return [first, ...others]
}

/**
 * The certificate, then the one that issued it, and so on (RFC 7515 §4.1.6); at the end, as they come, those that have no part in it.
 *
 * Names are compared, not signatures: the authority does not go by our word.
 */
function sortByIssuer(own: Certificate, chain: readonly Certificate[]): readonly Certificate[] {
  const sorted: Certificate[] = []
  const rest = new Set(chain)
  for (let next: Certificate | undefined = own; next !== undefined;) {
    sorted.push(next)
    rest.delete(next)
    const issuer: string = next.issuer
    next = [...rest].find(({ subject }) => subject === issuer)
  }
  return [...sorted, ...rest]
}

/** A file may hold the chain in any order: the key tells which certificate is its own. */
function findOwn(chain: readonly Certificate[], { modulus }: PrivateKey): Certificate {
  const own = chain.find((certificate) => certificate.modulus === modulus)
  if (own === undefined) throw unusable('the private key does not belong to the certificate')
  return own
}
