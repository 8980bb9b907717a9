// The options of the token gate resolved: its limits and tolerances beside the registrations.
import type { AnyWebApiOptions } from '../options.ts'
import type { Registration } from '../protect/registration.ts'
import type { ValidatorSettings } from '../protect/settings.ts'
import { resolveNumber } from './numbers.ts'
import { resolveAlgorithms, resolveSigningKeys } from './signing-keys.ts'

/** What the token gate is told by options. */
export type ValidatorOptions = Pick<
  AnyWebApiOptions,
  | 'clockToleranceSeconds'
  | 'maxTokenLength'
  | 'maxCachedTokens'
  | 'signingKeys'
  | 'algorithms'
  | 'requirements'
>

/** @throws ConfigurationError naming the option that is out of range. */
export function resolveValidator(
  options: ValidatorOptions,
  registrations: readonly Registration[],
): ValidatorSettings {
  const { signingKeys = {}, algorithms, requirements } = options
  return Object.freeze({
    registrations: Object.freeze(registrations),
    clockToleranceSeconds: resolveNumber('clockToleranceSeconds', options.clockToleranceSeconds),
    maxTokenLength: resolveNumber('maxTokenLength', options.maxTokenLength),
    maxCachedTokens: resolveNumber('maxCachedTokens', options.maxCachedTokens),
    signingKeys: resolveSigningKeys(signingKeys, resolveAlgorithms(algorithms)),
    requirements,
  })
}
