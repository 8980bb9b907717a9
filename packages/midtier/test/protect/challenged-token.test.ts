// By what a loop of challenges is noticed: the session of one person at one client, whoever issued the token.
import { describe, expect, it } from 'vitest'
import { describeChallenged } from '../../src/protect/challenged-token.ts'
import { createCaller, HandClock } from '../acquire/scenario.ts'

const { principal } = createCaller(new HandClock())

function sessionOf(changes: Partial<typeof principal>): string {
  return describeChallenged({ ...principal, ...changes }).session
}

describe('the session of a caller', () => {
  it('is that of the subject where the issuer has no object ids', () => {
    const withoutObjectId = { objectId: undefined, subject: 's-1' }
    expect(sessionOf(withoutObjectId)).toBe(sessionOf(withoutObjectId))
    expect(sessionOf(withoutObjectId)).not.toBe(sessionOf({ objectId: undefined, subject: 's-2' }))
  })

  it.each([
    ['another person', { objectId: 'o-2' }],
    ['another tenant', { tenantId: 't-2' }],
    ['another issuer', { issuer: 'https://login.contoso.com' }],
    ['another client', { clientId: 'c-2' }],
    ['another sign-in', { claims: { sid: 's-2' } }],
  ])('is another one for %s', (_, changes) => {
    expect(sessionOf(changes)).not.toBe(sessionOf({}))
  })

  it('is the same for another pairwise subject of the same person', () => {
    expect(sessionOf({ subject: 's-2' })).toBe(sessionOf({}))
  })
})

describe('the token of a session', () => {
  it('says whether the session has a name', () => {
    expect(describeChallenged({ ...principal, claims: { sid: 's-1' } }).isOneSession).toBe(true)
    expect(describeChallenged({ ...principal, claims: {} }).isOneSession).toBe(false)
  })

  it('is known by its own name, or by when it was issued and ends', () => {
    expect(describeChallenged({ ...principal, claims: { uti: 'u-1', iat: 5, exp: 9 } })).toMatchObject({
      id: 'u-1',
      issuedAtSeconds: 5,
    })
    expect(describeChallenged({ ...principal, claims: { iat: 5, exp: 9 } }).id).toBe('5 9')
    expect(describeChallenged({ ...principal, claims: {} })).toMatchObject({ id: '0 0', issuedAtSeconds: 0 })
  })
})
