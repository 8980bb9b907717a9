// The quick proof that no name is given twice, measured against counting names one character at a time.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAnyJson, parseShortJson } from '../../src/jwt/strict-json.ts'

const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '  ')
const name = fc.constantFrom(
  'a',
  'b',
  ':',
  ':a',
  'aud',
  '__proto__',
  'constructor',
  '',
  'a b',
  '\\u0061',
  '\\"',
  'ü',
)
const text = name.map((each) => `"${each}"`)
const scalar = fc.oneof(
  text,
  fc.constantFrom(
    ...[
      '1',
      '-0.5e3',
      'true',
      'null',
      '":"',
      '"\\":"',
      '" :"',
      '1e3',
      '1e9',
      '1795381463',
      '12e2',
      '1.0',
      '-1',
      '9e15',
    ],
  ),
)

/** JSON text as nobody should write it: names given twice, white space anywhere, strings that look like names. */
const { value } = fc.letrec<{ value: string; object: string; list: string; member: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, tie('object'), tie('list')),
  member: fc
    .tuple(space, text, space, space, tie('value'), space)
    .map(([a, n, b, c, v, d]) => `${a}${n}${b}:${c}${v}${d}`),
  object: fc.array(tie('member'), { maxLength: 4 }).map((members) => `{${members.join(',')}}`),
  list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
}))

describe('the quick proof', () => {
  it('gives what the exact way gives, or nothing, for any JSON', () => {
    fc.assert(
      fc.property(value, (json) => {
        const plain = parseShortJson(json)
        if (plain !== undefined) expect(plain).toEqual(parseAnyJson(json))
      }),
      { numRuns: 5_000 },
    )
  })

  it('gives nothing for any text that is no JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          value.map((json) => json.slice(1)),
        ),
        (json) => {
          const plain = parseShortJson(json)
          if (plain !== undefined) expect(plain).toEqual(parseAnyJson(json))
        },
      ),
    )
  })

  it.each([
    ['{"a":1,"a":1}'],
    ['{"a":{"b":1,"b":2}}'],
    ['{"a":[{"b":1,"b":2}]}'],
    ['{"a" :1,"a":2}'],
    ['{"a"\n:1,"a":2}'],
    ['{"a":1,"\\u0061":2}'],
    ['{"__proto__":1,"__proto__":2}'],
    ['{"x":":","a":1,"a":2}'],
    ['{"n":1e9,"aa":1,"aa":1}'], // as long as with the number in digits and no second name
    ['{"n":1e-9,"a":1,"a":1}'],
    ['{"n":-1e9,"aaa":1,"aaa":1}'],
    ['{"n":1e22,"aaaaaaaaaaaaaaaa":1,"aaaaaaaaaaaaaaaa":1}'],
  ])('is never found for a name given twice: %s', (json) => {
    expect(parseShortJson(json)).toBeUndefined()
    expect(parseAnyJson(json)).toBe('duplicate_name')
  })

  it('is found for claims as issuers write them', () => {
    const claims = {
      aud: 'a',
      roles: ['b'],
      scp: 'c d',
      url: 'https://x/?a=:',
      nested: [{ a: 1 }, { a: 2 }, {}, []],
      exp: 1_795_381_463,
      ok: [true, false, null, 0, 10, 999],
    }
    expect(parseShortJson(JSON.stringify(claims))).toEqual(claims)
  })
})

describe('a sealed object', () => {
  const parsers = [parseShortJson, parseAnyJson]

  it.each(parsers)('has no member that it was not given, at any depth', (parse) => {
    const parsed = parse('{"__proto__":{"scp":"admin"},"a":[{}]}') as { readonly a: readonly object[] }
    expect(Object.keys(parsed)).toEqual(['__proto__', 'a'])
    for (const each of [parsed, parsed.a[0]!])
      for (const inherited of Object.getOwnPropertyNames(Object.prototype))
        expect(inherited in each, inherited).toBe(each === parsed && inherited === '__proto__')
  })

  it.each(parsers)('does not see what somebody has put on every object', (parse) => {
    const everyObject = Object.prototype as { roles?: unknown }
    everyObject.roles = ['admin']
    try {
      const parsed = parse('{"a":{}}') as { readonly a: object }
      expect(['roles' in parsed, 'roles' in parsed.a]).toEqual([false, false])
    } finally {
      delete everyObject.roles
    }
  })

  it.each(parsers)('cannot be changed, at any depth', (parse) => {
    const parsed = parse('{"a":[{"b":[]}]}') as { readonly a: readonly { readonly b: readonly unknown[] }[] }
    for (const each of [parsed, parsed.a, parsed.a[0], parsed.a[0]?.b])
      expect(Object.isFrozen(each)).toBe(true)
  })

  it.each([
    [
      'names',
      (count: number) => Array.from({ length: count }, (_, index) => `"${index.toString(36)}":1`).join(),
    ],
    ['objects', (count: number) => `"a":[${Array(count).fill('{}').join()}]`],
    ['lists', (count: number) => `"a":[${Array(count).fill('[]').join()}]`],
  ])('is refused when it holds too many %s', (_what, members) => {
    for (const parse of parsers) {
      expect(parse(`{${members(990)}}`)).toBeTypeOf('object')
      expect(['too_large', undefined]).toContain(parse(`{${members(1_001)}}`))
    }
    expect(parseAnyJson(`{${members(1_001)}}`)).toBe('too_large')
  })

  it('may hold any number of texts', () => {
    const groups = Array.from({ length: 2_000 }, (_, index) => `g${index}`)
    expect(parseAnyJson(JSON.stringify({ groups }))).toEqual({ groups })
  })

  it.each(parsers)('is refused when it nests too deeply', (parse) => {
    expect(parse(`{"a":${'['.repeat(15)}${']'.repeat(15)}}`)).toBeTypeOf('object')
    expect(['too_deep', undefined]).toContain(parse(`{"a":${'['.repeat(16)}${']'.repeat(16)}}`))
  })
})
