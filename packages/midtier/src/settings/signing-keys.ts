// The options about signing keys resolved: which algorithms count, and how keys are kept.
import { defaultSigningKeysSettings, type SigningKeysSettings } from '../authority/signing-keys.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { SignatureAlgorithm } from '../kernel/crypto/signature-algorithm.ts'
import { resolveNumber } from './values.ts'
import type { SigningKeysOptions } from '../options.ts'

const known = [
  'refreshAfterSeconds',
  'keepSeconds',
  'cooldownSeconds',
  'timeoutMs',
] as const satisfies readonly (keyof SigningKeysOptions)[]

/** How keys are kept. @throws ConfigurationError naming the member that is out of range. */
export function resolveSigningKeys(
  options: SigningKeysOptions,
  algorithms: readonly SignatureAlgorithm[],
): SigningKeysSettings {
  checkKnownOptions(options, known, 'signingKeys')
  const {
    refreshAfterSeconds = 43_200,
    keepSeconds = 86_400,
    cooldownSeconds = 30,
    timeoutMs = 5_000,
  } = options
  return Object.freeze({
    ...defaultSigningKeysSettings,
    algorithms,
    refreshAfterMs:
      1000 * resolveNumber('signingKeys.refreshAfterSeconds', refreshAfterSeconds, 60, 7 * 86_400),
    lastKnownGoodMs: 1000 * resolveNumber('signingKeys.keepSeconds', keepSeconds, 0, 7 * 86_400),
    cooldownMs: 1000 * resolveNumber('signingKeys.cooldownSeconds', cooldownSeconds, 1, 3_600),
    timeoutMs: resolveNumber('signingKeys.timeoutMs', timeoutMs, 100, 60_000),
  })
}

const supported: readonly unknown[] = ['RS256', 'PS256', 'ES256'] satisfies SignatureAlgorithm[]

/** Never `none` and never HMAC, whose secret would be the public key. @throws ConfigurationError for any other than the three. */
export function resolveAlgorithms(value: unknown): readonly SignatureAlgorithm[] {
  if (value === undefined) return defaultSigningKeysSettings.algorithms
  if (!Array.isArray(value) || value.length === 0 || !value.every((name) => supported.includes(name)))
    throw new ConfigurationError('algorithms', 'must list one or more of RS256, PS256 and ES256')
  return Object.freeze([...(value as readonly SignatureAlgorithm[])])
}
