// How long refresh tokens live, by the platform that they were issued to.
import { expect, it } from 'vitest'
import { refreshTokenLifetimeMs } from '../../src/grants/sealed-grants.ts'

it.each([
  ['spa', 24],
  ['web', 90 * 24],
  ['publicClient', 90 * 24],
] as const)('of the platform %s is %i hours', (platform, hours) => {
  expect(refreshTokenLifetimeMs(platform)).toBe(hours * 3_600_000)
})
