// What Conditional Access adds to an authorization request: a fresh sign-in, a registration, a second step or a refusal.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import { epochSeconds } from '../../kernel/clock.ts'
import type { Directory, Account } from '../../directory/directory.ts'
import type { Application } from '../../directory/model.ts'
import { withoutScopes } from '../../directory/scopes.ts'
import type { Emulation } from '../emulation.ts'
import { findUnmetDemand, type Demand, type SignInSituation } from '../../policies/demands.ts'
import type { Policy } from '../../directory/policy.ts'
import { policyError } from '../../policies/policy-error.ts'
import { parseClaimsRequest } from '../../tokens/claims-request.ts'
import type { RequestParties } from './authorization-request.ts'
import type { Progress } from './progress.ts'
import type { SignedIn } from './session-cookie.ts'

/** A step that a policy or a claims challenge demands. */
export type PolicyStep =
  | {
      readonly kind: 'sign-in'
      readonly account: Account
      readonly username: string
      readonly silent: AadstsError
      readonly policies: readonly Policy[]
    }
  | {
      readonly kind: 'approve' | 'register'
      readonly account: Account
      readonly demand: Demand
      readonly silent: AadstsError
      readonly policies: readonly Policy[]
    }
  | {
      readonly kind: 'block'
      readonly account: Account
      readonly silent: AadstsError
      readonly policies: readonly Policy[]
    }

interface Parties {
  readonly account: Account
  readonly session: SignedIn
  readonly parties: RequestParties
}

/** The sign-in that policies are asked about. */
export function situationOf(
  { directory, clock }: Pick<Emulation, 'directory' | 'clock'>,
  { request, hasSignedIn = false }: Progress,
  { account, session, parties }: Parties,
): SignInSituation {
  const claims = parseClaimsRequest(request.claims)
  const ageSeconds = hasSignedIn ? 0 : epochSeconds(clock) - session.authTime
  return { account, session, claims, ageSeconds, resources: resourcesOf(directory, parties) }
}

/** The step that is demanded of a session; `undefined` when the session meets everything. */
export function findPolicyStep(
  emulation: Pick<Emulation, 'directory' | 'policies' | 'clock'>,
  progress: Progress,
  { account, session, parties }: Parties,
): PolicyStep | undefined {
  const { request, hasSignedIn = false } = progress
  const { username } = account.user
  const claims = parseClaimsRequest(request.claims)
  // Continuous access evaluation: what was signed in before that time does not count any more.
  if (!hasSignedIn && session.authTime < (claims.notBefore ?? 0)) {
    return { kind: 'sign-in', account, username, silent: new AadstsError(50058), policies: [] }
  }
  const situation = situationOf(emulation, progress, { account, session, parties })
  const demand = findUnmetDemand(emulation.policies, situation)
  if (demand === undefined) return undefined
  const [resource = parties.client] = situation.resources
  const silent = policyError(demand, { resource, session, endpoint: 'authorize' })
  return toStep(demand, account, silent)
}

function toStep(demand: Demand, account: Account, silent: AadstsError): PolicyStep {
  const { policies } = demand
  switch (demand.kind) {
    case 'block':
      return { kind: 'block', account, silent, policies }
    case 'fresh_sign_in':
      return { kind: 'sign-in', account, username: account.user.username, silent, policies }
    case 'registration':
      return { kind: 'register', account, demand, silent, policies }
    case 'mfa':
      return { kind: 'approve', account, demand, silent, policies }
  }
}

function resourcesOf(directory: Directory, { scopes }: RequestParties): readonly Application[] {
  const resources = scopes.resources.map(({ resource }) => resource)
  return resources.length > 0 ? resources : [withoutScopes(directory).resource]
}
