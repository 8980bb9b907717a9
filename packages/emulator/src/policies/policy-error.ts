// The error for a demand that is not met, as the token endpoint and the redirect URI get it.
import { AadstsError, type AadstsDetails } from '../kernel/aadsts-error.ts'
import type { Application } from '../directory/model.ts'
import type { UserSession } from '../tokens/subject.ts'
import type { Demand } from './demands.ts'

/** What the error speaks about, and where it is sent from. */
export interface PolicyErrorSubject {
  readonly resource: Application
  readonly session: Pick<UserSession, 'authTime'>
  readonly endpoint: 'token' | 'token v1' | 'authorize'
}

const codes: Readonly<Record<Demand['kind'], number>> = {
  block: 53003,
  fresh_sign_in: 70043,
  registration: 50079,
  mfa: 50076,
}

/** 70043 speaks of a refresh token, its sibling of a session. */
const expiredSession = 70044

/** The error, with the claims that the client has to sign in again with. */
export function policyError(demand: Demand, subject: PolicyErrorSubject): AadstsError {
  const { resource, session, endpoint } = subject
  const isExpiredSession = demand.kind === 'fresh_sign_in' && endpoint === 'authorize'
  const lifetimes = demand.policies.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? [])
  const values = {
    resource: resource.id,
    issued: new Date(session.authTime * 1000).toISOString(),
    lifetime: String(Math.min(...lifetimes)),
  }
  const claims: AadstsDetails = { claims: { access_token: claimsOf(demand) } }
  // The v2 token endpoint says invalid_grant; documentation shows what the v1 endpoint says.
  const details: AadstsDetails = endpoint === 'token' ? claims : { ...claims, error: 'interaction_required' }
  return new AadstsError(isExpiredSession ? expiredSession : codes[demand.kind], values, details)
}

function claimsOf({ policies, authContexts }: Demand): Readonly<Record<string, unknown>> {
  const ids = policies.map(({ id }) => id)
  const [only, ...others] = authContexts
  const contexts = others.length === 0 ? { value: only } : { values: authContexts }
  return {
    ...(ids.length > 0 && { capolids: { essential: true, values: ids } }),
    ...(only !== undefined && { acrs: { essential: true, ...contexts } }),
  }
}
