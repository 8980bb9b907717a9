// Whose tokens are kept where: an account is the object id and the tenant id of validated claims, both or nobody.
import { describe, expect, it } from 'vitest'
import { getAccountId } from '../../src/index.ts'
import { getAccount } from '../../src/token-cache/account.ts'

const long = 'http://schemas.microsoft.com/identity/claims/'

describe('the account identifier of claims', () => {
  it('is the object id, a dot, and the tenant id, letter by letter', () => {
    expect(getAccountId({ oid: 'Alice-1', tid: 'contoso' })).toBe('Alice-1.contoso')
    expect(getAccount({ oid: 'Alice-1', tid: 'contoso' })).toEqual({
      id: 'Alice-1.contoso',
      objectId: 'Alice-1',
      tenantId: 'contoso',
    })
  })

  it('is read from the long names of the same claims, each by itself', () => {
    expect(getAccountId({ [`${long}objectidentifier`]: 'alice', [`${long}tenantid`]: 'contoso' })).toBe(
      'alice.contoso',
    )
    expect(getAccountId({ oid: 'alice', [`${long}tenantid`]: 'contoso' })).toBe('alice.contoso')
    expect(getAccountId({ [`${long}objectidentifier`]: 'alice', tid: 'contoso' })).toBe('alice.contoso')
  })

  it('is read from the short name where there are both', () => {
    const claims = {
      oid: 'alice',
      tid: 'contoso',
      [`${long}objectidentifier`]: 'bob',
      [`${long}tenantid`]: 'x',
    }
    expect(getAccountId(claims)).toBe('alice.contoso')
  })

  it('passes over a blank short name for the long one', () => {
    expect(getAccountId({ oid: ' ', [`${long}objectidentifier`]: 'alice', tid: 'contoso' })).toBe(
      'alice.contoso',
    )
  })

  it.each([
    ['no claims', {}],
    ['no tenant', { oid: 'alice' }],
    ['no object id', { tid: 'contoso' }],
    ['a blank tenant', { oid: 'alice', tid: ' \t' }],
    ['a blank object id', { oid: '', tid: 'contoso' }],
    ['a number for an object id', { oid: 1, tid: 'contoso' }],
    ['a list for a tenant', { oid: 'alice', tid: ['contoso'] }],
  ])('does not exist with %s: never half a key', (_what, claims) => {
    expect(getAccountId(claims)).toBeUndefined()
  })
})

it('is one object for all requests of a token, and cannot be changed', () => {
  const account = getAccount({ oid: 'o', tid: 't' }) as { id: string }
  expect(() => (account.id = 'somebody.else')).toThrow(TypeError)
  expect(account.id).toBe('o.t')
})
