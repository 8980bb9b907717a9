// Makes RSA keys and certificates for tests, with a DER writer of its own, so that the reader is not measured against itself.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface TestCertificate {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly der: Buffer
  /** The certificate. */
  readonly pem: string
  /** PKCS#8. */
  readonly keyPem: string
  /** `x5t#S256` */
  readonly thumbprint: string
}

export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const header = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(header), content])
}

const sha256WithRsa = tlv(0x30, Buffer.from('06092a864886f70d01010b0500', 'hex'))

function name(text: string): Buffer {
  return tlv(0x30, tlv(0x31, tlv(0x30, Buffer.from('0603550403', 'hex'), tlv(0x0c, Buffer.from(text)))))
}

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return tlv(0x17, Buffer.from(`${digits}Z`))
}

const january2026 = Date.parse('2026-01-01T00:00:00Z')
const january2028 = Date.parse('2028-01-01T00:00:00Z')

export function createCertificate(
  subject: string,
  {
    notBefore = january2026,
    notAfter = january2028,
    keys = generateKeyPairSync('rsa', { modulusLength: 2048 }),
  } = {},
): TestCertificate {
  const { privateKey, publicKey } = keys
  const content = tlv(
    0x30,
    tlv(0xa0, tlv(2, Buffer.of(2))),
    tlv(2, Buffer.from('4242', 'hex')),
    sha256WithRsa,
    name(subject),
    tlv(0x30, utcTime(notBefore), utcTime(notAfter)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const der = tlv(0x30, content, sha256WithRsa, tlv(3, Buffer.of(0), sign('sha256', content, privateKey)))
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    privateKey,
    publicKey,
    der,
    pem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    thumbprint: createHash('sha256').update(der).digest('base64url'),
  }
}
