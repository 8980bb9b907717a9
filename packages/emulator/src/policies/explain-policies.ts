// What became of every policy in one sign-in, in words: asked of the same rules that decide.
import type { Policy } from '../directory/policy.ts'
import type { PolicyResult } from '../kernel/policy-result.ts'
import type { UserSession } from '../tokens/subject.ts'
import {
  demandedContexts,
  findAllUnmet,
  whyNotApplicable,
  type Demand,
  type SignInSituation,
} from './demands.ts'
import type { Policies } from './policies.ts'

const maximumResults = 50

/** Every policy with what became of it. Those that applied come first, and at most 50 are told. */
export function explainPolicies(policies: Policies, situation: SignInSituation): readonly PolicyResult[] {
  const contexts = demandedContexts(policies, situation)
  const unmet = findAllUnmet(policies, situation)
  const results = policies.list().map((policy): PolicyResult => {
    const { id, name, enabled } = policy
    if (!enabled) return { id, name, verdict: 'off' }
    const because = whyNotApplicable(policy, situation, contexts)
    if (because !== undefined) return { id, name, verdict: 'not_applied', because }
    return { id, name, verdict: unmet.has(id) ? 'unmet' : 'met', because: compare(policy, situation) }
  })
  return results.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict)).slice(0, maximumResults)
}

const order: readonly PolicyResult['verdict'][] = ['unmet', 'met', 'not_applied', 'off']

/** How a session was signed in to, in words. */
export function describeSession({ amr, authContexts = [] }: UserSession): string {
  const contexts = authContexts.length === 0 ? '' : `, authentication contexts ${authContexts.join(', ')}`
  return `signed in by ${amr.join(', ')}${contexts}`
}

const demanded: Readonly<Record<Demand['kind'], string>> = {
  block: 'nobody',
  fresh_sign_in: 'a fresh sign-in',
  registration: 'a second step, registered first',
  mfa: 'a second step (mfa)',
}

/** What is demanded, in words. */
export function describeDemand({ kind, authContexts }: Demand): string {
  return [demanded[kind], ...authContexts].join(', ')
}

function compare(policy: Policy, { session, ageSeconds }: SignInSituation): string {
  switch (policy.kind) {
    case 'block':
      return 'it lets nobody in'
    case 'sign_in_frequency':
      return `it demands a sign-in of the last ${String(policy.maxAgeSeconds ?? 0)} s, this one is ${String(Math.max(0, ageSeconds))} s old`
    case 'require_auth_context':
      return `it demands the authentication context ${policy.authContext ?? ''}, the session has amr ${session.amr.join(', ')}`
    case 'require_mfa':
    case 'require_registration':
      return `it demands amr with mfa, the session has ${session.amr.join(', ')}`
  }
}
