// Digests, texts and signatures are the same by Node and by web standards.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as node from '../../../src/kernel/crypto/crypto.node.ts'
import * as web from '../../../src/kernel/crypto/crypto.web.ts'
import { createSigner, segment, type Signer, signInput } from '../../jwt/token-builder.ts'

const engines = [
  ['Node', node],
  ['web standards', web],
] as const

describe.each(engines)('the engine of %s', (_name, engine) => {
  it('digests text as UTF-8, at once and when asked', async () => {
    const text = 'Grüße \u{1F511}'
    const digest = createHash('sha256').update(text).digest('base64url')
    expect(await engine.sha256(text)).toBe(digest)
    expect((await engine.sha256WhenAsked(text))()).toBe(digest)
  })

  it('decodes a segment in its one spelling, and none in another', () => {
    expect([...(engine.decodeSegment('AQID') ?? [])]).toEqual([1, 2, 3])
    expect(engine.decodeTextSegment(segment('a \u{1F511}'))).toBe('a \u{1F511}')
    expect(engine.decodeTextSegment('')).toBe('')
    for (const text of ['AQI=', 'AQ D', 'A', '+/+/', 'AQJ']) {
      expect(engine.decodeSegment(text)).toBeUndefined()
      expect(engine.decodeTextSegment(text)).toBeUndefined()
    }
  })

  it('decodes UTF-8, a byte order mark included, and nothing else', () => {
    const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
    expect(engine.decodeUtf8(bytes(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
    expect(engine.decodeUtf8(bytes(0xef, 0xbf, 0xbd))).toBe('\ufffd')
    for (const broken of [bytes(0xff), bytes(0xc3), bytes(0xed, 0xa0, 0x80), bytes(0xc0, 0x80)]) {
      expect(engine.decodeUtf8(broken)).toBeUndefined()
      expect(engine.decodeTextSegment(Buffer.from(broken).toString('base64url'))).toBeUndefined()
    }
  })

  const signers = (['RS256', 'PS256', 'ES256'] as const).map((algorithm) => createSigner('a', { algorithm }))

  it.each(signers)('verifies what $algorithm has signed, by that key and for that text', async (signer) => {
    const signature = (by: Signer): Uint8Array => Buffer.from(signInput('a.b', by), 'base64url')
    const key = await engine.importPublicJwk(signer.jwk(), signer.algorithm)
    const verify = async (input: string, by: Signer): Promise<boolean> =>
      engine.verifySignature(key, input, signature(by))
    expect(key.algorithm).toBe(signer.algorithm)
    expect(await verify('a.b', signer)).toBe(true)
    expect(await verify('a.c', signer)).toBe(false)
    expect(await verify('a.b', createSigner('a', { algorithm: signer.algorithm }))).toBe(false)
    const altered = signature(signer).map((byte, at) => (at === 7 ? byte ^ 1 : byte))
    expect(await engine.verifySignature(key, 'a.b', altered)).toBe(false)
  })
})
