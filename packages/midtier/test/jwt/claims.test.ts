// Claims are what their type says, or they are not there.
import { describe, expect, it } from 'vitest'
import { findClaimFault, readSeconds, readText, readTexts, readWords } from '../../src/jwt/claims.ts'

describe('claims', () => {
  it.each([
    ['iss', ['https://a']],
    ['aud', { includes: 'me' }],
    ['aud', ['a', 1]],
    ['exp', '1795348800'],
    ['exp', Number('1e400')],
    ['exp', -1],
    ['nbf', true],
    ['scp', ['access_as_user']],
    ['roles', 'Admin'],
    ['roles', [['Admin']]],
    ['tid', 1],
    ['oid', null],
  ])('of the wrong type are found: %s as %j', (name, value) => {
    expect(findClaimFault({ fine: 1, [name]: value })).toEqual({ fault: 'mistyped', name })
  })

  it('of their own types are left alone, and so are unknown ones', () => {
    expect(
      findClaimFault({ aud: ['a', 'b'], exp: 1.5, scp: 'a', roles: [], acct: 0, mine: {} }),
    ).toBeUndefined()
  })

  it.each(['TID', 'Iss', 'SCP', 'Roles'])('that look like registered ones are found: %s', (name) => {
    expect(findClaimFault({ fine: 1, [name]: 'x' })).toEqual({ fault: 'lookalike', name })
    expect(findClaimFault({ [`${name}s_of_mine`]: 'x', myClaim: 'x' })).toBeUndefined()
  })

  it('are read by their type, and absent otherwise', () => {
    const claims = { text: 'a', blank: '', list: ['a'], mixed: ['a', 1], words: 'a  b', time: 5 }
    expect([readText(claims.text), readText(claims.blank), readText(claims.list)]).toEqual([
      'a',
      undefined,
      undefined,
    ])
    expect([readTexts(claims.list), readTexts(claims.mixed), readTexts(claims.text)]).toEqual([
      ['a'],
      [],
      ['a'],
    ])
    expect([readWords(claims.words), readWords(claims.list)]).toEqual([['a', 'b'], []])
    expect([readSeconds(claims.time), readSeconds(claims.text)]).toEqual([5, undefined])
  })
})
