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
