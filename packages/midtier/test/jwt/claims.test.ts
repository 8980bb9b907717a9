// Claims are what their type says, or they are not there.
import { describe, expect, it } from 'vitest'
import {
  entraClaimTypes,
  findClaimFault,
  openIdClaimTypes,
  readSeconds,
  readText,
  readTexts,
  readWords,
} from '../../src/jwt/claims.ts'

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

  const values = {
    text: ['', 'a'],
    number: [0, 1.5, 2],
    wrongNumber: [-1, Infinity, NaN],
    texts: [[], ['a', 'b']],
    wrongTexts: [[1], ['a', 1], [['a']], [null]],
    never: [null, true, {}],
  }
  const goodValues: Readonly<Record<string, readonly unknown[]>> = {
    text: values.text,
    seconds: values.number,
    texts: values.texts,
    text_or_texts: [...values.text, ...values.texts],
    text_or_number: [...values.text, ...values.number, ...values.wrongNumber],
  }

  it.each([...entraClaimTypes].map(([name, type]) => [name, type] as const))(
    'have a type, and a name in one spelling: %s is %s',
    (name, type) => {
      for (const value of Object.values(values).flat()) {
        const fault = goodValues[type]!.includes(value) ? undefined : { fault: 'mistyped', name }
        expect(findClaimFault({ [name]: value })).toEqual(fault)
      }
      const other = name.toUpperCase()
      expect(findClaimFault({ [other]: 'a' })).toEqual({ fault: 'lookalike', name: other })
    },
  )

  it('of issuers other than Entra may be lists and numbers in two places more', () => {
    const differing = [...entraClaimTypes].filter(([name, type]) => openIdClaimTypes.get(name) !== type)
    expect(differing.map(([name]) => name)).toEqual(['ver', 'scp'])
    expect(findClaimFault({ scp: ['a'], ver: 2 }, openIdClaimTypes)).toBeUndefined()
    expect(findClaimFault({ ver: ['2.0'] }, openIdClaimTypes)).toEqual({ fault: 'mistyped', name: 'ver' })
  })

  it('are absent when they are blank or of another type', () => {
    for (const value of Object.values(values).flat()) {
      expect(readText(value)).toBe(value === 'a' ? 'a' : undefined)
      expect(readSeconds(value)).toBe(values.number.includes(value as number) ? value : undefined)
      expect(readWords(value)).toEqual(value === 'a' ? ['a'] : [])
      const isList = values.texts.some((each) => each === value)
      expect(readTexts(value)).toEqual(value === 'a' ? ['a'] : isList ? value : [])
    }
  })

  it('of words are taken apart once, unless they are long', () => {
    const words = (length: number): string => 'word '.repeat(length / 5).padEnd(length, 'x')
    expect(readWords(words(512))).toBe(readWords(words(512)))
    expect(readWords(words(513))).not.toBe(readWords(words(513)))
    expect(readWords(words(513))).toEqual(readWords(words(513)))
    for (const length of [512, 513]) expect(Object.isFrozen(readWords(words(length)))).toBe(true)
    for (let index = 0; index < 300; index += 1)
      expect(readWords(`scope-${index} other`)).toEqual([`scope-${index}`, 'other'])
  })
})
