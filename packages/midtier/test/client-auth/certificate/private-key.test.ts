// Private keys in PEM: each form that tools write, each encryption, and each that is refused with a line that helps.
import { createCipheriv, generateKeyPairSync, pbkdf2Sync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parsePem, type PemBlock } from '../../../src/client-auth/certificate/pem.ts'
import { type PrivateKey, readPrivateKey } from '../../../src/client-auth/certificate/private-key.ts'
import { ConfigurationError } from '../../../src/kernel/errors/errors.ts'
import { tlv } from '../certificates.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
const modulus = Buffer.from(privateKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')

const oid = (hex: string): Buffer => tlv(6, Buffer.from(hex, 'hex'))
const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts)
const nothing = Buffer.of(5, 0)

const hmacs = {
  sha1: '2a864886f70d0207',
  sha256: '2a864886f70d0209',
  sha384: '2a864886f70d020a',
  sha512: '2a864886f70d020b',
}
const ciphers = { 128: '60864801650304 0102', 192: '60864801650304 0116', 256: '60864801650304 012a' }

interface Encryption {
  readonly hash?: keyof typeof hmacs
  readonly bits?: keyof typeof ciphers
  /** What the text names, where it is not what was done. */
  readonly named?: Partial<Record<'scheme' | 'derivation' | 'cipher' | 'hmac', string>>
  readonly iterations?: Buffer
  readonly leavesOutTheHash?: boolean
  readonly hasKeyLength?: boolean
}

/** An EncryptedPrivateKeyInfo (RFC 5958 §3) for the passphrase "the-passphrase". */
function encrypted(options: Encryption = {}): Buffer {
  const { hash = 'sha256', bits = 256, named = {}, iterations = tlv(2, Buffer.from('0800', 'hex')) } = options
  const [salt, iv] = [randomBytes(16), randomBytes(16)]
  const key = pbkdf2Sync('the-passphrase', salt, 2048, bits / 8, hash)
  const cipher = createCipheriv(`aes-${bits}-cbc`, key, iv)
  const hmac = sequence(oid(named.hmac ?? hmacs[hash]), nothing)
  const derivation = sequence(
    oid(named.derivation ?? '2a864886f70d01050c'),
    sequence(
      tlv(4, salt),
      iterations,
      ...(options.hasKeyLength === true ? [tlv(2, Buffer.of(bits / 8))] : []),
      ...(options.leavesOutTheHash === true ? [] : [hmac]),
    ),
  )
  const scheme = sequence(oid((named.cipher ?? ciphers[bits]).replace(' ', '')), tlv(4, iv))
  return sequence(
    sequence(oid(named.scheme ?? '2a864886f70d01050d'), sequence(derivation, scheme)),
    tlv(4, Buffer.concat([cipher.update(pkcs8), cipher.final()])),
  )
}

const blockOf = (label: string, der: Uint8Array, legacyEncryption = false): PemBlock => ({
  label,
  der,
  legacyEncryption,
})

async function decrypt(der: Uint8Array, passphrase = 'the-passphrase'): Promise<PrivateKey> {
  const key = readPrivateKey([blockOf('ENCRYPTED PRIVATE KEY', der)], passphrase)
  if (typeof key !== 'function') throw new Error('It is read without being decrypted')
  return key()
}

describe('a private key', () => {
  it.each([
    ['PRIVATE KEY', pkcs8],
    ['RSA PRIVATE KEY', privateKey.export({ type: 'pkcs1', format: 'der' })],
  ])('is read from a %s', (label, der) => {
    const key = readPrivateKey([blockOf('CERTIFICATE', Buffer.of(1)), blockOf(label, der)], undefined)
    expect(key).not.toBeTypeOf('function')
    const { pkcs8: read, modulus: ofKey } = key as PrivateKey
    expect(Buffer.from(read).equals(pkcs8)).toBe(true)
    expect(BigInt(`0x${ofKey}`)).toBe(BigInt(`0x${modulus}`))
  })

  const combinations = (['sha1', 'sha256', 'sha384', 'sha512'] as const).flatMap((hash) =>
    ([128, 192, 256] as const).map((bits) => ({ hash, bits })),
  )
  it.each(combinations)('is decrypted by $bits bits of AES and PBKDF2 of $hash', async (options) => {
    expect(Buffer.from((await decrypt(encrypted(options))).pkcs8).equals(pkcs8)).toBe(true)
    const withLength = await decrypt(encrypted({ ...options, hasKeyLength: true }))
    expect(BigInt(`0x${withLength.modulus}`)).toBe(BigInt(`0x${modulus}`))
  })

  it('is derived by SHA-1 when nothing is said', async () => {
    const { pkcs8: read } = await decrypt(encrypted({ hash: 'sha1', leavesOutTheHash: true }))
    expect(Buffer.from(read).equals(pkcs8)).toBe(true)
    await expect(decrypt(encrypted({ hash: 'sha256', leavesOutTheHash: true }))).rejects.toThrow(/passphrase/)
  })

  it('is not decrypted by another passphrase, nor for want of one', async () => {
    await expect(decrypt(encrypted(), 'another')).rejects.toThrow(
      /the passphrase of the private key is wrong/,
    )
    for (const passphrase of [undefined, ''])
      expect(() => readPrivateKey([blockOf('ENCRYPTED PRIVATE KEY', encrypted())], passphrase)).toThrow(
        /encrypted and there is no passphrase/,
      )
  })

  it.each<[string, Encryption]>([
    ['by another scheme', { named: { scheme: '2a864886f70d01050a' } }],
    ['with another derivation', { named: { derivation: '2b06010401da47040b' } }],
    ['by another cipher', { named: { cipher: '2a864886f70d0307' } }],
    ['with another HMAC', { named: { hmac: '2a864886f70d0205' } }],
    ['in ten million and one iterations', { iterations: tlv(2, Buffer.from('00989681', 'hex')) }],
    ['in no iteration', { iterations: tlv(2, Buffer.of(0)) }],
  ])('that is encrypted %s is refused with the line that converts it', async (_how, options) => {
    const refused = decrypt(encrypted(options))
    await expect(refused).rejects.toThrow(/openssl pkcs8 -topk8 -v2 aes256/)
    await expect(refused).rejects.toBeInstanceOf(ConfigurationError)
  })

  it.each<[string, readonly PemBlock[], RegExp]>([
    ['none at all', [blockOf('CERTIFICATE', pkcs8)], /holds no private key/],
    ['one in the old way of OpenSSL', [blockOf('RSA PRIVATE KEY', pkcs8, true)], /old way of OpenSSL/],
    ['one of another kind, by its label', [blockOf('EC PRIVATE KEY', pkcs8)], /not an RSA key/],
    [
      'one of another kind',
      [blockOf('PRIVATE KEY', elliptic.export({ type: 'pkcs8', format: 'der' }))],
      /not an RSA key/,
    ],
    ['a damaged one', [blockOf('PRIVATE KEY', pkcs8.subarray(0, -1))], /damaged/],
    ['a damaged one of PKCS#1', [blockOf('RSA PRIVATE KEY', Buffer.of(2, 1, 0))], /damaged/],
  ])('is not %s', (_what, blocks, message) => {
    const read = (): unknown => readPrivateKey(blocks, 'the-passphrase')
    expect(read).toThrow(ConfigurationError)
    expect(read).toThrow(message)
  })

  it('that was damaged before it was encrypted is said to be damaged', async () => {
    const iv = Buffer.alloc(16)
    const key = pbkdf2Sync('the-passphrase', iv, 1, 32, 'sha256')
    const cipher = createCipheriv('aes-256-cbc', key, iv)
    const derivation = sequence(
      oid('2a864886f70d01050c'),
      sequence(tlv(4, iv), tlv(2, Buffer.of(1)), sequence(oid(hmacs.sha256), nothing)),
    )
    const algorithm = sequence(derivation, sequence(oid('60864801650304012a'), tlv(4, iv)))
    const content = Buffer.concat([cipher.update('no key'), cipher.final()])
    const der = sequence(sequence(oid('2a864886f70d01050d'), algorithm), tlv(4, content))
    await expect(decrypt(der)).rejects.toThrow(/damaged/)
  })
})

describe('PEM text', () => {
  const block = (label: string, body: string, end = label): string =>
    `-----BEGIN ${label}-----\n${body}\n-----END ${end}-----\n`

  it('has blocks, whatever stands between them', () => {
    const text = `Bag Attributes\n${block('A', 'AQID')}subject=/CN=x\n${block('B C', 'BAU\n=\n')}`
    expect(parsePem(text)).toEqual([
      { label: 'A', der: Uint8Array.of(1, 2, 3), legacyEncryption: false },
      { label: 'B C', der: Uint8Array.of(4, 5), legacyEncryption: false },
    ])
  })

  it.each(['\n', '\r\n', '\\n', '\\r\\n', '\u00a0\n'])('may have %j for its line breaks', (lineBreak) => {
    const text = block('A', 'AQ\nID').replaceAll('\n', lineBreak)
    expect(parsePem(text)).toMatchObject([{ label: 'A', der: Uint8Array.of(1, 2, 3) }])
  })

  it.each([
    ['Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00', true],
    ['X-Proc-Type: 4,ENCRYPTED', false],
    ['Comment: none', false],
  ])('may have headers in a block: %j', (headers, legacyEncryption) => {
    expect(parsePem(block('A', `${headers}\n\nAQID`))).toEqual([
      { label: 'A', der: Uint8Array.of(1, 2, 3), legacyEncryption },
    ])
  })

  it.each([
    ['what is not base64', block('A', '!!!')],
    ['an empty block', block('A', '')],
    ['a block that ends as another', block('A', 'AQID', 'B')],
    ['a label of 41 characters', block('A'.repeat(41), 'AQID')],
    ['a label in small letters', block('a', 'AQID')],
  ])('has no block of %s', (_what, text) => {
    expect(parsePem(text)).toEqual([])
    expect(parsePem(text + block('C', 'AQID'))).toHaveLength(1)
  })

  it('of more than 262 144 characters is not looked at', () => {
    const text = block('A', 'AQID')
    expect(parsePem(text.padEnd(262_144))).toHaveLength(1)
    expect(parsePem(text.padEnd(262_145))).toHaveLength(0)
  })
})
