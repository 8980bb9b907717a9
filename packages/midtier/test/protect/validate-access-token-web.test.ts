// The token gate where digests and signatures are promises.
import { createHash } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import { signToken, userClaims } from '../jwt/token-builder.ts'
import { createGate, refusalOf, signer } from './gate.ts'

// What `#crypto` stands for on runtimes other than Node.
vi.mock('../../src/kernel/crypto/crypto.node.ts', () => import('../../src/kernel/crypto/crypto.web.ts'))

const genuine = signToken({ claims: userClaims(), signer })

it('without Node, a token has the same digest at its first use, its second, and from the cache', async () => {
  const { validator, events } = createGate()
  const digests = []
  for (let use = 1; use <= 3; use++) {
    const validating = validator.validate(genuine)
    expect(validating).toBeInstanceOf(Promise)
    digests.push((await validating).assertion.digest)
  }
  expect(new Set(digests)).toEqual(new Set([createHash('sha256').update(genuine).digest('base64url')]))
  const validated = events.filter((event) => event.type === 'token_validated')
  expect(validated.map((event) => event.fromCache)).toEqual([false, false, true])
})

it('without Node, a forged token is refused, however often it comes', async () => {
  const forged = `${genuine.slice(0, -20)}${'A'.repeat(20)}`
  const { validator } = createGate()
  for (let use = 1; use <= 3; use++)
    expect(await refusalOf(validator, forged)).toMatchObject({ reason: 'signature' })
  expect(validator.health().cachedTokens).toBe(0)
})
