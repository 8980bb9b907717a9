import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCacheKeys, encodeKeyList } from '../../src/token-cache/cache-key.ts'

// Few characters, among them those of the encoding itself, so that parts that imitate each other are common.
const text = fc.string({ unit: fc.constantFrom('a', ':', '-', '1', '2', '[', '0'), maxLength: 4 })
const optional = fc.option(text, { nil: undefined })
const inputs = fc.record({
  authority: text,
  clientId: text,
  clientCapabilities: fc.uniqueArray(text, { maxLength: 2 }).map((list) => list.sort()),
  tokenType: text,
  grant: fc.constantFrom('on_behalf_of', 'client_credentials', 'refresh_token', 'user_fic'),
  tenantId: text,
  accountId: optional,
  scopes: fc.array(text, { maxLength: 3 }),
  binding: optional,
  agent: fc.option(
    fc.record({
      agentId: text,
      of: fc.constantFrom('assertion', 'token'),
      user: fc.option(fc.record({ by: fc.constantFrom('objectId', 'userPrincipalName'), value: text }), {
        nil: undefined,
      }),
    }),
    { nil: undefined },
  ),
})
type Inputs = typeof inputs extends fc.Arbitrary<infer Value> ? Value : never

function keyOf({ authority, clientId, clientCapabilities, tokenType, scopes, ...variable }: Inputs): string {
  const keys = createCacheKeys({ authority, clientId, clientCapabilities, tokenType })
  return keys.key({ ...variable, encodedScopes: encodeKeyList(scopes) })
}

describe('the cache key', () => {
  it('is shared by two requests only when every input is equal', () => {
    fc.assert(
      fc.property(inputs, inputs, (first, second) => {
        expect(keyOf(first) === keyOf(second)).toBe(JSON.stringify(first) === JSON.stringify(second))
      }),
      { numRuns: 2000 },
    )
  })

  it('stays the same from one version to the next, or processes of two would share nothing', () => {
    const application = {
      authority: 'https://id',
      clientId: 'c',
      clientCapabilities: ['cp1'],
      tokenType: 'Bearer',
    }
    const keys = createCacheKeys(application)
    const inputs = { grant: 'on_behalf_of', tenantId: 't', accountId: 'o.t', binding: 'd' } as const
    const encodedScopes = encodeKeyList(['a', 'b'])
    const agent = { agentId: 'g', of: 'token', user: undefined } as const
    const user = { by: 'objectId', value: 'u' } as const
    expect([
      keys.key({ ...inputs, encodedScopes, agent: undefined }),
      keys.key({ ...inputs, encodedScopes, accountId: undefined, binding: undefined, agent }),
      keys.key({ ...inputs, encodedScopes, agent: { ...agent, user } }),
      keys.partition('o.t'),
      keys.partition(undefined),
      keys.agentPartition('g'),
    ]).toMatchInlineSnapshot(`
      [
        "4[1:110:https://id1:c6:Bearer1[3:cp12[1:a1:b12:on_behalf_of1:t3:o.t1:d",
        "4[1:110:https://id1:c6:Bearer1[3:cp12[1:a1:b12:on_behalf_of1:t--3[5:agent1:g5:token",
        "4[1:110:https://id1:c6:Bearer1[3:cp12[1:a1:b12:on_behalf_of1:t3:o.t1:d5[5:agent1:g5:token8:objectId1:u",
        "2[4:user1:c3:o.t",
        "2[3:app1:c",
        "3[5:agent1:c1:g",
      ]
    `)
  })

  it('does not let the end of one part pass for the beginning of the next', () => {
    const neighbours = fc.constantFrom(
      ['authority', 'clientId'],
      ['clientId', 'tokenType'],
      ['tenantId', 'accountId'],
      ['accountId', 'binding'],
    ) as fc.Arbitrary<[keyof Inputs, keyof Inputs]>
    const joined = fc.string({ unit: fc.constantFrom('a', ':', '-', '1'), minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(
        inputs,
        neighbours,
        joined,
        fc.nat(8),
        fc.nat(8),
        (rest, [left, right], all, first, second) => {
          const split = (at: number): Inputs => ({
            ...rest,
            [left]: all.slice(0, at),
            [right]: all.slice(at),
          })
          expect(keyOf(split(first)) === keyOf(split(second))).toBe(
            all.slice(0, first) === all.slice(0, second),
          )
        },
      ),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(inputs, joined, fc.nat(8), (rest, all, at) => {
        const two = keyOf({ ...rest, scopes: [all.slice(0, at), all.slice(at)] })
        expect(two).not.toBe(keyOf({ ...rest, scopes: [all] }))
      }),
    )
  })

  it('changes with each single input', () => {
    fc.assert(
      fc.property(
        inputs,
        inputs,
        fc.constantFrom(
          ...(Object.keys({
            authority: 1,
            clientId: 1,
            tokenType: 1,
            tenantId: 1,
            accountId: 1,
            scopes: 1,
            binding: 1,
            agent: 1,
            grant: 1,
            clientCapabilities: 1,
          }) as (keyof Inputs)[]),
        ),
        (first, other, name) => {
          const second = { ...first, [name]: other[name] }
          expect(keyOf(first) === keyOf(second)).toBe(
            JSON.stringify(first[name]) === JSON.stringify(other[name]),
          )
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('the partition', () => {
  const keys = createCacheKeys({ authority: 'a', clientId: 'c', clientCapabilities: [], tokenType: 'Bearer' })

  it('belongs to one account of one application, and the application has its own', () => {
    const other = createCacheKeys({
      authority: 'a',
      clientId: 'd',
      clientCapabilities: [],
      tokenType: 'Bearer',
    })
    const partitions = [undefined, '', '-', 'o.t', 'o', 'o.t1'].flatMap((id) => [
      keys.partition(id),
      other.partition(id),
    ])
    expect(new Set(partitions).size).toBe(partitions.length)
  })

  it('belongs to one agent', () => {
    fc.assert(
      fc.property(text, text, (agentId, otherId) => {
        const [one, another] = [keys.agentPartition(agentId), keys.agentPartition(otherId)]
        expect(one === another).toBe(agentId === otherId)
        expect([keys.partition(undefined), keys.partition(otherId)]).not.toContain(one)
      }),
    )
  })
})
