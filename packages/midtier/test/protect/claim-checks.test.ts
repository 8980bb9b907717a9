// Which application holds a token, what it may do, and which key it names: by the claims of its version, and no others.
import { describe, expect, it } from 'vitest'
import { readClient, readScopes } from '../../src/protect/checks/claim-checks.ts'
import type { ClaimedEvidence, Trust } from '../../src/protect/checks/evidence.ts'
import { keyId } from '../../src/protect/checks/form-checks.ts'

const trustOf = (version?: '1.0' | '2.0', scopeClaims = 'scp'): Trust =>
  ({ issuer: { version }, registration: { authority: { scopeClaims } } }) as unknown as Trust

describe('the application that holds a token', () => {
  const all = { appid: 'appid', azp: 'azp', client_id: 'client_id', cid: 'cid' }

  it.each([
    ['1.0', all, 'appid'],
    ['1.0', { ...all, appid: undefined }, undefined],
    ['2.0', all, 'azp'],
    ['2.0', { ...all, azp: undefined }, undefined],
    ['2.0', { ...all, azp: 7 }, undefined],
    [undefined, all, 'azp'],
    [undefined, { client_id: 'client_id', cid: 'cid', appid: 'appid' }, 'client_id'],
    [undefined, { cid: 'cid', appid: 'appid' }, 'cid'],
    [undefined, { appid: 'appid' }, undefined],
  ] as const)('of version %s with %j is %s', (version, claims, expected) => {
    expect(readClient(claims, trustOf(version))).toBe(expected)
  })
})

describe('the scopes of a token', () => {
  it.each([
    ['scp', { scp: 'a  b' }, ['a', 'b']],
    ['scp', { scope: 'a' }, []],
    ['scp', { scp: ['a'] }, []],
    ['scp-or-scope', { scp: 'a b', scope: 'c' }, ['a', 'b']],
    ['scp-or-scope', { scp: ['a b', ' ', 'c'] }, ['a b', 'c']],
    ['scp-or-scope', { scp: ['', ' '], scope: 'd e' }, ['d', 'e']],
    ['scp-or-scope', { scp: [], scope: 'd' }, ['d']],
    ['scp-or-scope', { scope: 'd e' }, ['d', 'e']],
    ['scp-or-scope', { scope: ['d'] }, []],
    ['scp-or-scope', {}, []],
  ])('by %s of %j are %j, and cannot be changed', (scopeClaims, claims, expected) => {
    const scopes = readScopes(claims, trustOf('2.0', scopeClaims))
    expect(scopes).toEqual(expected)
    expect(Object.isFrozen(scopes)).toBe(true)
  })
})

it('the key of a token has a name of 1 to 256 characters', () => {
  const passes = (kid: unknown): boolean => keyId.passes({ header: { kid } } as unknown as ClaimedEvidence)
  expect([passes('k'), passes('k'.repeat(256))]).toEqual([true, true])
  for (const kid of ['', 'k'.repeat(257), undefined, null, 7, ['k']]) expect(passes(kid)).toBe(false)
})
