import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeForm } from '../../../src/grants/token-endpoint/form.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    'scope',
    'claims',
    'grant_type',
    ' ',
    '+',
    '%20',
    '&',
    '=',
    '*-._',
    "!'()~",
    'é',
    '\u{1f600}',
    '\ud800',
    'eyJ0.eyJ1.c2ln',
    'a\nb',
    'a\n',
  ),
)

describe('the body of a token request', () => {
  it('is what URLSearchParams writes, for any names and values, and given twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), (pairs) => {
        const parameters = new URLSearchParams(pairs)
        expect(encodeForm(parameters)).toBe(parameters.toString())
      }),
      { numRuns: 1_000 },
    )
  })
})
