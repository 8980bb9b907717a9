// What the person has to do at the authority before a click can go on, as plain values.
import type { BearerChallenge } from './challenge.ts'

/** Something that only the person can do. */
export type Need =
  /** Sign in so that the new token satisfies this claims request (JSON text). */
  | { readonly kind: 'claims'; readonly claims: string }
  /** Consent to what the middle tier does on the person's behalf. */
  | { readonly kind: 'consent' }
  /** Sign in, without anything special. */
  | { readonly kind: 'sign-in' }

/** Why the authority or an API asks, as far as a claims request tells. */
export type Reason = 'policy' | 'step-up' | 'fresh-sign-in' | 'consent' | 'sign-in'

/** What a challenge asks the person for. */
export function readNeed({ claims, wantsConsent }: BearerChallenge): Need {
  if (claims !== undefined) return { kind: 'claims', claims }
  return { kind: wantsConsent ? 'consent' : 'sign-in' }
}

/** Why something is needed, for the words about it. */
export function reasonOf(need: Need): Reason {
  if (need.kind !== 'claims') return need.kind
  const { access_token: wanted = {} } = JSON.parse(need.claims) as {
    readonly access_token?: Readonly<Record<string, unknown>>
  }
  if ('acrs' in wanted) return 'step-up'
  return 'nbf' in wanted ? 'fresh-sign-in' : 'policy'
}

/** Tells whether two needs are the same. */
export function keyOf(need: Need): string {
  return JSON.stringify(need)
}
