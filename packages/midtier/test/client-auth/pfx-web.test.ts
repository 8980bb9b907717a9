import { describe, expect, it, vi } from 'vitest'
import { clientCertificate } from '../../src/client-auth/certificate/certificate.ts'
import { factsAt, HandClock, writtenAssertion } from './application.ts'
import { passphrase, pfxFiles } from './pfx-fixtures.ts'

// What `#crypto` stands for on runtimes other than Node.
vi.mock('../../src/kernel/crypto/crypto.node.ts', () => import('../../src/kernel/crypto/crypto.web.ts'))

const facts = factsAt(new HandClock())
const assertionOf = (certificate: Uint8Array): Promise<string> =>
  writtenAssertion(clientCertificate({ certificate, passphrase }), facts)

describe('a PFX by web standards alone', () => {
  it.each(['modern', 'sha512', 'chain', 'unencrypted'] as const)('opens: %s', async (name) => {
    expect(await assertionOf(pfxFiles[name])).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{342}$/)
  })

  it('in triple DES is refused with the line that makes a PEM file of it', async () => {
    await expect(assertionOf(pfxFiles.tripleDes)).rejects.toThrow(
      'the PFX is made with triple DES, which is not supported; make a PEM file of it once: openssl pkcs12 -legacy -in certificate.pfx',
    )
  })
})
