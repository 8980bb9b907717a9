// Certificates and the private key out of a PFX file (PKCS#12, RFC 7292): what Azure Key Vault and Windows export.
import { unusable } from '../credential-error.ts'
import {
  DerError,
  derTag,
  type DerValue,
  expectTag,
  readAlgorithm,
  readIdentifier,
  readOctets,
  readOnly,
  readSequence,
  UnsupportedError,
} from './der.ts'
import { decryptPkcs12, type Pkcs12Passphrase } from './pkcs12-encryption.ts'
import { type Mac, parseMac, verifyMac } from './pkcs12-mac.ts'
import { parsePkcs8, type PrivateKey } from './private-key.ts'
import { type Certificate, parseCertificate } from './x509.ts'

/** Windows and OpenSSL write 2 000 and a few, Java up to 100 000. */
const maxIterations = 1_000_000
/** Writers make two, one of certificates and one of keys; each costs a derivation. */
const maxParts = 16

const data = '2a864886f70d010701'
const encryptedData = '2a864886f70d010706'
const keyBag = '2a864886f70d010c0a0101'
const shroudedKeyBag = '2a864886f70d010c0a0102'
const certBag = '2a864886f70d010c0a0103'
const x509Certificate = '2a864886f70d01091601'

/** A PFX that is in form; nothing of it is believed yet. */
export interface Pfx {
  /** The authenticated safe, as its MAC is computed over it. */
  readonly content: Uint8Array
  readonly mac: Mac
  /** Its file, for messages; `undefined` when it came otherwise. */
  readonly path: string | undefined
}

/** What a PFX is for. */
export interface PfxContent {
  readonly certificates: readonly Certificate[]
  readonly key: PrivateKey
}

/** Reads the outermost of a PFX. @throws ConfigurationError when it is damaged, or not one that can be opened here. */
export function parsePfx(der: Uint8Array, path?: string): Pfx {
  try {
    const [version, authSafe, macData] = readSequence(readOnly(der))
    if (expectTag(version, derTag.integer).content.join() !== '3') throw new DerError()
    const { type, value } = readContentInfo(authSafe)
    if (type !== data) throw new UnsupportedError('a signature in place of a passphrase')
    if (macData === undefined) throw new UnsupportedError('no MAC (anybody could have altered it)')
    return { content: readOctets(value), mac: parseMac(macData, maxIterations), path }
  } catch (error) {
    throw asConfiguration(error, path)
  }
}

/**
 * Opens a PFX.
 *
 * The MAC is verified before anything is decrypted or read: what is wrong inside tells nothing to somebody who guesses.
 *
 * @throws ConfigurationError when the passphrase is wrong, or when there are not one RSA key and certificates inside.
 */
export async function openPfx({ content, mac, path }: Pfx, passphrase = ''): Promise<PfxContent> {
  const spelled = await verifyMac(mac, content, passphrase)
  if (spelled === undefined) throw unusable(describeMismatch(path, passphrase))
  try {
    return await readSafe(content, { text: passphrase, spelled })
  } catch (error) {
    throw asConfiguration(error, path)
  }
}

function describeMismatch(path = 'the PFX', passphrase: string): string {
  return passphrase === ''
    ? `${path} is protected by a passphrase: set the option passphrase`
    : `${path} cannot be opened: the option passphrase is wrong, or the file is damaged`
}

function asConfiguration(error: unknown, path: string | undefined): unknown {
  const name = path ?? 'the PFX'
  const files = `-in ${path ?? 'certificate.pfx'} -out certificate.pem -nodes`
  if (error instanceof UnsupportedError)
    return unusable(
      `${name} is made with ${error.message}, which is not supported; make a PEM file of it once: openssl pkcs12 -legacy ${files}`,
    )
  if (error instanceof DerError)
    return unusable(
      `${name} is damaged, or not a PFX in DER; try to make a PEM file of it: openssl pkcs12 ${files}`,
    )
  return error
}

async function readSafe(content: Uint8Array, passphrase: Pkcs12Passphrase): Promise<PfxContent> {
  const parts = readSequence(readOnly(content))
  if (parts.length > maxParts) throw new DerError()
  const bags: Bag[] = []
  for (const part of parts) bags.push(...(await readPart(part, passphrase)))
  const keys = bags.filter(({ type }) => type === keyBag || type === shroudedKeyBag)
  const [key] = keys
  if (key === undefined) throw unusable('the PFX holds no private key: export it together with its key')
  if (keys.length > 1) throw unusable('the PFX holds more than one private key: export the one that is meant')
  const certificates = bags.filter(({ type }) => type === certBag).flatMap(readCertificateBag)
  if (certificates.length === 0) throw unusable('the PFX holds no certificate')
  return { certificates, key: await readKeyBag(key, passphrase) }
}

interface ContentInfo {
  readonly type: string
  readonly value: DerValue
}

function readContentInfo(value: DerValue | undefined): ContentInfo {
  const [type, content] = readSequence(expectTag(value, derTag.sequence))
  return { type: readIdentifier(type), value: readOnly(expectTag(content, derTag.explicit0).content) }
}

interface Bag {
  readonly type: string
  readonly value: DerValue
}

/** The bags of a part, decrypted when it is encrypted. */
async function readPart(part: DerValue, passphrase: Pkcs12Passphrase): Promise<readonly Bag[]> {
  const { type, value } = readContentInfo(part)
  if (type === data) return readBags(readOctets(value))
  if (type !== encryptedData) throw new UnsupportedError('a part that is encrypted for a key')
  const [, encrypted] = readSequence(value)
  const [, algorithm, ciphertext] = readSequence(expectTag(encrypted, derTag.sequence))
  return readBags(await decrypt(algorithm, expectTag(ciphertext, derTag.implicit0).content, passphrase))
}

function readBags(safe: Uint8Array): readonly Bag[] {
  return readSequence(readOnly(safe)).map(readContentInfo) // a SafeBag begins as a ContentInfo does
}

async function decrypt(
  algorithm: DerValue | undefined,
  ciphertext: Uint8Array,
  passphrase: Pkcs12Passphrase,
): Promise<Uint8Array> {
  const opened = await decryptPkcs12(readAlgorithm(algorithm), ciphertext, passphrase, maxIterations)
  if (opened === undefined)
    throw unusable('a part of the PFX is encrypted with another passphrase than the PFX itself')
  return opened
}

/** The certificate in a bag; none when it is not an X.509 certificate. */
function readCertificateBag({ value }: Bag): readonly Certificate[] {
  const { type, value: certificate } = readContentInfo(value) // CertBag, too
  return type === x509Certificate ? [parseCertificate(readOctets(certificate))] : []
}

async function readKeyBag({ type, value }: Bag, passphrase: Pkcs12Passphrase): Promise<PrivateKey> {
  if (type === keyBag) return parsePkcs8(value.encoded)
  const [algorithm, ciphertext] = readSequence(value)
  return parsePkcs8(await decrypt(algorithm, readOctets(ciphertext), passphrase))
}
