// The settings of parts as the options give them where nothing is said: tests change what they are about.
import type { SigningKeysSettings } from '../../src/authority/signing-keys.ts'
import type { ValidatorSettings } from '../../src/protect/settings.ts'
import { numberOptions } from '../../src/settings/numbers.ts'
import { resolveValidator } from '../../src/settings/validator.ts'

/** Those of the token gate; the registrations are the test's own. */
export const defaultValidatorSettings: ValidatorSettings = resolveValidator({}, [])

export const defaultSigningKeysSettings: SigningKeysSettings = defaultValidatorSettings.signingKeys

export const defaultLifetimeSeconds: number = numberOptions['longRunning.lifetimeSeconds'].default
