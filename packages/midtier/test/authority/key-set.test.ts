// A published key set of any length: what is usable is used, and what is imported is bounded.
import { describe, expect, it } from 'vitest'
import { parseKeySet } from '../../src/authority/key-set.ts'
import { createSigner } from '../jwt/token-builder.ts'

const signer = createSigner('one')
const other = createSigner('two')
const context = { algorithms: ['RS256'], cloudInstanceName: undefined, previous: new Map() } as const

const kidsOf = async (keys: readonly unknown[]): Promise<readonly string[] | undefined> => {
  const set = await parseKeySet({ keys }, context)
  return set === undefined ? undefined : [...set.keys()]
}
const many = (count: number, more: Record<string, unknown> = {}): unknown[] =>
  Array.from({ length: count }, (_, index) => signer.jwk({ kid: `key-${index}`, ...more }))

describe('a long key set', () => {
  it('gives the keys behind a hundred that are for something else', async () => {
    expect(await kidsOf([...many(150, { use: 'enc' }), signer.jwk()])).toEqual(['one'])
    expect(await kidsOf([...Array.from({ length: 1500 }, () => 'no key'), signer.jwk()])).toEqual(['one'])
  })

  it('gives the first hundred of its keys, whatever follows', async () => {
    const kids = await kidsOf(many(250))
    expect(kids).toHaveLength(100)
    expect(kids?.at(-1)).toBe('key-99')
  })

  it('does not hide behind its length that two keys share a kid', async () => {
    const kids = await kidsOf([...many(120), other.jwk({ kid: 'key-7' })])
    expect(kids).toHaveLength(99)
    expect(kids).not.toContain('key-7')
  })

  it('is looked at no further than two thousand entries', async () => {
    expect(await kidsOf([...Array.from({ length: 2000 }, () => 'no key'), signer.jwk()])).toBeUndefined()
  })
})

const ec = createSigner('ec', { algorithm: 'ES256' })

describe('an entry of a key set', () => {
  it.each<[string, unknown, boolean]>([
    ['a key', signer.jwk(), true],
    ['a key of one issuer', signer.jwk({ issuer: 'https://id.example' }), true],
    ['a key of an issuer that is no text', signer.jwk({ issuer: 7 }), false],
    ['a key of this cloud', signer.jwk({ cloud_instance_name: 'microsoftonline.com' }), true],
    ['a key of another cloud', signer.jwk({ cloud_instance_name: 'microsoftonline.us' }), false],
    ['a key of a cloud that is no text', signer.jwk({ cloud_instance_name: 7 }), false],
    ['a key without a name', signer.jwk({ kid: undefined }), false],
    ['a key with an empty name', signer.jwk({ kid: '' }), false],
    ['a key with a number for a name', signer.jwk({ kid: 7 }), false],
    ['null', null, false],
    ['a list', [signer.jwk()], false],
  ])('is used or not: %s', async (_what, jwk, used) => {
    const cloud = { ...context, cloudInstanceName: 'microsoftonline.com' }
    expect((await parseKeySet({ keys: [jwk] }, cloud)) !== undefined).toBe(used)
  })

  it('may be of any cloud where the metadata name none', async () => {
    expect(await kidsOf([signer.jwk({ cloud_instance_name: 'microsoftonline.us' })])).toEqual(['one'])
  })

  it.each([undefined, null, {}, 'keys'])('is none of what is no list: %j', async (keys) => {
    expect(await parseKeySet({ keys }, context)).toBeUndefined()
  })

  it('that is there twice is one, and with another key under its name none', async () => {
    expect(await kidsOf([signer.jwk(), signer.jwk()])).toEqual(['one'])
    expect(await kidsOf([signer.jwk(), other.jwk({ kid: 'one' }), other.jwk()])).toEqual(['two'])
  })

  const moreAlgorithms = { ...context, algorithms: ['RS256', 'PS256', 'ES256'] as const }
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['use', signer.jwk(), { use: undefined }],
    ['alg', signer.jwk(), { alg: 'PS256' }],
    ['n', signer.jwk(), { n: other.jwk()['n'] }],
    ['e', signer.jwk(), { e: 'AQAD' }],
    ['issuer', signer.jwk(), { issuer: 'https://id.example' }],
    ['x and y', ec.jwk(), createSigner('ec', { algorithm: 'ES256' }).jwk()],
  ])(
    'stays the same object while it is the same, and is another with another %s',
    async (_what, jwk, changed) => {
      const first = await parseKeySet({ keys: [jwk] }, moreAlgorithms)
      const again = await parseKeySet(
        { keys: [{ ...jwk, x5t: 'new' }] },
        { ...moreAlgorithms, previous: first! },
      )
      const kid = String(jwk['kid'])
      expect(again?.get(kid)).toBe(first?.get(kid))
      const later = await parseKeySet(
        { keys: [{ ...jwk, ...changed }] },
        { ...moreAlgorithms, previous: first! },
      )
      expect(later?.get(kid)).toBeDefined()
      expect(later?.get(kid)).not.toBe(first?.get(kid))
    },
  )

  it.each([
    ['crv', 'P-384'],
    ['x', 'AA'],
    ['y', 'AA'],
    ['kty', 'RSA'],
  ])('that is no key any longer is not taken for the one that it was: %s', async (member, value) => {
    const first = await parseKeySet({ keys: [ec.jwk()] }, moreAlgorithms)
    const changed = { keys: [ec.jwk({ [member]: value })] }
    expect(await parseKeySet(changed, { ...moreAlgorithms, previous: first! })).toBeUndefined()
  })
})
