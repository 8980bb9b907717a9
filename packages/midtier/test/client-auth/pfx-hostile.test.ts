import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientCertificate } from '../../src/client-auth/certificate/certificate.ts'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { factsAt, HandClock, writtenAssertion } from './application.ts'
import { createCertificate, tlv } from './certificates.ts'
import { pfxFiles } from './pfx-fixtures.ts'
import { bag, certificateBag, passphrase, seal, writeSafe } from './pfx-writer.ts'

const facts = factsAt(new HandClock())
const own = createCertificate('midtier')
const cipher = { cipher: 'aes-128-cbc', passphrase }
const safes = [
  writeSafe([certificateBag(own.der), bag(1, own.privateKey.export({ type: 'pkcs8', format: 'der' }))]),
  writeSafe([
    certificateBag(own.der),
    bag(2, own.privateKey.export({ type: 'pkcs8', format: 'der', ...cipher })),
  ]),
]

/** Whether it opens; anything but a ConfigurationError ends the test. */
async function opens(certificate: Uint8Array | string): Promise<boolean> {
  try {
    await writtenAssertion(clientCertificate({ certificate, passphrase, sendX5c: true }), facts)
    return true
  } catch (error) {
    if (error instanceof ConfigurationError) return false
    throw error
  }
}

/** Some bytes of a file replaced. */
function altered(file: Uint8Array): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }))
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const bytes = Buffer.from(file)
    for (const [at, difference] of changes) bytes[at]! ^= difference
    return bytes
  })
}

/** Values within values, of tags that the format uses. */
const { value: anyValue } = fc.letrec<{ value: Buffer }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc
      .tuple(fc.constantFrom(2, 3, 4, 6, 0x17, 0x30, 0x80), fc.uint8Array({ maxLength: 12 }))
      .map(([tag, content]) => tlv(tag, content)),
    fc
      .tuple(fc.constantFrom(0x30, 0x30, 0xa0, 0x31, 4), fc.array(tie('value'), { maxLength: 4 }))
      .map(([tag, parts]) => tlv(tag, ...parts)),
  ),
}))

describe('a PFX from somebody who means harm', () => {
  it('is refused as a matter of configuration, whatever bytes it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await opens(bytes)).toBe(false)
        expect(await opens(Uint8Array.of(0x30, 0x81, bytes.length & 0xff, ...bytes))).toBe(false)
        expect(await opens(Buffer.from(bytes).toString('base64'))).toBe(false)
      }),
    )
  })

  it('is refused whatever values it is made of, within and without its MAC', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        expect(await opens(tlv(0x30, tlv(2, Buffer.of(3)), value))).toBe(false)
        expect(await opens(seal(value))).toBe(false)
        expect(await opens(seal(tlv(0x30, value)))).toBe(false)
        expect(await opens(seal(writeSafe([value])))).toBe(false)
        expect(await opens(seal(writeSafe([certificateBag(own.der), bag(2, value)])))).toBe(false)
        expect(await opens(seal(writeSafe([certificateBag(value), bag(1, value)])))).toBe(false)
      }),
    )
  })

  it('opens or is refused, when its own passphrase authenticates what was altered', async () => {
    const outcomes = new Set<boolean>()
    await fc.assert(
      fc.asyncProperty(fc.oneof(...safes.map(altered)), async (safe) => {
        outcomes.add(await opens(seal(safe)))
      }),
      { numRuns: 400 },
    )
    expect(outcomes).toContain(false)
  })

  it('is refused when a single byte of what the MAC covers was altered', async () => {
    const { modern } = pfxFiles
    const header = 30
    const macData = 69
    const at = fc.integer({ min: header, max: modern.length - macData - 1 })
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (place, difference) => {
        const bytes = Buffer.from(modern)
        bytes[place]! ^= difference
        expect(await opens(bytes)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('is refused when it is cut short anywhere', async () => {
    for (let length = 0; length < pfxFiles.modern.length; length += 97)
      expect(await opens(pfxFiles.modern.subarray(0, length))).toBe(false)
  })
})
