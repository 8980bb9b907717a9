// What is told of texts and errors that others made, one line each, written down to be read: nothing of it is a credential or a person.
import { expect, it } from 'vitest'
import { scrub, summarizeCause, withoutTokens } from '../../../src/kernel/errors/safe-cause.ts'
import { withoutPeople } from '../../../src/kernel/errors/without-people.ts'
import { printable } from '../../../src/kernel/printable.ts'
import { quoted } from '../../../src/kernel/quoted.ts'
import { expectWritten } from '../../written.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'
const opaque = '0.AXkA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p'

const texts: readonly string[] = [
  '',
  'connect ECONNREFUSED 127.0.0.1:6379',
  'getaddrinfo ENOTFOUND login.microsoftonline.com',
  jwt,
  `token ${jwt} is over`,
  'eyJhbGci',
  'eyJhbGciO',
  'eyJhbGciOiJSUzI1NiJ9..',
  'redis://cache.contoso.com:6379',
  'redis://:hunter2@cache.contoso.com:6379',
  'postgres://app:hunter2@db.contoso.com/cache',
  'rediss://app:hunter2@one and postgres://app:hunter3@two',
  'https://contoso.com/a@b',
  'Authorization: Bearer abc',
  'bearer abc, basic def; negotiate ghi',
  'DPoP abc) and "Bearer def"',
  'a bearer of news',
  'access_token=abc&token_type=Bearer',
  '{"refresh_token":"abc","scope":"read"}',
  "client_secret: 'abc'",
  'client_assertion = abc',
  'password=hunter2',
  'passwd=hunter2, pwd=hunter3',
  'set-cookie: session=abc; path=/',
  'sig=abc&se=2026',
  'X-IDENTITY-HEADER: abc',
  'signature=abc',
  'token: the one of another API',
  'token: a new one',
  'token: an old one',
  'token: theirs',
  'clientCredential: must be made by clientSecret',
  'clientCredential: hunter2',
  `secret ${opaque}`,
  'a'.repeat(40),
  'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF0123456789',
  'abcdefghijklmnopqrstuvwxyzABCDE',
  'abcdefghijklmnopqrstuvwxyzABC01',
  'abcdefghijklmnopqrstuvwxyzABCD01',
  'abcdefghijklmnopqrstuvwxyzABCD01==',
  '8c3a0ab0-0a7e-4c3e-a3ed-7a1b7cbd0b6a',
  'ada@contoso.com is not assigned',
  "user 'ada.lovelace_contoso.com#EXT#@fabrikam.com' (guest)",
  'ada@ contoso, @contoso and a @ b',
  'mail:ada@contoso.com;grace@contoso.com',
  'line one\nline two\ttabbed\u0000',
  'rüm\u202etxt\u2028',
]

it('of a text', async () => {
  const lines = texts.flatMap((text) => {
    const ways = { scrub, withoutTokens, withoutPeople, quoted, printable }
    const told = Object.entries(ways).map(([name, way]) => [name, JSON.stringify(way(text))] as const)
    const same = told.filter(([, as]) => as === JSON.stringify(text)).map(([name]) => name)
    return [
      JSON.stringify(text),
      ...(same.length === 0 ? [] : [`  as it is by ${same.join(', ')}`]),
      ...told.filter(([name]) => !same.includes(name)).map(([name, as]) => `  ${name.padEnd(14)}${as}`),
    ]
  })
  await expectWritten(lines, new URL('written/texts.txt', import.meta.url))
})

it.each([
  ['scrub', (text: string) => scrub(text), 499, 500],
  ['quoted', (text: string) => quoted(text).slice(1, -1), 120, 121],
] as const)('of a long text, by %s', (_name, way, whole, cut) => {
  expect(way('x '.repeat(whole).slice(0, whole))).toHaveLength(whole)
  expect(way('x '.repeat(cut).slice(0, cut + 1))).toHaveLength(cut)
})

it('of a secret that is known, longest first, and of none that is empty', () => {
  expect(scrub('abc abcd ab', ['ab', 'abcd', '', 'abc'])).toBe('[redacted] [redacted] [redacted]')
  expect(scrub('abc', [''])).toBe('abc')
})

const unreadable = new Proxy(new Error('x'), {
  get() {
    throw new Error('no')
  },
})

const own = (error: Error, members: object): Error => Object.assign(error, members)
const chain = (depth: number): Error => new Error(`${depth}`, depth === 6 ? {} : { cause: chain(depth + 1) })

const causes: Readonly<Record<string, unknown>> = {
  'a text': 'password=hunter2',
  'a number': 7,
  nothing: null,
  'a function': function thrown() {
    return undefined
  },
  'an object': { message: 'password=hunter2', name: 'Custom.Name', code: 'ESOMETHING' },
  'an object without a message': { message: 7, name: 'not a name' },
  'an object with a name that is too long': { name: 'n'.repeat(65) },
  'an object with the longest name': { name: 'n'.repeat(64) },
  'an error': new TypeError('fetch failed'),
  'an error with its facts': own(new Error('connect'), {
    code: 'ECONNREFUSED',
    errno: -111,
    syscall: 'connect',
    address: '10.0.0.1',
    hostname: 'cache.contoso.com',
    port: 6379,
    config: { headers: { authorization: 'Bearer abc' } },
  }),
  'an error with facts that are none': own(new Error('connect'), {
    code: 'two words',
    errno: 'ETWO WORDS',
    syscall: 7,
    address: 'password=hunter2',
    hostname: 'a b',
    port: '6379',
  }),
  'an error with a credential for a code': own(new Error('x'), {
    code: 'abcdefghijklmnopqrstuvwxyzABCD01',
    errno: 'EPIPE',
    hostname: '[::1]',
  }),
  'an error with a number for a code': own(new Error('x'), { code: 7 }),
  'an error that cannot be read': unreadable,
  'errors of several addresses': new AggregateError(
    ['one', 'two', 'three', 'four', 'five'].map((address) =>
      own(new Error(address), { code: 'ECONNREFUSED' }),
    ),
    'all failed',
  ),
  'errors that are no list': own(new Error('x'), { errors: 'none' }),
  'a chain of causes': chain(0),
  'a cause that is null': new Error('x', { cause: null }),
}

it('of an error', async () => {
  const lines = Object.entries(causes).flatMap(([what, cause]) => [
    what,
    ...tell(summarizeCause(cause), '  '),
  ])
  await expectWritten(lines, new URL('written/errors.txt', import.meta.url))
  expect(summarizeCause(undefined)).toBeUndefined()
})

function tell(error: Error | undefined, indent: string): readonly string[] {
  if (error === undefined) return [`${indent}nothing`]
  const { name, message, stack = '', cause, ...facts } = error
  const errors = error instanceof AggregateError ? (error.errors as readonly Error[]) : []
  const [first, ...frames] = stack.split('\n')
  return [
    `${indent}${name}: ${message} ${JSON.stringify(facts)}`.trimEnd(),
    `${indent}  printed as ${first ?? ''}${frames.length === 0 ? '' : ', and where'}`.trimEnd(),
    ...(cause === undefined ? [] : tell(cause as Error, `${indent}  by `)),
    ...errors.flatMap((each) => tell(each, `${indent}  of `)),
  ]
}

it('of a stack: the frames alone, twenty at most, without what is secret', () => {
  const error = new Error('password=hunter2')
  error.stack = [
    'Error: password=hunter2',
    'password=hunter3',
    '    at redis://:hunter4@host (file.js:1:1)',
    ...Array.from({ length: 25 }, (_, index) => `    at frame${index} (file.js:1:1)`),
  ].join('\n')
  const lines = summarizeCause(error)?.stack?.split('\n') ?? []
  expect(lines).toHaveLength(21)
  expect(lines.slice(0, 3)).toEqual([
    'Error: password=[redacted]',
    '    at redis://[redacted]@host (file.js:1:1)',
    '    at frame0 (file.js:1:1)',
  ])
})

it('of a summary is the summary itself', () => {
  const summary = summarizeCause(new Error('password=hunter2'))
  expect(summarizeCause(summary)).toBe(summary)
})
