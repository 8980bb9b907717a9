// What the policies demand of a sign-in before a token may be issued: the first demand that is not met.
import type { Account } from '../directory/directory.ts'
import type { AgentIdentity, Application } from '../directory/model.ts'
import type { ClaimsRequest } from '../tokens/claims-request.ts'
import type { UserSession } from '../tokens/subject.ts'
import type { Policies } from './policies.ts'
import type { Policy } from '../directory/policy.ts'

/** A sign-in that is about to become a token. */
export interface SignInSituation {
  readonly account: Account
  /** The agent that acts for the account, by its id; default: none. */
  readonly agentId?: string | undefined
  /** The APIs that tokens are for. */
  readonly resources: readonly Application[]
  readonly session: UserSession
  readonly claims: Pick<ClaimsRequest, 'policyIds' | 'authContexts'>
  /** How long ago the user signed in, in seconds. */
  readonly ageSeconds: number
}

/** A demand that the session does not meet. */
export interface Demand {
  readonly kind: 'block' | 'fresh_sign_in' | 'registration' | 'mfa'
  /** The policies that make the demand; empty when an authentication context alone does. */
  readonly policies: readonly Policy[]
  /** Every authentication context that the session has to be stepped up to. */
  readonly authContexts: readonly string[]
}

/** The first demand that a sign-in does not meet; `undefined` when a token may be issued. */
export function findUnmetDemand(policies: Policies, situation: SignInSituation): Demand | undefined {
  const authContexts = demandedContexts(policies, situation)
  const applicable = policies.list().filter((policy) => isApplicable(policy, situation, authContexts))
  for (const { kind, findUnmet } of checks) {
    const unmet = findUnmet(applicable, situation, policies)
    if (unmet.length > 0) return { kind, policies: unmet, authContexts }
  }
  // A context asks for the second step even when no policy says what it means.
  const isWeak = authContexts.length > 0 && !hasSecondStep(situation)
  return isWeak ? { kind: 'mfa', policies: [], authContexts } : undefined
}

/** The ids of all policies that a sign-in does not meet, those included that were not asked because another one refused first. */
export function findAllUnmet(policies: Policies, situation: SignInSituation): ReadonlySet<string> {
  const authContexts = demandedContexts(policies, situation)
  const applicable = policies.list().filter((policy) => isApplicable(policy, situation, authContexts))
  return new Set(
    checks.flatMap(({ findUnmet }) => findUnmet(applicable, situation, policies).map(({ id }) => id)),
  )
}

/** The block of an agent that acts by itself: a policy that names agents; nothing else can be demanded of it. */
export function findAgentBlock(
  policies: Policies,
  { agent, resource }: { readonly agent: AgentIdentity; readonly resource: Application },
): Demand | undefined {
  const blocks = policies
    .list()
    .filter(
      (policy) =>
        policy.enabled &&
        policy.kind === 'block' &&
        policy.agents !== undefined &&
        policy.users === undefined &&
        policy.authContext === undefined &&
        isAboutActor(policy, agent.id) &&
        (policy.tenant === undefined || policy.tenant === agent.tenantId) &&
        (policy.resource === 'all' || policy.resource === resource.id),
    )
  return blocks.length === 0 ? undefined : { kind: 'block', policies: blocks, authContexts: [] }
}

interface Check {
  readonly kind: Demand['kind']
  /** Those of the applicable policies that the sign-in does not meet. */
  readonly findUnmet: (
    applicable: readonly Policy[],
    situation: SignInSituation,
    policies: Policies,
  ) => readonly Policy[]
}

// In this order: what nothing helps against comes first.
const checks: readonly Check[] = [
  { kind: 'block', findUnmet: (applicable) => ofKind(applicable, 'block') },
  {
    kind: 'fresh_sign_in',
    findUnmet: (applicable, { ageSeconds }) =>
      ofKind(applicable, 'sign_in_frequency').filter(({ maxAgeSeconds = 0 }) => ageSeconds > maxAgeSeconds),
  },
  {
    kind: 'registration',
    findUnmet: (applicable, situation, policies) =>
      hasSecondStep(situation)
        ? []
        : ofKind(applicable, 'require_registration').filter(
            (policy) => !policies.hasRegistered(policy, situation.account.user.id),
          ),
  },
  {
    kind: 'mfa',
    findUnmet: (applicable, situation) =>
      hasSecondStep(situation)
        ? []
        : ofKind(applicable, 'require_mfa', 'require_registration', 'require_auth_context'),
  },
]

function ofKind(policies: readonly Policy[], ...kinds: readonly Policy['kind'][]): readonly Policy[] {
  return policies.filter(({ kind }) => kinds.includes(kind))
}

function hasSecondStep({ session }: SignInSituation): boolean {
  return session.amr.includes('mfa')
}

/** The authentication contexts that a sign-in has to meet: what the client asks for, and what policies require of the APIs. */
export function demandedContexts(policies: Policies, situation: SignInSituation): readonly string[] {
  const required = policies
    .list()
    .filter((policy) => policy.kind === 'require_auth_context' && isApplicable(policy, situation, []))
    .flatMap(({ authContext }) => authContext ?? [])
  return [...new Set([...situation.claims.authContexts, ...required])]
}

function isApplicable(policy: Policy, situation: SignInSituation, contexts: readonly string[]): boolean {
  return policy.enabled && whyNotApplicable(policy, situation, contexts) === undefined
}

/** Why a policy says nothing about a sign-in, whether it is on or off; `undefined` when it does. */
export function whyNotApplicable(
  policy: Policy,
  situation: SignInSituation,
  contexts: readonly string[],
): string | undefined {
  const { kind, authContext, users, tenant } = policy
  if (authContext !== undefined && kind !== 'require_auth_context' && !contexts.includes(authContext))
    return `nobody asked for the authentication context ${authContext}`
  if (!isAbout(policy, situation)) return 'it is about another API'
  if (!isAboutUser(policy, situation)) {
    if (tenant !== undefined && tenant !== situation.account.tenant.id) return 'it is about another tenant'
    return `it is about ${(users ?? []).slice(0, 3).join(', ')}`
  }
  return isAboutActor(policy, situation.agentId) ? undefined : 'it is about agents'
}

// A client that signs in again with the `capolids` of an on-behalf-of error asks for another API than the policy's.
function isAbout({ id, resource }: Policy, { resources, claims }: SignInSituation): boolean {
  return resource === 'all' || resources.some((each) => each.id === resource) || claims.policyIds.includes(id)
}

// What is about agents is not about people who act themselves, nor about applications that act for them.
function isAboutActor({ agents }: Policy, agentId: string | undefined): boolean {
  if (agents === undefined) return true
  return agentId !== undefined && (agents === 'all' || agents.includes(agentId))
}

function isAboutUser({ users, tenant }: Policy, { account }: SignInSituation): boolean {
  const isUser = users === undefined || users.includes(account.user.username)
  return isUser && (tenant === undefined || tenant === account.tenant.id)
}
