// Keys of one issuer in several documents: whichever publishes the key has the say, and what cannot be had is not taken for absent.
import { describe, expect, it } from 'vitest'
import { joinSigningKeys, type IssuerKeys } from '../../src/authority/joined-signing-keys.ts'
import type { SigningKey } from '../../src/authority/key-set.ts'
import type { KeyLookup, SigningKeysHealth } from '../../src/authority/signing-keys.ts'

const metadata = { issuer: 'x', tenantId: undefined, keysUrl: 'x', cloudInstanceName: undefined }
const keyOf = (kid: string): SigningKey => ({
  kid,
  verification: {} as never,
  issuer: undefined,
  material: kid,
})
const gone = new Error('not to be had')

interface Source extends IssuerKeys {
  readonly calls: string[]
}

/** Documents with their keys: those at hand, and those that are found by asking. */
function createSource(
  atHand: readonly string[],
  published: readonly string[] | Error = atHand,
  more: Partial<SigningKeysHealth> & { readonly differenceMs?: number } = {},
): Source {
  const { differenceMs, ...health } = more
  const calls: string[] = []
  const keys = new Map(
    [...atHand, ...(published instanceof Error ? [] : published)].map((kid) => [kid, keyOf(kid)]),
  )
  return {
    calls,
    find(kid): KeyLookup | Promise<KeyLookup> {
      calls.push(`find ${kid}`)
      if (atHand.includes(kid)) return { key: keys.get(kid), metadata }
      return published instanceof Error
        ? Promise.reject(published)
        : Promise.resolve({ key: keys.get(kid), metadata })
    },
    knows: (kid) => atHand.includes(kid),
    honours: (key) => atHand.includes(key.kid),
    doubt: () => void calls.push('doubt'),
    warmUp: () => {
      calls.push('warmUp')
      return published instanceof Error ? Promise.reject(published) : Promise.resolve()
    },
    tellClockDifference: () => differenceMs,
    health: () => ({
      issuer: 'x',
      ready: true,
      keyCount: atHand.length,
      fetchedAtMs: undefined,
      lastFailure: undefined,
      lastFailureReason: undefined,
      retryAfterMs: 0,
      ...health,
    }),
  }
}

const join = (first: IssuerKeys, ...others: IssuerKeys[]): IssuerKeys => joinSigningKeys([first, ...others])

describe('the keys of several documents', () => {
  it('are those of the one document where there is no other', () => {
    const only = createSource(['a'])
    expect(join(only)).toBe(only)
  })

  it('are found at hand without asking the others', () => {
    const [one, two] = [createSource(['a']), createSource(['b'])]
    expect(join(one, two).find('b')).toMatchObject({ key: { kid: 'b' } })
    expect([one.calls, two.calls]).toEqual([[], ['find b']])
  })

  it('are asked for in all of them, and found in any', async () => {
    const [one, two] = [createSource(['a']), createSource([], ['c'])]
    expect(await join(one, two).find('c')).toMatchObject({ key: { kid: 'c' } })
    expect(one.calls).toEqual(['find c'])
    expect(await join(two, one).find('c')).toMatchObject({ key: { kid: 'c' } })
  })

  it('are found though another document cannot be had', async () => {
    expect(await join(createSource([], gone), createSource([], ['c'])).find('c')).toMatchObject({
      key: { kid: 'c' },
    })
  })

  it('cannot be told where a document that cannot be had may have them', async () => {
    await expect(join(createSource(['a']), createSource([], gone)).find('c')).rejects.toBe(gone)
    await expect(join(createSource([], gone), createSource(['a'])).find('c')).rejects.toBe(gone)
  })

  it('are absent where every document says so', async () => {
    expect(await join(createSource(['a']), createSource(['b'])).find('c')).toEqual({
      key: undefined,
      metadata,
    })
  })

  it('are known and honoured by any', () => {
    const keys = join(createSource(['a']), createSource(['b']))
    expect(['a', 'b', 'c'].map((kid) => [keys.knows(kid), keys.honours(keyOf(kid))])).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ])
  })

  it('are doubted and warmed up together', async () => {
    const [one, two] = [createSource(['a']), createSource(['b'])]
    const keys = join(one, two)
    keys.doubt()
    await keys.warmUp()
    expect([one.calls, two.calls]).toEqual([
      ['doubt', 'warmUp'],
      ['doubt', 'warmUp'],
    ])
    await expect(join(one, createSource([], gone)).warmUp()).rejects.toBe(gone)
  })

  it('tell the first difference of clocks that any of them has', () => {
    const [none, some, other] = [undefined, 0, 9].map((differenceMs) =>
      createSource([], [], differenceMs === undefined ? {} : { differenceMs }),
    ) as [Source, Source, Source]
    expect(join(none, some, other).tellClockDifference(1)).toBe(0)
    expect(join(none, none).tellClockDifference(1)).toBeUndefined()
  })
})

describe('the health of several documents', () => {
  it('is that of the worst, the oldest and all of them', () => {
    const one = createSource(['a', 'b'], [], { issuer: 'one', fetchedAtMs: 2_000 })
    const two = createSource(['c'], [], { issuer: 'two', fetchedAtMs: 1_000 })
    const three = createSource([], [], {
      ready: false,
      lastFailure: 'answered 404',
      lastFailureReason: 'address_not_found',
      retryAfterMs: 2_000,
    })
    expect(join(one, two).health()).toEqual({
      issuer: 'one',
      ready: true,
      keyCount: 3,
      fetchedAtMs: 1_000,
      lastFailure: undefined,
      lastFailureReason: undefined,
      retryAfterMs: 0,
    })
    expect(join(one, three).health()).toEqual({
      issuer: 'one',
      ready: false,
      keyCount: 2,
      fetchedAtMs: 2_000,
      lastFailure: 'answered 404',
      lastFailureReason: 'address_not_found',
      retryAfterMs: 2_000,
    })
    expect(join(three, createSource([], [], { ready: false, retryAfterMs: 500 })).health()).toMatchObject({
      retryAfterMs: 500,
    })
    expect(join(three, three).health().fetchedAtMs).toBeUndefined()
  })
})
