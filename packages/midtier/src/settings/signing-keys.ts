// The options about signing keys resolved: which algorithms count, and how keys are kept.
import type { SigningKeysSettings } from '../authority/signing-keys.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { SignatureAlgorithm } from '../kernel/crypto/signature-algorithm.ts'
import { resolveNumber } from './numbers.ts'
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
  const seconds = (name: 'refreshAfterSeconds' | 'keepSeconds' | 'cooldownSeconds'): number =>
    resolveNumber(`signingKeys.${name}`, options[name])
  return Object.freeze({
    algorithms,
    refreshAfterMs: 1000 * seconds('refreshAfterSeconds'),
    lastKnownGoodMs: 1000 * seconds('keepSeconds'),
    cooldownMs: 1000 * seconds('cooldownSeconds'),
    timeoutMs: resolveNumber('signingKeys.timeoutMs', options.timeoutMs),
    maxResponseBytes,
  })
}

/** No option: far more than any authority's documents. */
const maxResponseBytes = 512 * 1024

/** What Entra signs with. */
const defaultAlgorithms: readonly SignatureAlgorithm[] = Object.freeze(['RS256'])

const supported: readonly unknown[] = ['RS256', 'PS256', 'ES256'] satisfies SignatureAlgorithm[]

/** Never `none` and never HMAC, whose secret would be the public key. @throws ConfigurationError for any other than the three. */
export function resolveAlgorithms(value: unknown): readonly SignatureAlgorithm[] {
  if (value === undefined) return defaultAlgorithms
  if (!Array.isArray(value) || value.length === 0 || !value.every((name) => supported.includes(name)))
    throw new ConfigurationError('algorithms', 'must list one or more of RS256, PS256 and ES256')
  return Object.freeze([...(value as readonly SignatureAlgorithm[])])
}
