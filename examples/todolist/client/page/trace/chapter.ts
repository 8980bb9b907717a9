// What the drawing tells, piece by piece: calls of the page, and the sign-ins between them.
import type { Need } from '../need.ts'
import type { BrowserCall } from '../middle-tier.ts'

/** A visit to the authority in the middle of a flow. */
export interface SignIn {
  /** What it was for. */
  readonly need: Need
  /** `client-request-id` of the visit, by which the authority's log knows it. */
  readonly correlationId: string
  /** AADSTS number, or what else the authority said, when it ended without what was needed. */
  readonly failure?: string
}

/** A piece of what happened. */
export type Chapter =
  { readonly kind: 'call'; readonly call: BrowserCall } | ({ readonly kind: 'sign-in' } & SignIn)
