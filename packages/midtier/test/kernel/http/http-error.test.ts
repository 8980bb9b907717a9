// What is known of an answer that did not come: its kind, and the platform's code for what happened.
import { expect, it } from 'vitest'
import { HttpError, ProxyError } from '../../../src/kernel/http/http.ts'

it('has a kind, a name, and the code of the platform where it gave one', () => {
  const error = new HttpError('network', 'no connection', { code: 'ECONNREFUSED' })
  expect(String(error)).toBe('HttpError: no connection')
  expect(error).toMatchObject({ kind: 'network', code: 'ECONNREFUSED' })
  expect(error).not.toHaveProperty('cause')
  expect(new HttpError('timeout', 'too late').code).toBeUndefined()
})

it('keeps no more than a summary of its cause', () => {
  const cause = Object.assign(new Error('sent Bearer abcdefghijklmnop'), { request: 'secret' })
  const error = new HttpError('network', 'no connection', { cause })
  expect(error.cause).toMatchObject({ message: 'sent Bearer [redacted]' })
  expect(error.cause).not.toHaveProperty('request')
})

it('is told of a proxy by what it answered', () => {
  expect(String(ProxyError.refused(407))).toBe('ProxyError: answered 407: it wants other credentials')
  expect(String(ProxyError.refused(403))).toBe('ProxyError: answered 403')
})
