// Arguments that types would have refused: what is said of each, and what is let through.
import { describe, expect, it } from 'vitest'
import {
  checkAmount,
  checkOptions,
  checkScopes,
  checkSignal,
  checkText,
} from '../../src/kernel/check-argument.ts'

const { signal } = new AbortController()
const checks = {
  options: checkOptions,
  scopes: checkScopes,
  text: (value: unknown) => checkText('claims', value),
  amount: (value: unknown) => checkAmount('timeoutMs', value),
  signal: checkSignal,
} as const

describe('an argument', () => {
  it.each<[keyof typeof checks, unknown]>([
    ['options', {}],
    ['options', []],
    ['scopes', []],
    ['scopes', ['Read', '']],
    ['text', undefined],
    ['text', ''],
    ['amount', undefined],
    ['amount', 0],
    ['amount', 0.5],
    ['amount', Infinity],
    ['signal', undefined],
    ['signal', null],
    ['signal', signal],
  ])('is fine as %s: %j', (what, value) => {
    expect(() => checks[what](value)).not.toThrow()
  })

  it.each<[keyof typeof checks, unknown, string]>([
    ['options', undefined, 'The options must be an object'],
    ['options', null, 'The options must be an object'],
    ['options', 'Read', 'The options must be an object'],
    ['scopes', undefined, 'scopes must be a list of texts'],
    ['scopes', 'Read', 'scopes must be a list: write [scope]'],
    ['scopes', ['Read', 1], 'scopes must be a list of texts'],
    ['scopes', new Set(['Read']), 'scopes must be a list of texts'],
    ['text', null, 'claims must be a text'],
    ['text', 7, 'claims must be a text'],
    ['amount', null, 'timeoutMs must be a number, 0 or more'],
    ['amount', '7', 'timeoutMs must be a number, 0 or more'],
    ['amount', -1, 'timeoutMs must be a number, 0 or more'],
    ['amount', Number.NaN, 'timeoutMs must be a number, 0 or more'],
    ['signal', {}, 'signal must be an AbortSignal'],
    ['signal', false, 'signal must be an AbortSignal'],
  ])('is told as %s: %j', (what, value, message) => {
    expect(() => checks[what](value)).toThrow(
      expect.objectContaining({ code: 'acquisition_impossible', reason: 'argument_invalid', message }),
    )
  })
})
