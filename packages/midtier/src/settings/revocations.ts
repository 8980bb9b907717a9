// How revocations are kept: how long, how fresh what this process knows of them has to be, and what happens when the store is down.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { RevocationOptions } from '../options.ts'
import type { RevocationSettings } from '../protect/revocations/revocations.ts'
import { resolveNumber } from './numbers.ts'

const known = [
  'freshnessSeconds',
  'longestTokenLifetimeSeconds',
  'whenStoreFails',
] as const satisfies readonly (keyof RevocationOptions)[]

/** @throws ConfigurationError naming the option at fault. */
export function resolveRevocations(options: RevocationOptions): RevocationSettings {
  checkKnownOptions(options, known, 'revocations')
  const { whenStoreFails = 'refuse' } = options
  if (!(['refuse', 'accept'] as readonly unknown[]).includes(whenStoreFails))
    throw new ConfigurationError('revocations.whenStoreFails', 'must be refuse or accept')
  return Object.freeze({
    freshnessMs: 1000 * resolveNumber('revocations.freshnessSeconds', options.freshnessSeconds),
    longestTokenLifetimeMs:
      1000 * resolveNumber('revocations.longestTokenLifetimeSeconds', options.longestTokenLifetimeSeconds),
    whenStoreFails,
  })
}
