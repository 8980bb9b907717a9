// By which names the tokens of a caller can be revoked: they stand in stores, and are the same from one version to the next.
import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/protect/principal.ts'
import {
  sessionSubject,
  subjectsOf,
  tenantSubject,
  userSubject,
} from '../../../src/protect/revocations/revocation-subjects.ts'
import { tenantId, userId } from '../../jwt/token-builder.ts'

const principal = (more: Partial<Principal> = {}): Principal =>
  ({
    tenantId,
    objectId: userId,
    subject: 's',
    issuer: 'https://id.example',
    claims: { sid: 'S-1' },
    ...more,
  }) as Principal

describe('what can be revoked', () => {
  it.each([
    ['a user', userSubject({ tenantId, objectId: userId }), `["user","${tenantId}","${userId}"]`],
    [
      'a user, in capitals',
      userSubject({ tenantId, objectId: userId.toUpperCase() }),
      `["user","${tenantId}","${userId}"]`,
    ],
    [
      'a user of another issuer',
      userSubject({ tenantId: 'https://ID.example', objectId: 'Ada' }),
      '["user","https://ID.example","Ada"]',
    ],
    ['a tenant', tenantSubject(userId.toUpperCase()), `["tenant","${userId}"]`],
    ['a session', sessionSubject('S-1'), '["session","S-1"]'],
    ['a session by a GUID', sessionSubject(userId.toUpperCase()), `["session","${userId}"]`],
  ])('has its name: %s', (_what, name, expected) => {
    expect(name).toBe(expected)
  })

  it('is all that a caller is part of', () => {
    const ofUser = [userSubject({ tenantId, objectId: userId }), tenantSubject(tenantId)]
    expect(subjectsOf(principal())).toEqual([...ofUser, sessionSubject('S-1')])
    expect(subjectsOf(principal({ claims: {} }))).toEqual(ofUser)
    expect(subjectsOf(principal({ claims: { sid: '' } }))).toEqual(ofUser)
    expect(subjectsOf(principal({ tenantId: '', objectId: undefined, claims: {} }))).toEqual([
      userSubject({ tenantId: 'https://id.example', objectId: 's' }),
      tenantSubject('https://id.example'),
    ])
  })
})
