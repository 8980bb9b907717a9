// A token that the authority found not genuine: its own keys are asked for again, nobody else's, and it is verified anew.
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/authority/authority.ts'
import { serveEntra } from '../authority/fake-authority.ts'
import { otherTenantId, signToken, tenantId, userClaims, v1Claims } from '../jwt/token-builder.ts'
import { createGate, registration, remember, signer } from './gate.ts'

const keysOf = (tenant: string): string => `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`
const keysOfVersion1 = 'https://login.microsoftonline.com/common/discovery/keys'

async function scenario() {
  const other = { ...registration, authority: createAuthority({ tenantId: otherTenantId }) }
  const gate = createGate({ registrations: [registration, other] })
  serveEntra(gate.authority, [signer], { segment: otherTenantId })
  await gate.validator.warmUp()
  gate.clock.advanceSeconds(60) // the cool-down is over
  gate.authority.requests.length = 0
  return gate
}

describe('a token that is distrusted', () => {
  it.each([
    ['of this tenant', userClaims(), [keysOf(tenantId)]],
    ['of another registration', userClaims({ tid: otherTenantId }), [keysOf(otherTenantId)]],
    ['of version 1.0', v1Claims(), [keysOfVersion1]],
  ])('has its own keys asked for: %s', async (_what, claims, asked) => {
    const { validator, authority } = await scenario()
    const validated = await validator.validate(signToken({ claims, signer }))
    validator.distrust(validated)
    validator.distrust(validated)
    await new Promise((resolve) => setImmediate(resolve))
    expect(authority.requests).toEqual(asked)
  })

  it('is verified anew', async () => {
    const gate = await scenario()
    const token = signToken({ claims: userClaims(), signer })
    await remember(gate, token)
    gate.validator.distrust(await gate.validator.validate(token))
    expect(gate.validator.health().cachedTokens).toBe(0)
  })
})
