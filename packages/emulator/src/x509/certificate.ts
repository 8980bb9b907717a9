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
  /** Whether the holder may sign other certificates, and for whom: for the loopback names and addresses, and no further authority. */
  readonly authority?: 'loopback'
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

/** What makes an authority one for this machine alone, critical to whoever verifies it (RFC 5280 §4.2.1.9 and §4.2.1.10). */
export const loopbackConstraints: readonly Buffer[] = [
  // pathLenConstraint 0: it signs leaves, and no other authority.
  extension('2.5.29.19', der.sequence(der.boolean(true), der.integer(Buffer.from([0]))), true),
  extension('2.5.29.30', der.sequence(permittedSubtrees()), true),
]

/** `localhost` and everything below, 127.0.0.0/8 and ::1. An address is followed by its mask. */
function permittedSubtrees(): Buffer {
  const ipv4 = Buffer.from([127, 0, 0, 0, 255, 0, 0, 0])
  const ipv6 = Buffer.concat([Buffer.alloc(15), Buffer.from([1]), Buffer.alloc(16, 0xff)])
  const names = [generalName('localhost'), der.implicit(7, ipv4), der.implicit(7, ipv6)]
  return der.explicit(0, Buffer.concat(names.map((name) => der.sequence(name))))
}

function extensions({ authority, hosts = [] }: CertificateRequest): Buffer[] {
  // keyCertSign and cRLSign for the CA, digitalSignature for everything else.
  const usage = authority === undefined ? Buffer.from([7, 0x80]) : Buffer.from([1, 0x06])
  const keyUsage = extension('2.5.29.15', der.tagged(0x03, usage), true)
  if (authority !== undefined) return [...loopbackConstraints, keyUsage]
  const basic = extension('2.5.29.19', der.sequence(), true)
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
