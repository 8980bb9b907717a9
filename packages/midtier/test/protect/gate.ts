// A token gate in front of a fake authority, and how its refusals are read.
import { createAuthority } from '../../src/authority/authority.ts'
import { BearerError } from '../../src/kernel/errors/errors.ts'
import type { ObserverEvent } from '../../src/kernel/observer.ts'
import type { ValidatorSettings } from '../../src/protect/settings.ts'
import { defaultValidatorSettings } from '../settings/default-settings.ts'
import type { Registration } from '../../src/protect/registration.ts'
import {
  createTokenValidator,
  type TokenValidator,
  type ValidatorPorts,
} from '../../src/protect/validate-access-token.ts'
import type { Requirements } from '../../src/protect/requirements/requirements.ts'
import {
  createClock,
  createFakeAuthority,
  serveEntra,
  type FakeAuthority,
  type MovableClock,
} from '../authority/fake-authority.ts'
import { clientId, createSigner, tenantId } from '../jwt/token-builder.ts'

/** The authority's key of every test that needs no other. */
export const signer = createSigner('key-1')

export interface TestGate {
  readonly validator: TokenValidator
  readonly authority: FakeAuthority
  readonly clock: MovableClock
  readonly events: ObserverEvent[]
}

export const registration: Registration = {
  authority: createAuthority({ tenantId }),
  clientId,
  audiences: [],
  allowedTenants: null,
}

export function createGate(
  settings: Partial<ValidatorSettings> = {},
  ports: Pick<ValidatorPorts, 'revocations'> = {},
): TestGate {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  const clock = createClock()
  const events: ObserverEvent[] = []
  const validator = createTokenValidator(
    { ...defaultValidatorSettings, registrations: [registration], ...settings },
    { fetch: authority.fetch, clock, observe: (event) => void events.push(event), ...ports },
  )
  return { validator, authority, clock, events }
}

/** The error that a token is refused with; a token that is accepted fails the test. */
export async function refusalOf(
  validator: TokenValidator,
  token: string,
  requirements?: Requirements,
): Promise<BearerError> {
  try {
    await validator.validate(token, requirements)
  } catch (error) {
    if (error instanceof BearerError) return error
    throw error
  }
  throw new Error('the token was accepted')
}

/** Uses a token until it is remembered, which is from its second use. */
export async function remember({ validator }: Pick<TestGate, 'validator'>, token: string): Promise<void> {
  const before = validator.health().cachedTokens
  await validator.validate(token)
  await validator.validate(token)
  if (validator.health().cachedTokens !== before + 1) throw new Error('the token is not remembered')
}
