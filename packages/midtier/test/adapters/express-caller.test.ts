// Who called, as findCaller says it of a request that no application of Express has made, such as a mock.
import type { Request } from 'express'
import { expect, it } from 'vitest'
import { findCaller } from '../../src/adapters/express.ts'
import type { Caller } from '../../src/index.ts'

const caller = { principal: {} } as unknown as Caller

it.each<[string, object, Caller | undefined]>([
  ['with a caller', { caller }, caller],
  ['with a caller that is none', { caller: undefined }, undefined],
  ['without a caller', {}, undefined],
  ['that inherits one', Object.create({ caller }) as object, undefined],
])('a mock %s', (_what, request, found) => {
  expect(findCaller(request as Request)).toBe(found)
})
