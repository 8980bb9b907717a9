// What of an X.509 certificate matters to a client assertion (RFC 5280 §4.1): until when it is good, and which RSA key it is for.
import { derTag, DerError, type DerValue, expectTag, readOnly, readSequence, toHex } from './der.ts'

/** A certificate that was looked into. */
export interface Certificate {
  readonly der: Uint8Array
  /** Milliseconds since the epoch. */
  readonly notBeforeMs: number
  /** Milliseconds since the epoch. */
  readonly notAfterMs: number
  /** Distinguished names in hexadecimal of their DER: a certificate's issuer is the subject of the one that issued it. */
  readonly issuer: string
  readonly subject: string
  /** Modulus of the RSA key in hexadecimal; `undefined` for keys of other kinds. */
  readonly modulus: string | undefined
}

/** Reads a certificate. Does not check its signature, its chain or its dates. @throws DerError */
export function parseCertificate(der: Uint8Array): Certificate {
  const content = readSequence(expectTag(readSequence(readOnly(der))[0], derTag.sequence))
  const fields = content[0]?.tag === derTag.version ? content.slice(1) : content
  const [, , issuer, validity, subject, publicKey] = fields // the serial number and an algorithm stand before
  const [notBefore, notAfter] = readSequence(expectTag(validity, derTag.sequence))
  return {
    der,
    notBeforeMs: parseTime(notBefore),
    notAfterMs: parseTime(notAfter),
    issuer: toHex(expectTag(issuer, derTag.sequence).encoded),
    subject: toHex(expectTag(subject, derTag.sequence).encoded),
    modulus: readModulus(expectTag(publicKey, derTag.sequence)),
  }
}

/** 1.2.840.113549.1.1.1 */
export const rsaEncryption = '2a864886f70d010101'

function readModulus(publicKey: DerValue): string | undefined {
  const [algorithm, bits] = readSequence(publicKey)
  const [identifier] = readSequence(expectTag(algorithm, derTag.sequence))
  if (toHex(expectTag(identifier, derTag.objectIdentifier).content) !== rsaEncryption) return undefined
  const unusedBits = 1 // the first byte of a BIT STRING says how many bits at its end are none
  const [modulus] = readSequence(readOnly(expectTag(bits, derTag.bitString).content.subarray(unusedBits)))
  return toHex(expectTag(modulus, derTag.integer).content)
}

function parseTime(value: DerValue | undefined): number {
  const text = new TextDecoder().decode(value?.content)
  const digits = value?.tag === derTag.utcTime ? widenYear(text) : text
  const iso = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const ms = Date.parse(iso)
  if (iso === digits || Number.isNaN(ms)) throw new DerError('no time of a certificate')
  return ms
}

/** UTCTime has two digits for the year, of 1950 to 2049 (RFC 5280 §4.1.2.5.1). */
function widenYear(text: string): string {
  return `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`
}
