// The claims challenge among the challenges of an answer: what a new sign-in has to satisfy, and nothing else of what a stranger wrote.
import { parseClaimsRequest, relayableClaims } from '../kernel/claims-request.ts'
import { isJsonObject } from '../kernel/json.ts'
import type { Challenge } from './parse-challenges.ts'

/** What is taken over from a Bearer challenge with `insufficient_claims`. */
export interface ClaimsChallenge {
  /** The claims request as JSON text, written anew from what was parsed: `access_token`, `id_token` and `userinfo` alone. */
  readonly claims: string
}

/**
 * The first Bearer challenge whose error is `insufficient_claims` and whose `claims` are a claims request in base64, base64url or
 * JSON; `undefined` when there is none.
 *
 * Does not take over where to sign in: an `authorization_uri` of somebody else's would send people to a page that looks like ours.
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 * @example
 * ```ts
 * const challenge = findClaimsChallenge(parseChallenges(response.headers))
 * if (challenge !== undefined) await caller.acquireToken({ scopes: ['User.Read'], claims: challenge.claims })
 * ```
 */
export function findClaimsChallenge(challenges: readonly Challenge[]): ClaimsChallenge | undefined {
  for (const { scheme, parameters } of challenges) {
    if (scheme !== 'bearer' || parameters.get('error') !== 'insufficient_claims') continue
    const claims = relayableClaims(parameters.get('claims'))
    if (claims !== undefined) return Object.freeze({ claims })
  }
  return undefined
}

/** Whether any new sign-in will do: nothing but an instant (`nbf`) is demanded, as after a revocation. */
export function demandsOnlyNewSignIn(claims: string): boolean {
  const places = Object.values(parseClaimsRequest(claims) ?? {})
  const names = places.flatMap((place) => (isJsonObject(place) ? Object.keys(place) : ['unknown']))
  return names.length > 0 && names.every((name) => name === 'nbf')
}
