// An option below another one: its refusal names the whole path, and what is no refusal goes on as it is.
import { expect, it } from 'vitest'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { resolveAtPath } from '../../src/settings/values.ts'

it('a refusal names the option by its path', () => {
  const refusal = new ConfigurationError('tenantId', 'must be a GUID: x')
  const resolve = () =>
    resolveAtPath('additionalRegistrations[0]', () => {
      throw refusal
    })
  expect(resolve).toThrow(
    expect.objectContaining({
      option: 'additionalRegistrations[0].tenantId',
      message: 'additionalRegistrations[0].tenantId: must be a GUID: x',
      cause: refusal,
    }),
  )
  expect(resolveAtPath('at', () => 7)).toBe(7)
})

it('what is no refusal is not taken for one', () => {
  const bug = new RangeError('tenantId: a bug')
  expect(() =>
    resolveAtPath('at', () => {
      throw bug
    }),
  ).toThrow(bug)
})
