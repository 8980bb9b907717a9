// Whether a valid caller meets what a route demands: the list of rows, the step-up, and apart from them its own check.
import { BearerError } from '../../kernel/errors/errors.ts'
import { noteRefused } from '../challenged-token.ts'
import { runChecks } from '../checks/check.ts'
import type { Principal } from '../principal.ts'
import {
  hasAuthenticationContext,
  refuseAuthenticationContext,
  requirementChecks,
} from './requirement-checks.ts'
import type { ResolvedRequirements } from './requirements.ts'

/**
 * Measures a caller by everything but the own check.
 *
 * @throws BearerError 403 `insufficient_scope`, or 401 `insufficient_claims` with a claims challenge.
 */
export function meetRequirements(principal: Principal, requirements: ResolvedRequirements): void {
  const evidence = { principal, requirements }
  try {
    runChecks(requirementChecks, evidence)
  } catch (error) {
    throw noteRefused(error as BearerError, principal)
  }
  if (!hasAuthenticationContext(evidence)) throw refuseAuthenticationContext(evidence)
}

/** @throws BearerError 403 `own_check`; whatever the check throws or rejects with. */
export async function passOwnCheck(
  check: NonNullable<ResolvedRequirements['check']>,
  principal: Principal,
  caller: unknown,
): Promise<void> {
  const passed: unknown = await check(principal, caller as never)
  if (passed !== true) throw noteRefused(refuseByOwnCheck(), principal) // anything but `true`, a forgotten `return` included, is a no
}

function refuseByOwnCheck(): BearerError {
  return new BearerError({
    status: 403,
    error: 'insufficient_scope',
    reason: 'own_check',
    description: 'The caller may not do this',
  })
}
