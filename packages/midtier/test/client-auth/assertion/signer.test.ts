import { constants, sign as signBytes } from 'node:crypto'
import { compactVerify } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { clientSigner, type Sign } from '../../../src/client-auth/assertion/signer.ts'
import { AuthorityUnavailableError, ConfigurationError } from '../../../src/kernel/errors/errors.ts'
import { decodeJwt, factsAt, failureOf, HandClock, printed, write, writtenAssertion } from '../application.ts'
import { createCertificate } from '../certificates.ts'

const vault = createCertificate('vault')
const key = { key: vault.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
const sign: Sign = async (input) => new Uint8Array(signBytes('sha256', input, key))
const facts = () => factsAt(new HandClock())

afterEach(() => {
  vi.useRealTimers()
})

describe('an external signer', () => {
  it.each([
    ['a certificate', { certificate: vault.pem }],
    ['a thumbprint in base64url', { thumbprint: vault.thumbprint }],
    [
      'a thumbprint as portals show it',
      { thumbprint: Buffer.from(vault.thumbprint, 'base64url').toString('hex').toUpperCase() },
    ],
    [
      'a thumbprint as OpenSSL shows it',
      {
        thumbprint: Buffer.from(vault.thumbprint, 'base64url')
          .toString('hex')
          .replace(/..(?=.)/g, '$&:'),
      },
    ],
    ['a thumbprint in padded base64url', { thumbprint: ` ${vault.thumbprint}=\n` }],
  ])('signs for %s without the key leaving it', async (_name, identity) => {
    const jwt = await writtenAssertion(clientSigner({ sign, ...identity }), facts())
    await expect(compactVerify(jwt, vault.publicKey, { algorithms: ['PS256'] })).resolves.toBeDefined()
    expect(decodeJwt(jwt).header['x5t#S256']).toBe(vault.thumbprint)
  })

  it('sends the certificate along when asked to', async () => {
    const credential = clientSigner({ sign, certificate: vault.pem, sendX5c: true })
    const jwt = await writtenAssertion(credential, facts())
    expect(decodeJwt(jwt).header['x5c']).toEqual([vault.der.toString('base64')])
  })

  it('is told the algorithm, and asked once while the assertion is good', async () => {
    const algorithms: string[] = []
    const credential = clientSigner({
      thumbprint: vault.thumbprint,
      sign: (input, context) => {
        algorithms.push(context.algorithm)
        return sign(input, context)
      },
    })
    await Promise.all([write(credential, facts()), write(credential, facts())])
    await write(credential, facts())
    expect(algorithms).toEqual(['PS256'])
  })

  it('keeps what it signed for 256 tenants, and not for all where there are more', async () => {
    let calls = 0
    const credential = clientSigner({
      thumbprint: vault.thumbprint,
      sign: async () => {
        calls += 1
        return new Uint8Array(256)
      },
    })
    const clock = new HandClock()
    const signedFor = async (tenant: number): Promise<boolean> => {
      const before = calls
      await write(
        credential,
        factsAt(clock, { tenantId: `t${tenant}`, tokenEndpoint: `https://x.example/${tenant}` }),
      )
      return calls > before
    }
    for (let tenant = 0; tenant < 256; tenant += 1) expect(await signedFor(tenant)).toBe(true)
    for (let tenant = 0; tenant < 256; tenant += 1) expect(await signedFor(tenant)).toBe(false)
    expect(await signedFor(256)).toBe(true)
    let forgotten = 0
    for (let tenant = 0; tenant < 257; tenant += 1) forgotten += (await signedFor(tenant)) ? 1 : 0
    expect(forgotten).toBeGreaterThan(0)
  })

  it('that fails is an outage, which tells nothing of the request to the vault, and the next request asks again', async () => {
    let calls = 0
    const credential = clientSigner({
      thumbprint: vault.thumbprint,
      sign: async (input, context) => {
        calls += 1
        if (calls > 1) return sign(input, context)
        throw Object.assign(new Error('Bearer vault-token'), { code: 'ECONNRESET', request: 'vault-token' })
      },
    })
    const failure = await failureOf(write(credential, facts()))
    expect(failure).toBeInstanceOf(AuthorityUnavailableError)
    expect(failure.message).toBe('the signer of the client assertion failed (Error, ECONNRESET)')
    expect(printed(failure)).not.toContain('vault-token')
    expect(await writtenAssertion(credential, facts())).toMatch(/^ey/)
  })

  it('that hangs is given up and told so', async () => {
    let aborted = false
    const credential = clientSigner({
      thumbprint: vault.thumbprint,
      timeoutMs: 5,
      sign: (_input, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true
          })
        }),
    })
    await expect(write(credential, facts())).rejects.toThrow(/took longer than 5 ms/)
    expect(aborted).toBe(true)
  })

  it('has ten seconds where nothing else is said', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { signal, asked } = await new Promise<{ signal: AbortSignal; asked: Promise<unknown> }>(
      (resolve) => {
        const asked: Promise<unknown> = failureOf(
          write(
            clientSigner({
              thumbprint: vault.thumbprint,
              sign: (_input, context) => {
                setImmediate(() => resolve({ signal: context.signal, asked }))
                return new Promise(() => undefined)
              },
            }),
            facts(),
          ),
        )
      },
    )
    vi.advanceTimersByTime(9_999)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(signal.aborted).toBe(true)
    expect(await asked).toMatchObject({
      message: 'the signer of the client assertion took longer than 10000 ms',
      retryAfterSeconds: 5,
    })
  })

  it('that returns something else is ours to mend', async () => {
    const credential = clientSigner({ thumbprint: vault.thumbprint, sign: async () => new Uint8Array(32) })
    expect(await failureOf(write(credential, facts()))).toBeInstanceOf(ConfigurationError)
  })

  it.each([
    ['no identity', {}, /needs the certificate, or its SHA-256 thumbprint/],
    ['a SHA-1 thumbprint', { thumbprint: 'ab'.repeat(20) }, /not a SHA-256/],
    [
      'a chain to send but no certificate',
      { thumbprint: vault.thumbprint, sendX5c: true },
      /pass it as certificate/,
    ],
    ['a certificate that is none', { certificate: 'hello' }, /holds no certificate/],
  ])('with %s is refused at start-up', (_name, identity, message) => {
    expect(() => clientSigner({ sign, ...identity })).toThrow(message)
    expect(() => clientSigner({ sign, ...identity })).toThrow(ConfigurationError)
  })
})
