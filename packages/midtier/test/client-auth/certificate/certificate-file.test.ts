import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { clientCertificateFile } from '../../../src/client-auth/certificate/certificate-file.ts'
import { readBinaryFile, readTextFile } from '../../../src/client-auth/read-text-file.node.ts'
import { ConfigurationError } from '../../../src/kernel/errors/errors.ts'
import { decodeJwt, factsAt, failureOf, HandClock, write, writtenAssertion } from '../application.ts'
import { createCertificate } from '../certificates.ts'

const first = createCertificate('first')
const second = createCertificate('second')
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certificate-'))
})
afterAll(() => rm(directory, { recursive: true }))

const thumbprintOf = (jwt: string): unknown => decodeJwt(jwt).header['x5t#S256']

describe('a certificate file', () => {
  it('is read again for the next assertion, so that a renewal needs no restart', async () => {
    const path = join(directory, 'renewed.pem')
    await writeFile(path, first.pem + first.keyPem)
    const clock = new HandClock()
    const credential = clientCertificateFile({ path, readFile: readTextFile })
    expect(thumbprintOf(await writtenAssertion(credential, factsAt(clock)))).toBe(first.thumbprint)
    await writeFile(path, second.pem + second.keyPem)
    clock.advanceSeconds(300)
    expect(thumbprintOf(await writtenAssertion(credential, factsAt(clock)))).toBe(second.thumbprint)
  })

  it('is read again at once when the authority refuses the certificate', async () => {
    const path = join(directory, 'refused.pem')
    await writeFile(path, first.pem + first.keyPem)
    const facts = factsAt(new HandClock())
    const credential = clientCertificateFile({ path, readFile: readTextFile })
    const parameters = await write(credential, facts)
    expect(await credential.rejected?.(parameters, facts)).toBe(false)
    await writeFile(path, second.pem + second.keyPem)
    expect(await credential.rejected?.(parameters, facts)).toBe(true)
    expect(thumbprintOf(await writtenAssertion(credential, facts))).toBe(second.thumbprint)
  })

  it.each([
    ['text', (text: string) => text],
    ['bytes', (text: string) => new Uint8Array(Buffer.from(text))],
  ])(
    'read as %s has its key read again when a character of it was changed, and only then',
    async (_as, read) => {
      let content: string | Uint8Array = ''
      const readFile = () => Promise.resolve(content)
      const clock = new HandClock()
      const credential = clientCertificateFile({ path: 'x', readFile })
      const keys = vi.spyOn(crypto.subtle, 'importKey')
      const use = async (text: string): Promise<readonly unknown[]> => {
        content = read(text)
        keys.mockClear()
        clock.advanceSeconds(300)
        return [thumbprintOf(await writtenAssertion(credential, factsAt(clock))), keys.mock.calls.length]
      }
      const length = Math.max(...[first, second].map(({ pem, keyPem }) => (pem + keyPem).length))
      const [one, other] = [first, second].map(({ pem, keyPem }) => (pem + keyPem).padEnd(length, '\n'))
      expect(await use(one!)).toEqual([first.thumbprint, 1])
      expect(await use(one!)).toEqual([first.thumbprint, 0])
      expect(await use(other!)).toEqual([second.thumbprint, 1])
      expect(await use(other!)).toEqual([second.thumbprint, 0])
      expect(await use(`${one!}\n`)).toEqual([first.thumbprint, 1])
      expect(await use(one!)).toEqual([first.thumbprint, 1])
      keys.mockRestore()
    },
  )

  it('read as text once and as bytes the next time is read for what it is', async () => {
    let content: string | Uint8Array = ''
    const readFile = () => Promise.resolve(content)
    const clock = new HandClock()
    const credential = clientCertificateFile({ path: 'x', readFile })
    for (const { pem, keyPem, thumbprint } of [first, second, first]) {
      content = typeof content === 'string' ? Buffer.from(pem + keyPem) : pem + keyPem
      clock.advanceSeconds(300)
      expect(thumbprintOf(await writtenAssertion(credential, factsAt(clock)))).toBe(thumbprint)
    }
  })

  it.each([undefined, '', ' '])('whose path is %j is refused at once', (path) => {
    expect(() => clientCertificateFile({ path, readFile: readTextFile })).toThrow(
      /^clientCredential: the path of the certificate is missing/,
    )
  })

  it('that is not there is named, with the code of the platform', async () => {
    const path = join(directory, 'nowhere.pem')
    const credential = clientCertificateFile({ path, readFile: readTextFile })
    const failure = await failureOf(write(credential, factsAt(new HandClock())))
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(failure.message).toBe(`clientCredential: the file ${path} cannot be read (ENOENT)`)
  })

  it('that is neither PEM nor PFX is refused', async () => {
    const path = join(directory, 'certificate')
    const credential = clientCertificateFile({ path, readFile: readBinaryFile })
    await writeFile(path, Buffer.from('3082', 'hex'))
    await expect(write(credential, factsAt(new HandClock()))).rejects.toThrow(
      `${path} is damaged, or not a PFX in DER; try to make a PEM file of it: openssl pkcs12 -in ${path} -out certificate.pem -nodes`,
    )
    await writeFile(path, 'a certificate')
    await expect(write(credential, factsAt(new HandClock()))).rejects.toThrow(/holds no certificate/)
  })

  it('of absurd length is not read', async () => {
    const path = join(directory, 'long.pem')
    await writeFile(path, 'x'.repeat(262_144))
    expect(await readTextFile(path)).toHaveLength(262_144)
    await writeFile(path, 'x'.repeat(262_145))
    await expect(readTextFile(path)).rejects.toThrow(RangeError)
    await writeFile(path, 'x'.repeat(1_048_576))
    expect(await readBinaryFile(path)).toHaveLength(1_048_576)
    await writeFile(path, 'x'.repeat(1_048_577))
    await expect(readBinaryFile(path)).rejects.toThrow(RangeError)
  })

  it('needs a path', () => {
    expect(() => clientCertificateFile({ path: undefined, readFile: readTextFile })).toThrow(
      ConfigurationError,
    )
  })
})
