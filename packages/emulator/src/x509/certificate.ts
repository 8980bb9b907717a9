// Makes X.509 certificates (RFC 5280): for signing keys, for the emulator's own CA and for its TLS leaf.
import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIPv4 } from 'node:net'
import * as der from './der.ts'

/** What a certificate says. */
export interface CertificateRequest {
  /** Common name of the holder. */
  readonly subject: string
  /** The holder's public key. */
  readonly publicKey: KeyObject
  /** Common name of the signer; the same as the subject for a self-signed certificate. */
  readonly issuer: string
  /** The signer's private key, RSA or EC. */
  readonly issuerKey: KeyObject
  /** Start of validity, milliseconds since the epoch. */
  readonly notBefore: number
  /** End of validity, milliseconds since the epoch. */
  readonly notAfter: number
  /** Whether the holder may sign other certificates. */
  readonly authority?: boolean
  /** DNS names and IPv4 addresses that the holder may serve. */
  readonly hosts?: readonly string[]
}

/** Makes a certificate and returns its DER bytes. */
export function createCertificate(request: CertificateRequest): Buffer {
  const algorithm = signatureAlgorithm(request.issuerKey)
  const content = tbsCertificate(request, algorithm)
  const signature = sign('sha256', content, request.issuerKey)
  return der.sequence(content, algorithm, der.bitString(signature))
}

/** The PEM text of DER bytes. */
export function toPem(certificate: Uint8Array): string {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** The thumbprint as `x5t` (SHA-1, RFC 7515 §4.1.7) or `x5t#S256` (§4.1.8) carry it. */
export function thumbprint(certificate: Uint8Array, hash: 'sha1' | 'sha256'): string {
  return createHash(hash).update(certificate).digest('base64url')
}

function tbsCertificate(request: CertificateRequest, algorithm: Buffer): Buffer {
  return der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serialNumber()),
    algorithm,
    commonName(request.issuer),
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    commonName(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...extensions(request))),
  )
}

function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes
}

function signatureAlgorithm(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'ec'
    ? der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'))
    : der.sequence(der.objectIdentifier('1.2.840.113549.1.1.11'), der.nothing())
}

function commonName(name: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String(name))))
}

function extensions({ authority = false, hosts = [] }: CertificateRequest): Buffer[] {
  const basic = extension('2.5.29.19', der.sequence(...(authority ? [der.boolean(true)] : [])), true)
  // keyCertSign and cRLSign for the CA, digitalSignature for everything else.
  const usage = authority ? Buffer.from([1, 0x06]) : Buffer.from([7, 0x80])
  const keyUsage = extension('2.5.29.15', der.tagged(0x03, usage), true)
  if (hosts.length === 0) return [basic, keyUsage]
  const serverAuth = extension('2.5.29.37', der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1')))
  return [basic, keyUsage, serverAuth, extension('2.5.29.17', der.sequence(...hosts.map(generalName)))]
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  const criticality = critical ? [der.boolean(true)] : []
  return der.sequence(der.objectIdentifier(id), ...criticality, der.octetString(value))
}

function generalName(host: string): Buffer {
  return isIPv4(host)
    ? der.implicit(7, Buffer.from(host.split('.').map(Number)))
    : der.implicit(2, Buffer.from(host))
}
