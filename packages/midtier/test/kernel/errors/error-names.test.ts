// Each error is printed under the name by which the documentation has it, also where a bundler gave its class another one.
import { expect, it } from 'vitest'
import {
  AcquisitionError,
  AuthorityUnavailableError,
  BearerError,
  ConfigurationError,
  DownstreamError,
  InteractionRequiredError,
  TokenRequestError,
  TokenStoreError,
} from '../../../src/index.ts'

it.each([
  ['AcquisitionError', AcquisitionError],
  ['AuthorityUnavailableError', AuthorityUnavailableError],
  ['BearerError', BearerError],
  ['ConfigurationError', ConfigurationError],
  ['DownstreamError', DownstreamError],
  ['InteractionRequiredError', InteractionRequiredError],
  ['TokenRequestError', TokenRequestError],
  ['TokenStoreError', TokenStoreError],
])('%s', (name, { name: told }) => {
  expect(told).toBe(name)
})

it('is printed by it', () => {
  expect(String(new ConfigurationError('clientId', 'is missing'))).toMatch(/^ConfigurationError: clientId/)
})
