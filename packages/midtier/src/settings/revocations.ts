// How revocations are kept: how long, how fresh what this process knows of them has to be, and what happens when the store is down.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { RevocationOptions } from '../options.ts'
import type { RevocationSettings } from '../protect/revocations/revocations.ts'
import { resolveNumber } from './values.ts'

const known = [
  'freshnessSeconds',
  'longestTokenLifetimeSeconds',
  'whenStoreFails',
] as const satisfies readonly (keyof RevocationOptions)[]

/** @throws ConfigurationError naming the option at fault. */
export function resolveRevocations(options: RevocationOptions): RevocationSettings {
  checkKnownOptions(options, known, 'revocations')
  const {
    freshnessSeconds = 30,
    longestTokenLifetimeSeconds = 30 * 3600,
    whenStoreFails = 'refuse',
  } = options
  if (!(['refuse', 'accept'] as readonly unknown[]).includes(whenStoreFails))
    throw new ConfigurationError('revocations.whenStoreFails', 'must be refuse or accept')
  return Object.freeze({
    freshnessMs: resolveNumber('revocations.freshnessSeconds', freshnessSeconds, 1, 3600) * 1000,
    longestTokenLifetimeMs:
      resolveNumber(
        'revocations.longestTokenLifetimeSeconds',
        longestTokenLifetimeSeconds,
        300,
        7 * 24 * 3600,
      ) * 1000,
    whenStoreFails,
  })
}
