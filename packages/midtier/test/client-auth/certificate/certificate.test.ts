import { generateKeyPairSync, verify, constants, X509Certificate } from 'node:crypto'
import { compactVerify } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import {
  clientCertificate,
  type ClientCertificateOptions,
} from '../../../src/client-auth/certificate/certificate.ts'
import type { ClientCredential } from '../../../src/client-auth/client-credential.ts'
import { ConfigurationError } from '../../../src/kernel/errors/errors.ts'
import {
  decodeJwt,
  factsAt,
  failureOf,
  HandClock,
  printed,
  tokenEndpoint,
  write,
  writtenAssertion,
} from '../application.ts'
import { createCertificate } from '../certificates.ts'

const own = createCertificate('midtier')
const other = createCertificate('issuer')
const passphrase = 'correct horse battery staple'
const clock = new HandClock()

function credentialOf(options: Partial<ClientCertificateOptions> = {}): ClientCredential {
  return clientCertificate({ certificate: own.pem, privateKey: own.keyPem, clock, ...options })
}

function failureAtCreation(options: Partial<ClientCertificateOptions>): Error {
  try {
    credentialOf(options)
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('It should have been refused')
}

describe('the assertion of a certificate', () => {
  it('is what Entra asks for: PS256 by the certificate of the thumbprint, for this endpoint, for ten minutes', async () => {
    const parameters = await write(credentialOf(), factsAt(clock))
    expect(parameters.get('client_assertion_type')).toBe(
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    )
    const jwt = parameters.get('client_assertion') ?? ''
    await expect(compactVerify(jwt, own.publicKey, { algorithms: ['PS256'] })).resolves.toBeDefined()
    const { header, payload } = decodeJwt(jwt)
    expect(header).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': own.thumbprint })
    const now = Date.parse('2027-01-15T12:00:00Z') / 1000
    expect(payload).toEqual({
      aud: tokenEndpoint,
      iss: 'the-client',
      sub: 'the-client',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      iat: now,
      nbf: now,
      exp: now + 600,
    })
  })

  it('is signed with a salt as long as the digest (RFC 7518 §3.5)', async () => {
    const [header, payload, signature = ''] = (await writtenAssertion(credentialOf(), factsAt(clock))).split(
      '.',
    )
    const key = { key: own.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    const input = Buffer.from(`${header}.${payload}`)
    expect(verify('sha256', input, key, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  it('sends the certificates along when asked to, its own first, wherever it stands in the text', async () => {
    const jwt = await writtenAssertion(
      credentialOf({ certificate: other.pem + own.pem, sendX5c: true }),
      factsAt(clock),
    )
    const { header } = decodeJwt(jwt)
    expect(header['x5c']).toEqual([own.der.toString('base64'), other.der.toString('base64')])
    expect(header['x5t#S256']).toBe(own.thumbprint)
  })

  it('is reused until five minutes before its end, and not a moment longer', async () => {
    const moved = new HandClock()
    const credential = credentialOf()
    const first = await writtenAssertion(credential, factsAt(moved))
    moved.advanceSeconds(299)
    expect(await writtenAssertion(credential, factsAt(moved))).toBe(first)
    moved.advanceSeconds(1)
    expect(await writtenAssertion(credential, factsAt(moved))).not.toBe(first)
  })

  it('is made anew when the clock was put back, so that it is never too early', async () => {
    const moved = new HandClock()
    const credential = credentialOf()
    const first = await writtenAssertion(credential, factsAt(moved))
    moved.advanceSeconds(-3600)
    expect(await writtenAssertion(credential, factsAt(moved))).not.toBe(first)
  })

  it('is of one endpoint and one client alone', async () => {
    const credential = credentialOf()
    const first = await writtenAssertion(credential, factsAt(clock))
    const elsewhere = `${tokenEndpoint}?other`
    const second = await writtenAssertion(credential, factsAt(clock, { tokenEndpoint: elsewhere }))
    const third = await writtenAssertion(credential, factsAt(clock, { clientId: 'another' }))
    expect(new Set([first, second, third]).size).toBe(3)
    expect(decodeJwt(second).payload['aud']).toBe(elsewhere)
    expect(decodeJwt(third).payload['sub']).toBe('another')
  })

  it('is signed once for requests at the same time', async () => {
    const credential = credentialOf()
    const assertions = await Promise.all(
      Array.from({ length: 20 }, () => writtenAssertion(credential, factsAt(clock))),
    )
    expect(new Set(assertions).size).toBe(1)
  })
})

describe('a certificate that the authority refused', () => {
  it('is not tried again with an assertion that was signed just now', async () => {
    const credential = credentialOf()
    const facts = factsAt(new HandClock())
    const parameters = await write(credential, facts)
    expect(await credential.rejected?.(parameters, facts)).toBe(false)
  })

  it('is tried again with a new assertion when the refused one was an old one', async () => {
    const moved = new HandClock()
    const credential = credentialOf()
    const first = await write(credential, factsAt(moved))
    moved.advanceSeconds(60)
    expect(await credential.rejected?.(first, factsAt(moved))).toBe(true)
    expect(await writtenAssertion(credential, factsAt(moved))).not.toBe(first.get('client_assertion'))
    expect(await credential.rejected?.(first, factsAt(moved))).toBe(true) // another request with the old one
  })
})

describe('a certificate and its key', () => {
  const both = own.pem + own.keyPem
  const base64 = (content: string | Buffer): string => Buffer.from(content).toString('base64')
  const base64url = (content: string | Buffer): string => Buffer.from(content).toString('base64url')
  const windows = (text: string): string => text.replaceAll('\n', '\r\n')

  it.each<[string, Partial<ClientCertificateOptions>]>([
    ['one text', { certificate: both, privateKey: undefined }],
    ['one text of Windows', { certificate: windows(both), privateKey: undefined }],
    ['the base64 of a whole text', { certificate: base64(both), privateKey: undefined }],
    ['the base64url of a whole text', { certificate: base64url(both), privateKey: undefined }],
    [
      'base64 that is broken into lines',
      { certificate: base64(both).replace(/.{76}/g, '$&\r\n'), privateKey: undefined },
    ],
    ['two texts in base64', { certificate: base64(own.pem), privateKey: base64(own.keyPem) }],
    ['line breaks written as \\n', { certificate: both.replaceAll('\n', '\\n'), privateKey: undefined }],
    [
      'line breaks written as \\r\\n',
      { certificate: both.replaceAll('\n', '\\r\\n'), privateKey: undefined },
    ],
    ['DER beside a key', { certificate: new Uint8Array(own.der) }],
    ['DER in base64 beside a key', { certificate: base64(own.der) }],
    [
      'DER in base64url beside a key in base64',
      { certificate: base64url(own.der), privateKey: base64(own.keyPem) },
    ],
    ['the bytes of a text', { certificate: Buffer.from(both), privateKey: undefined }],
  ])('are read from %s', async (_what, options) => {
    const jwt = await writtenAssertion(credentialOf(options), factsAt(clock))
    expect(decodeJwt(jwt).header['x5t#S256']).toBe(own.thumbprint)
    await expect(compactVerify(jwt, own.publicKey)).resolves.toBeDefined()
  })

  it.each<[string, Partial<ClientCertificateOptions>, RegExp]>([
    ['DER without a key', { certificate: own.der, privateKey: undefined }, /holds no private key/],
    [
      'DER that is cut short',
      { certificate: own.der.subarray(0, 300) },
      /certificate cannot be read: it is damaged/,
    ],
    ['base64 of something else', { certificate: base64('hello'.repeat(100)) }, /holds no certificate/],
  ])('are asked for by what is wrong with %s', (_what, options, message) => {
    expect(failureAtCreation(options).message).toMatch(message)
  })
})

describe('a private key', () => {
  const text = (type: 'pkcs1' | 'pkcs8', encrypted = false): string =>
    own.privateKey
      .export({ type, format: 'pem', ...(encrypted ? { cipher: 'aes-256-cbc', passphrase } : {}) } as never)
      .toString()

  it.each([
    ['PKCS#8', { privateKey: text('pkcs8') }],
    ['PKCS#1', { privateKey: text('pkcs1') }],
    ['encrypted PKCS#8', { privateKey: text('pkcs8', true), passphrase }],
    ['one text with the certificate', { certificate: `${own.pem}${text('pkcs8')}`, privateKey: undefined }],
    ['line breaks of an environment variable', { privateKey: text('pkcs8').replaceAll('\n', '\\n') }],
    ['line breaks of Windows', { privateKey: text('pkcs8').replaceAll('\n', '\r\n') }],
  ])('is read as %s', async (_name, options) => {
    const jwt = await writtenAssertion(credentialOf(options), factsAt(clock))
    await expect(compactVerify(jwt, own.publicKey)).resolves.toBeDefined()
  })

  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()

  it.each([
    ['absent certificate', { certificate: undefined }, /certificate is missing/],
    ['blank certificate', { certificate: ' \n' }, /certificate is missing/],
    ['empty certificate', { certificate: new Uint8Array() }, /certificate is missing/],
    ['text without a certificate', { certificate: own.keyPem }, /holds no certificate/],
    ['text without a key', { certificate: own.pem, privateKey: undefined }, /holds no private key/],
    ['the key of another certificate', { privateKey: other.keyPem }, /does not belong to the certificate/],
    ['an encrypted key without passphrase', { privateKey: text('pkcs8', true) }, /there is no passphrase/],
    [
      'a key encrypted in the old way',
      { privateKey: text('pkcs1', true), passphrase },
      /openssl pkcs8 -topk8/,
    ],
    ['an elliptic key', { privateKey: elliptic }, /not an RSA key/],
    [
      'a damaged certificate',
      { certificate: own.pem.replace(/^MII.{20}/m, 'MIIAAAAAAAAAAAAAAAAAAAA') },
      /certificate cannot be read/,
    ],
    [
      'a truncated key',
      { privateKey: own.keyPem.replace(/(\n.{64}){10}/, '') },
      /private key cannot be read/,
    ],
    ['an option that nobody knows', { passphras: 'x' } as never, /did you mean 'passphrase'/],
  ])('%s is told at start-up, without a character of the key', (_name, options, message) => {
    const failure = failureAtCreation(options)
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(failure.message).toMatch(message)
    expect(printed(failure)).not.toContain(own.keyPem.split('\n')[3])
  })

  it('encrypted by an algorithm that is out of use is told with the line that converts it', async () => {
    const options = { type: 'pkcs8', format: 'pem', cipher: 'des-ede3-cbc', passphrase } as const
    const privateKey = own.privateKey.export(options).toString()
    await expect(write(credentialOf({ privateKey, passphrase }), factsAt(clock))).rejects.toThrow(
      /openssl pkcs8 -topk8 -v2 aes256/,
    )
  })

  it('is not blamed for what the platform cannot do', async () => {
    const absent = new TypeError('this platform has no such thing')
    for (const method of ['importKey', 'sign', 'decrypt'] as const) {
      const platform = vi.spyOn(crypto.subtle, method).mockRejectedValue(absent)
      const credential = credentialOf({ privateKey: text('pkcs8', true), passphrase })
      expect(await failureOf(write(credential, factsAt(clock)))).toBe(absent)
      platform.mockRestore()
    }
  })

  it('with a wrong passphrase is told at the first use', async () => {
    const credential = credentialOf({ privateKey: text('pkcs8', true), passphrase: 'wrong horse' })
    const failure = await failureOf(write(credential, factsAt(clock)))
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(printed(failure)).not.toMatch(/horse/)
  })

  it('is shown to nobody who prints the credential, and neither is the assertion', async () => {
    const credential = credentialOf()
    const assertion = await writtenAssertion(credential, factsAt(clock))
    expect(printed(credential)).not.toContain(own.keyPem.split('\n')[3])
    expect(printed(credential)).not.toContain(assertion.split('.')[2])
  })
})

describe('the dates of a certificate', () => {
  it('are read as the platform reads them', () => {
    expect(new X509Certificate(own.pem).validTo).toMatch('Jan  1 00:00:00 2028')
    const expired = new HandClock()
    expired.ms = Date.parse('2028-01-01T00:00:01Z')
    expect(() => credentialOf({ clock: expired })).toThrow(/expired on 2028-01-01T00:00:00Z/)
  })

  it('may be yet to come for a clock that shows no time yet, as that of Workers before the first request', () => {
    const clock = new HandClock()
    clock.ms = 0
    expect(credentialOf({ clock }).kind).toBe('certificate')
  })

  it('are those of the certificate that the key is for, once that is known', async () => {
    const older = createCertificate('issuer', { notAfter: Date.parse('2027-12-31T00:00:00Z') })
    const privateKey = own.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString()
    const end = Date.parse('2028-01-01T00:00:00Z')
    const ends = async (certificate: string, encrypted: boolean): Promise<readonly unknown[]> => {
      const credential = credentialOf({ certificate, ...(encrypted ? { privateKey, passphrase } : {}) })
      const before = credential.expiresAtMs?.()
      await write(credential, factsAt(clock))
      return [before, credential.expiresAtMs?.()]
    }
    expect(await ends(own.pem, false)).toEqual([end, end])
    expect(await ends(own.pem, true)).toEqual([end, end])
    expect(await ends(older.pem + own.pem, false)).toEqual([end, end])
    expect(await ends(older.pem + own.pem, true)).toEqual([undefined, end])
  })

  it('are checked before an assertion is signed, too', async () => {
    const moved = new HandClock()
    const credential = credentialOf()
    moved.ms = Date.parse('2028-02-01T00:00:00Z')
    await expect(write(credential, factsAt(moved))).rejects.toThrow(/expired on 2028-01-01/)
    moved.ms = Date.parse('2025-12-31T00:00:00Z')
    await expect(write(credential, factsAt(moved))).rejects.toThrow(/not valid before 2026-01-01/)
  })

  it('are those of a certificate that is good from its first instant to its last', async () => {
    const moved = new HandClock()
    const [first, last] = [Date.parse('2026-01-01T00:00:00Z'), Date.parse('2028-01-01T00:00:00Z')]
    const outcomes: string[] = []
    for (moved.ms of [first - 1, first, last, last + 1])
      outcomes.push(
        await write(credentialOf({ clock }), factsAt(moved)).then(
          () => 'good',
          (error: unknown) => (error as Error).message,
        ),
      )
    expect(outcomes).toEqual([
      'clientCredential: the certificate is not valid before 2026-01-01T00:00:00Z',
      'good',
      'good',
      'clientCredential: the certificate expired on 2028-01-01T00:00:00Z',
    ])
  })
})
