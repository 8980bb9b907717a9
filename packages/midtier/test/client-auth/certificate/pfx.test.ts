import { constants, generateKeyPairSync, verify, X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clientCertificate,
  type ClientCertificateOptions,
} from '../../../src/client-auth/certificate/certificate.ts'
import { clientCertificateFile } from '../../../src/client-auth/certificate/certificate-file.ts'
import { fromEnvironment } from '../../../src/client-auth/from-environment.ts'
import { readBinaryFile, readTextFile } from '../../../src/client-auth/read-text-file.node.ts'
import { ConfigurationError } from '../../../src/kernel/errors/errors.ts'
import { decodeJwt, factsAt, failureOf, HandClock, printed, write, writtenAssertion } from '../application.ts'
import { createCertificate, tlv } from '../certificates.ts'
import { certificates, passphrase, pfxFiles, unicodePassphrase } from '../pfx-fixtures.ts'
import {
  bag,
  certificateBag,
  encryptedPart,
  envelopedPart,
  pkcs12Parameters,
  sdsiCertificateBag,
  seal,
  sealOnce,
  writeSafe,
} from '../pfx-writer.ts'

const clock = new HandClock()
const facts = factsAt(clock)
const app = new X509Certificate(certificates.app)
const own = createCertificate('midtier')
const keyDer = own.privateKey.export({ type: 'pkcs8', format: 'der' })

function assertionOf(options: ClientCertificateOptions): Promise<string> {
  return writtenAssertion(clientCertificate({ clock, ...options }), facts)
}

function isSignedBy(jwt: string, certificate: X509Certificate): boolean {
  const [header, payload, signature = ''] = jwt.split('.')
  const key = { key: certificate.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  return verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))
}

async function refusalOf(options: ClientCertificateOptions): Promise<string> {
  const failure = await failureOf(Promise.resolve().then(() => assertionOf(options)))
  expect(failure).toBeInstanceOf(ConfigurationError)
  expect(printed(failure)).not.toContain(options.passphrase ?? '-----')
  return failure.message
}

describe('a PFX', () => {
  it.each([
    ['AES and SHA-256, as OpenSSL 3 writes it', pfxFiles.modern, passphrase],
    ['other sizes of AES, and SHA-512', pfxFiles.sha512, passphrase],
    ['triple DES and SHA-1, as Windows writes it', pfxFiles.tripleDes, passphrase],
    ['a chain', pfxFiles.chain, passphrase],
    ['a passphrase beyond ASCII', pfxFiles.unicode, unicodePassphrase],
    ['nothing encrypted, and SHA-384', pfxFiles.unencrypted, passphrase],
    ['an empty passphrase', pfxFiles.emptyPassphrase, ''],
    ['an empty passphrase, left out', pfxFiles.emptyPassphrase, undefined],
    ['no passphrase at all', pfxFiles.noPassphrase, undefined],
    ['no passphrase at all, given as an empty one', pfxFiles.noPassphrase, ''],
  ])('with %s signs for its certificate', async (_name, certificate, phrase) => {
    const jwt = await assertionOf({ certificate, passphrase: phrase })
    expect(isSignedBy(jwt, app)).toBe(true)
    expect(decodeJwt(jwt).header['x5t#S256']).toBe(
      Buffer.from(app.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    )
  })

  it.each(['sha256', 'sha512'] as const)('authenticated by PBMAC1 and %s is opened', async (digest) => {
    const safe = writeSafe([certificateBag(own.der)], [bag(1, keyDer)])
    const certificate = seal(safe, { digest, iterations: 1000 })
    expect(isSignedBy(await assertionOf({ certificate, passphrase }), new X509Certificate(own.der))).toBe(
      true,
    )
    expect(await refusalOf({ certificate, passphrase: 'another' })).toMatch(/option passphrase is wrong/)
  })

  it('authenticated in one iteration, which its MAC leaves out, is opened', async () => {
    const certificate = sealOnce(writeSafe([certificateBag(own.der)], [bag(1, keyDer)]))
    expect(isSignedBy(await assertionOf({ certificate, passphrase }), new X509Certificate(own.der))).toBe(
      true,
    )
  })

  it('that holds certificates of another kind as well is opened without them', async () => {
    const certificate = seal(writeSafe([sdsiCertificateBag(), certificateBag(own.der), bag(1, keyDer)]))
    const jwt = await assertionOf({ certificate, passphrase, sendX5c: true })
    expect(decodeJwt(jwt).header['x5c']).toEqual([own.der.toString('base64')])
  })

  it('is read as base64url', async () => {
    const certificate = pfxFiles.modern.toString('base64url')
    expect(certificate).toMatch(/[-_]/)
    const credential = clientCertificate({ certificate, passphrase })
    expect(await writtenAssertion(credential, factsAt(clock))).toMatch(/^eyJ/)
  })

  it('is read as base64, as Azure Key Vault and variables hold it', async () => {
    const certificate = pfxFiles.modern.toString('base64')
    expect(isSignedBy(await assertionOf({ certificate, passphrase }), app)).toBe(true)
    const wrapped = certificate.replace(/.{64}/g, '$&\r\n')
    expect(isSignedBy(await assertionOf({ certificate: wrapped, passphrase }), app)).toBe(true)
  })

  it('sends its certificates in the order of their issuers, whatever theirs is', async () => {
    const jwt = await assertionOf({ certificate: pfxFiles.chain, passphrase, sendX5c: true })
    const { app, issuing, root } = certificates
    expect(decodeJwt(jwt).header['x5c']).toEqual([app, issuing, root].map((der) => der.toString('base64')))
  })

  it('has its dates checked before an assertion is signed', async () => {
    const late = new HandClock()
    late.ms = Date.parse('2200-01-01T00:00:00Z')
    const credential = clientCertificate({ certificate: pfxFiles.modern, passphrase })
    await expect(write(credential, factsAt(late))).rejects.toThrow(/expired on 2126-/)
  })

  it('is shown to nobody who prints the credential', async () => {
    const credential = clientCertificate({ certificate: pfxFiles.modern, passphrase })
    await write(credential, facts)
    expect(printed(credential)).not.toContain(passphrase)
  })
})

describe('a PFX that cannot be opened', () => {
  it('for a wrong passphrase names the option, and shows neither passphrase nor key', async () => {
    for (const certificate of [pfxFiles.modern, pfxFiles.tripleDes, pfxFiles.noPassphrase])
      expect(await refusalOf({ certificate, passphrase: 'wrong horse' })).toBe(
        'clientCredential: the PFX cannot be opened: the option passphrase is wrong, or the file is damaged',
      )
  })

  it('for want of a passphrase asks for one', async () => {
    expect(await refusalOf({ certificate: pfxFiles.modern })).toBe(
      'clientCredential: the PFX is protected by a passphrase: set the option passphrase',
    )
  })

  it('because a bit of it was changed is refused before any of it is read', async () => {
    const certificate = Buffer.from(pfxFiles.unencrypted)
    const inside = certificate.indexOf(certificates.app)
    certificate[inside + 200]! ^= 1
    expect(await refusalOf({ certificate, passphrase })).toMatch(
      /passphrase is wrong, or the file is damaged/,
    )
  })

  it('for its old cipher is refused with the line that makes a PEM file of it, once the passphrase is right', async () => {
    expect(await refusalOf({ certificate: pfxFiles.rc2, passphrase })).toBe(
      'clientCredential: the PFX is made with RC2, which is not supported; make a PEM file of it once: openssl pkcs12 -legacy -in certificate.pfx -out certificate.pem -nodes',
    )
    expect(await refusalOf({ certificate: pfxFiles.rc2, passphrase: 'another' })).not.toMatch(/RC2/)
  })

  it.each([
    ['2a864886f70d010c0101', 'RC4'],
    ['2a864886f70d010c0102', 'RC4'],
    ['2a864886f70d010c0104', 'triple DES with two keys'],
    ['2a864886f70d010c0105', 'RC2'],
    ['2a864886f70d010c0106', 'RC2'],
    ['2a864886f70d010c0107', 'an encryption that is neither AES nor triple DES'],
  ])('for the cipher %s is told its name: %s', async (identifier, name) => {
    const part = encryptedPart(identifier, pkcs12Parameters(1), Buffer.alloc(16))
    expect(await refusalOf({ certificate: seal(tlv(0x30, part)), passphrase })).toContain(
      `the PFX is made with ${name}, which is not supported; make a PEM file of it once: `,
    )
  })

  it('with a part that is encrypted for a key is told so', async () => {
    expect(await refusalOf({ certificate: seal(tlv(0x30, envelopedPart())), passphrase })).toContain(
      'the PFX is made with a part that is encrypted for a key, which is not supported; ',
    )
  })

  it('without a MAC is refused at once', () => {
    expect(() => clientCertificate({ certificate: pfxFiles.noMac, passphrase })).toThrow(
      /is made with no MAC/,
    )
  })

  it('asking for more than a million iterations is refused before the first', async () => {
    const safe = writeSafe([certificateBag(own.der)], [bag(1, keyDer)])
    for (const named of [1_000_001, 0x7fffffffffff])
      expect(() => clientCertificate({ certificate: seal(safe, { named }), passphrase })).toThrow(
        /more than 1000000 iterations/,
      )
    expect(() => clientCertificate({ certificate: seal(safe, { named: 0 }), passphrase })).toThrow(/damaged/)
    const part = encryptedPart('2a864886f70d010c0103', pkcs12Parameters(2 ** 31), Buffer.alloc(16))
    const certificate = seal(Buffer.concat([Buffer.of(0x30, 0x82, 0, part.length), part]))
    expect(await refusalOf({ certificate, passphrase })).toMatch(/more than 1000000 iterations/)
  })

  it('with a part encrypted by another passphrase says so', async () => {
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'another horse' }
    const shrouded = own.privateKey.export({ type: 'pkcs8', format: 'der', ...cipher })
    const certificate = seal(writeSafe([certificateBag(own.der), bag(2, shrouded)]))
    expect(await refusalOf({ certificate, passphrase })).toMatch(/encrypted with another passphrase than/)
  })

  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  it.each([
    ['no private key', [certificateBag(own.der)], /holds no private key/],
    ['no certificate', [bag(1, keyDer)], /holds no certificate/],
    ['two keys', [certificateBag(own.der), bag(1, keyDer), bag(1, keyDer)], /more than one private key/],
    ['another certificate', [certificateBag(createCertificate('other').der), bag(1, keyDer)], /not belong/],
    [
      'an elliptic key',
      [certificateBag(own.der), bag(1, elliptic.export({ type: 'pkcs8', format: 'der' }))],
      /not an RSA key/,
    ],
    ['a damaged certificate', [certificateBag(own.der.subarray(0, 40)), bag(1, keyDer)], /is damaged/],
  ])('because it holds %s says so', async (_name, bags, message) => {
    expect(await refusalOf({ certificate: seal(writeSafe(bags)), passphrase })).toMatch(message)
  })

  it('of another version, or signed, or with another MAC is refused at once', () => {
    const pfx = seal(writeSafe([certificateBag(own.der), bag(1, keyDer)]))
    const altered = (from: string, to: string): Buffer => {
      const hex = pfx.toString('hex')
      expect(hex).toContain(from)
      return Buffer.from(hex.replace(from, to), 'hex')
    }
    const open = (certificate: Uint8Array) => () => clientCertificate({ certificate, passphrase })
    expect(open(pfx)).not.toThrow()
    expect(open(altered('020103', '020104'))).toThrow(/is damaged, or not a PFX/)
    expect(open(altered('2a864886f70d010701', '2a864886f70d010702'))).toThrow(
      /made with a signature in place of a passphrase/,
    )
    expect(open(altered('2a864886f70d01050e', '2a864886f70d01050f'))).toThrow(
      /made with a MAC that is not of SHA-1 or SHA-2/,
    )
  })

  it('has sixteen parts at most', async () => {
    const parts = (count: number): Buffer => {
      const empty = Array.from({ length: count - 2 }, () => [])
      return seal(writeSafe([certificateBag(own.der)], [bag(1, keyDer)], ...empty))
    }
    expect(
      isSignedBy(await assertionOf({ certificate: parts(16), passphrase }), new X509Certificate(own.pem)),
    ).toBe(true)
    expect(await refusalOf({ certificate: parts(17), passphrase })).toMatch(/is damaged/)
  })

  it('for its length is not read', async () => {
    expect(await refusalOf({ certificate: Buffer.alloc(1_048_577, 0x30) })).toMatch(
      /longer than 1048576 bytes/,
    )
    expect(await refusalOf({ certificate: 'M'.repeat(1_400_000) })).toMatch(/longer than 1048576 bytes/)
  })

  it('in BER, as it is allowed to be, is refused with a line to try', async () => {
    const certificate = Buffer.from('3080020103308000000000', 'hex')
    expect(await refusalOf({ certificate })).toMatch(/not a PFX in DER; try .* openssl pkcs12 -in/)
  })

  it('is not given a private key apart as well', () => {
    expect(() =>
      clientCertificate({ certificate: pfxFiles.modern, privateKey: own.keyPem, passphrase }),
    ).toThrow(/leave privateKey out/)
  })
})

describe('a PFX file', () => {
  let directory: string
  let path: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pfx-'))
    path = join(directory, 'app.pfx')
    await writeFile(path, pfxFiles.modern)
  })
  afterAll(() => rm(directory, { recursive: true }))

  it('is read as bytes, and again for the next assertion when it was renewed', async () => {
    const renewed = join(directory, 'renewed.pfx')
    await writeFile(renewed, pfxFiles.modern)
    const moved = new HandClock()
    const credential = clientCertificateFile({ path: renewed, passphrase, readFile: readBinaryFile })
    expect(isSignedBy(await writtenAssertion(credential, factsAt(moved)), app)).toBe(true)
    await writeFile(renewed, seal(writeSafe([certificateBag(own.der), bag(1, keyDer)])))
    moved.advanceSeconds(300)
    const next = await writtenAssertion(credential, factsAt(moved))
    expect(isSignedBy(next, new X509Certificate(own.der))).toBe(true)
  })

  it('is told by what is in it, not by its name', async () => {
    const named = join(directory, 'pem.pfx')
    await writeFile(named, own.pem + own.keyPem)
    const credential = clientCertificateFile({ path: named, readFile: readBinaryFile })
    expect(decodeJwt(await writtenAssertion(credential, facts)).header['x5t#S256']).toBe(own.thumbprint)
  })

  it('that was read as text is refused with what reads it as bytes', async () => {
    const credential = clientCertificateFile({ path, passphrase, readFile: readTextFile })
    await expect(write(credential, facts)).rejects.toThrow(/readBinaryFile of 'midtier\/node'/)
  })

  it('is named when it cannot be opened', async () => {
    const credential = clientCertificateFile({ path, passphrase: 'another', readFile: readBinaryFile })
    const failure = await failureOf(write(credential, facts))
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(failure.message).toContain(`${path} cannot be opened: the option passphrase is wrong`)
  })

  it('of absurd length is not read', async () => {
    const long = join(directory, 'long.pfx')
    await writeFile(long, Buffer.alloc(1_048_577))
    await expect(readBinaryFile(long)).rejects.toThrow(RangeError)
  })

  it('comes from the environment, too, by what reads token files as well', async () => {
    const registration = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c' }
    const variables = {
      AZURE_CLIENT_CERTIFICATE_PATH: path,
      AZURE_CLIENT_CERTIFICATE_PASSWORD: passphrase,
    }
    const ports = { readFile: readBinaryFile }
    const { clientCredential } = fromEnvironment({ ...registration, ...variables }, ports)
    expect(isSignedBy(await writtenAssertion(clientCredential, facts), app)).toBe(true)
    const token = join(directory, 'token')
    const jwt = 'e30.e30.c2ln'
    await writeFile(token, jwt)
    const federated = fromEnvironment({ ...registration, AZURE_FEDERATED_TOKEN_FILE: token }, ports)
    expect(await writtenAssertion(federated.clientCredential, facts)).toBe(jwt)
  })
})
