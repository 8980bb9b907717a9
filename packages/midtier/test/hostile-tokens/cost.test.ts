// What an attack costs us, counted and not timed: documents fetched, and texts decoded and parsed before a refusal.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BearerError } from '../../src/index.ts'
import { createTarget, outcomeOf, type Target } from './targets.ts'
import { forge, keys, named } from './token-forge.ts'

vi.setConfig({ testTimeout: 60_000 }) // hundreds of signatures on a busy machine

async function refusalOf(target: Target, header: string | readonly string[]): Promise<BearerError> {
  const outcome = await outcomeOf(target, header)
  return outcome instanceof BearerError ? outcome : expect.unreachable('the token was accepted')
}

describe('a field of ten megabytes', () => {
  const megabytes = 10 * 1024 * 1024
  const hugeFields: readonly (readonly [string, string])[] = [
    ['of one letter', `Bearer ${'a'.repeat(megabytes)}`],
    ['of dots', `Bearer ${'.'.repeat(megabytes)}`],
    ['of spaces', `Bearer ${' '.repeat(megabytes)}`],
    ['of commas, in another scheme', `Basic ${', bearer'.repeat(megabytes / 8)}`],
    ['of a genuine token and much more', `Bearer ${forge.genuine}${'A'.repeat(megabytes)}`],
    [
      'whose claims are that long',
      `Bearer ${forge.genuine.split('.')[0]}.${'e30'.repeat(megabytes / 3)}.AAAA`,
    ],
  ]

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each(hugeFields)('%s is refused by its length, undecoded and unparsed', async (_name, value) => {
    const target = createTarget('single')
    const parse = vi.spyOn(JSON, 'parse')
    const decode = vi.spyOn(Buffer, 'from')
    expect(await refusalOf(target, value)).toMatchObject({ status: 400, reason: 'too_long' })
    expect(parse).not.toHaveBeenCalled()
    expect(decode).not.toHaveBeenCalled()
    expect(target.authority.requests).toEqual([])
  })

  it('is not needed to be refused: ten thousand fields are, for being several', async () => {
    const target = createTarget('single')
    const fields = Array.from({ length: 10_000 }, () => `Bearer ${forge.genuine}`)
    expect(await refusalOf(target, fields)).toMatchObject({ status: 400, reason: 'several_fields' })
    expect(target.authority.requests).toEqual([])
  })
})

describe('a flood', () => {
  const unknownKids = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => forge.by(named(keys.stranger, `unknown-${index}`)))

  it('of unknown kids, one after the other, costs one request for keys beside the first', async () => {
    const target = createTarget('single')
    for (const token of unknownKids(200))
      expect(await refusalOf(target, `Bearer ${token}`)).toMatchObject({ status: 401, reason: 'key_known' })
    expect(target.authority.count('keys')).toBe(2)
    expect(target.authority.count('metadata')).toBe(1)
  })

  it('of unknown kids at once, while nothing is known, costs one request for keys', async () => {
    const target = createTarget('single')
    const refusals = await Promise.all(unknownKids(200).map((token) => refusalOf(target, `Bearer ${token}`)))
    expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(['key_known']))
    expect(target.authority.count('keys')).toBe(1)
  })

  it('of unknown kids does not keep genuine callers waiting: they cost no request', async () => {
    const target = createTarget('single')
    await target.api.warmUp()
    const asked = target.authority.requests.length
    const flood = unknownKids(100).map((token) => refusalOf(target, `Bearer ${token}`))
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${forge.genuine}` : undefined
    const { principal } = await target.api.authenticate({ header, method: 'GET', url: '/' })
    expect(principal.kind).toBe('user')
    await Promise.all(flood)
    expect(target.authority.requests.length - asked).toBe(1)
  })

  it('of issuers, tenants, algorithms and types costs no request at all', async () => {
    const target = createTarget('multi')
    for (let index = 0; index < 50; index++) {
      const tid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
      const hostile = [
        forge.user({ iss: `https://evil.example/${index}` }),
        forge.user({ tid, iss: 'https://login.microsoftonline.com/common/v2.0' }),
        forge.user({}, { alg: `X${index}` }),
        forge.user({}, { typ: `x${index}+jwt` }),
      ]
      for (const token of hostile) expect((await refusalOf(target, `Bearer ${token}`)).status).toBe(401)
    }
    expect(target.authority.requests).toEqual([])
  })
})
