// Whether a valid caller meets what a route demands: the list of rows, the step-up, and last the route's own check.
import type { Caller } from '../caller.ts'
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
 * @param introduce Gives the caller to the route's own check; not called when there is none.
 * @throws BearerError 403 `insufficient_scope`, or 401 `insufficient_claims` with a claims challenge; throws or rejects.
 */
export function meetRequirements(
  principal: Principal,
  requirements: ResolvedRequirements,
  introduce: () => AtHand<Caller>,
): AtHand<undefined> {
  const evidence = { principal, requirements }
  runChecks(requirementChecks, evidence)
  if (!hasAuthenticationContext(evidence)) throw refuseAuthenticationContext(evidence)
  const { check } = requirements
  if (check === undefined) return undefined
  const asked = whenAtHand(introduce(), (caller) => check(principal, caller))
  return whenAtHand(asked, (passed: unknown) => {
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
