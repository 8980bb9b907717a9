// A text of others in a message of ours.
import { expect, it } from 'vitest'
import { quoted } from '../../src/kernel/quoted.ts'

it.each([
  ['contoso.com', "'contoso.com'"],
  ['', "''"],
  ['a\r\nb\u0007ü~ ', "'a??b??~ '"],
  ['x '.repeat(60), `'${'x '.repeat(60)}'`],
  [`${'x '.repeat(60)}y`, `'${'x '.repeat(60)}…'`],
  ['Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln', "'Bearer [redacted]'"],
])('%j is told as %s', (text, told) => {
  expect(quoted(text)).toBe(told)
})
