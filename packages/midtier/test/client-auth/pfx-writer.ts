// Writes PFX files for tests, so that what is inside can be anything: authenticated by PBMAC1 (RFC 9579), with Node's own PBKDF2.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { tlv } from './certificates.ts'

export const passphrase = 'the-passphrase'

const oid = (hex: string): Buffer => tlv(6, Buffer.from(hex, 'hex'))
const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts)
const octets = (bytes: Uint8Array): Buffer => tlv(4, bytes)
const explicit = (bytes: Uint8Array): Buffer => tlv(0xa0, bytes)

function integer(value: number): Buffer {
  const digits = value.toString(16)
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  return tlv(2, (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), bytes]) : bytes)
}

const data = oid('2a864886f70d010701')
const hmacs = { sha256: oid('2a864886f70d0209'), sha512: oid('2a864886f70d020b') }
const hmacBytes = { sha256: 32, sha512: 64 }
const salt = Buffer.from('0123456789abcdef', 'hex')

/** A bag, by the last byte of its type: 1 a key, 2 a shrouded key, 3 a certificate. */
export function bag(type: number, value: Uint8Array): Buffer {
  return sequence(
    oid(`2a864886f70d010c0a01${type.toString(16).padStart(2, '0')}`),
    explicit(value),
    tlv(0x31),
  )
}

export function certificateBag(der: Uint8Array): Buffer {
  return bag(3, sequence(oid('2a864886f70d01091601'), explicit(octets(der))))
}

/** A certificate of another kind, which nobody has written for decades (RFC 7292 §4.2.3). */
export function sdsiCertificateBag(): Buffer {
  return bag(3, sequence(oid('2a864886f70d01091602'), explicit(tlv(0x16, Buffer.from('U0RTSQ==')))))
}

/** A part that says that it is encrypted for a key instead of by a passphrase. */
export function envelopedPart(): Buffer {
  return sequence(oid('2a864886f70d010703'), explicit(sequence(integer(0))))
}

/** The authenticated safe of parts that are not encrypted, each of some bags. */
export function writeSafe(...parts: readonly (readonly Uint8Array[])[]): Buffer {
  return sequence(...parts.map((bags) => sequence(data, explicit(octets(sequence(...bags))))))
}

/** A part that says that it is encrypted by the algorithm of these identifier and parameters. */
export function encryptedPart(identifier: string, parameters: Uint8Array, ciphertext: Uint8Array): Buffer {
  const algorithm = sequence(oid(identifier), parameters)
  const content = sequence(integer(0), sequence(data, algorithm, tlv(0x80, ciphertext)))
  return sequence(oid('2a864886f70d010706'), explicit(content))
}

/** Parameters of encryption in PKCS#12's own way. */
export function pkcs12Parameters(iterations: number): Buffer {
  return sequence(octets(salt), integer(iterations))
}

export interface SealOptions {
  readonly digest?: 'sha256' | 'sha512'
  readonly iterations?: number
  /** The iterations that the file names. Default: those that were done. */
  readonly named?: number
}

/** The PFX around an authenticated safe. */
export function seal(safe: Uint8Array, options: SealOptions = {}): Buffer {
  const { digest = 'sha256', iterations = 1, named = iterations } = options
  const hmac = sequence(hmacs[digest], Buffer.of(5, 0))
  const key = pbkdf2Sync(passphrase, salt, iterations, hmacBytes[digest], digest)
  const derivation = sequence(octets(salt), integer(named), integer(hmacBytes[digest]), hmac)
  const algorithm = sequence(
    oid('2a864886f70d01050e'),
    sequence(sequence(oid('2a864886f70d01050c'), derivation), hmac),
  )
  const code = octets(createHmac(digest, key).update(safe).digest())
  const mac = sequence(sequence(algorithm, code), octets(Buffer.from('NOT USED')), integer(1))
  return sequence(integer(3), sequence(data, explicit(octets(safe))), mac)
}

/** The same by PKCS#12's own MAC of SHA-1 in one iteration, which the file does not name (RFC 7292 §4, appendix B.2). */
export function sealOnce(safe: Uint8Array): Buffer {
  const fill = (bytes: Buffer): Buffer => Buffer.alloc(64, bytes)
  const spelled = Buffer.from(`${passphrase}\0`, 'utf16le').swap16()
  const key = createHash('sha1')
    .update(Buffer.concat([Buffer.alloc(64, 3), fill(salt), fill(spelled)]))
    .digest()
  const code = octets(createHmac('sha1', key).update(safe).digest())
  const mac = sequence(sequence(sequence(oid('2b0e03021a')), code), octets(salt))
  return sequence(integer(3), sequence(data, explicit(octets(safe))), mac)
}
