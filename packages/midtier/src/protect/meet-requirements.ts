// Whether a valid caller meets what a route demands: the list of rows, the step-up, and last the route's own check.
import { BearerError } from '../kernel/errors.ts'
import { whenAtHand, type AtHand } from './at-hand.ts'
import { runChecks } from './check.ts'
import type { Principal } from './principal.ts'
import {
  hasAuthenticationContext,
  refuseAuthenticationContext,
  requirementChecks,
} from './requirement-checks.ts'
import type { ResolvedRequirements } from './requirements.ts'

/**
 * Measures a caller; at once unless the route's own check takes its time.
 *
 * @throws BearerError 403 `insufficient_scope`, or 401 `insufficient_claims` with a claims challenge; throws or rejects.
 */
export function meetRequirements(
  principal: Principal,
  requirements: ResolvedRequirements,
): AtHand<undefined> {
  const evidence = { principal, requirements }
  runChecks(requirementChecks, evidence)
  if (!hasAuthenticationContext(evidence)) throw refuseAuthenticationContext(evidence)
  if (requirements.check === undefined) return undefined
  return whenAtHand(requirements.check(principal), (passed: unknown) => {
    if (passed !== true) throw refuseByOwnCheck() // anything but `true`, a forgotten `return` included, is a no
    return undefined
  })
}

function refuseByOwnCheck(): BearerError {
  return new BearerError({
    status: 403,
    error: 'insufficient_scope',
    reason: 'own_check',
    description: 'The caller may not do this',
  })
}
