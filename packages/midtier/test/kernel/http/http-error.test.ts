// What is known of an answer that did not come: its kind, and the platform's code for what happened.
import { expect, it } from 'vitest'
import { AuthorityUnavailableError } from '../../../src/kernel/errors/errors.ts'
import { codeOf, HttpError, ProxyError } from '../../../src/kernel/http/http.ts'

it('has a kind, a name, and the code of the platform where it gave one', () => {
  const error = new HttpError('network', 'no connection', { code: 'ECONNREFUSED' })
  expect(String(error)).toBe('HttpError: no connection')
  expect(error).toMatchObject({ kind: 'network', code: 'ECONNREFUSED' })
  expect(error).not.toHaveProperty('cause')
  expect(new HttpError('timeout', 'too late').code).toBeUndefined()
})

it('is kept as it is as the cause of an error of ours', () => {
  const error = new HttpError('timeout', 'too late')
  expect(new AuthorityUnavailableError('x', 0, { cause: error }).cause).toBe(error)
})

it('keeps no more than a summary of its cause', () => {
  const cause = Object.assign(new Error('sent Bearer abcdefghijklmnop'), { request: 'secret' })
  const error = new HttpError('network', 'no connection', { cause })
  expect(error.cause).toMatchObject({ message: 'sent Bearer [redacted]' })
  expect(error.cause).not.toHaveProperty('request')
})

it.each<[string, unknown, string | undefined]>([
  ['of the error itself', { code: 'ECONNREFUSED' }, 'ECONNREFUSED'],
  [
    'of the innermost that has one',
    { code: 'UND_ERR_SOCKET', cause: { code: 'ENOTFOUND', cause: {} } },
    'ENOTFOUND',
  ],
  ['of no error that has a number', { code: 17 }, undefined],
  ['of no error that has a list', { code: ['ECONNREFUSED'] }, undefined],
  ['of the shortest', { code: 'EIO' }, 'EIO'],
  ['of the longest', { code: 'A'.repeat(41) }, 'A'.repeat(41)],
  ['of the fourth', { cause: { cause: { cause: { code: 'EPIPE' } } } }, 'EPIPE'],
  ['of none that has other words', { code: 'secret of alice' }, undefined],
  ['of none that is too short or too long', { code: 'AB', cause: { code: 'A'.repeat(42) } }, undefined],
  ['of none below the fourth', { cause: { cause: { cause: { cause: { code: 'EPIPE' } } } } }, undefined],
])('tells the code %s', (_, shape, code) => {
  expect(codeOf(errorOf(shape))).toBe(code)
})

function errorOf(shape: unknown): Error {
  const { cause, ...members } = shape as { readonly cause?: unknown }
  return Object.assign(new Error('x', cause === undefined ? {} : { cause: errorOf(cause) }), members)
}

it('is told of a proxy by what it answered', () => {
  expect(String(ProxyError.refused(407))).toBe('ProxyError: answered 407: it wants other credentials')
  expect(String(ProxyError.refused(403))).toBe('ProxyError: answered 403')
})
