// What the drawing tells, piece by piece: calls of the page, and the sign-ins between them.
import type { Need } from '../need.ts'
import type { BrowserCall } from '../middle-tier.ts'
import type { CalledApi } from '../session.ts'
import { endOf } from '../sign-in-end.ts'

/** A visit to the authority in the middle of a flow. */
export interface SignIn {
  /** What it was for. */
  readonly need: Need
  /** The API that the new token is for. */
  readonly api: CalledApi
  /** `client-request-id` of the visit, by which the authority's log knows it. */
  readonly correlationId: string
  /** AADSTS number, `cancelled`, or what else the authority said, when it ended without what was needed. */
  readonly failure?: string
}

/** A piece of what happened. */
export type Chapter =
  { readonly kind: 'call'; readonly call: BrowserCall } | ({ readonly kind: 'sign-in' } & SignIn)

/** In the order in which they were asked for. */
export function tellCalls(calls: readonly BrowserCall[]): readonly Chapter[] {
  return [...calls].sort((a, b) => a.number - b.number).map((call) => ({ kind: 'call', call }))
}

/** The call without the token itself, for what outlives the page: its claims may be kept, the token may not. */
export function forgetToken(call: BrowserCall): BrowserCall {
  const { claims, fromCache, durationMs } = call.token
  return { ...call, token: { claims, fromCache, durationMs } }
}

/** The sign-in that failed is the last thing that happened. */
export function withFailure(chapters: readonly Chapter[], error: Error): readonly Chapter[] {
  const said = endOf(error) === 'cancelled' ? 'cancelled' : 'no success'
  const failure = /AADSTS\d+/.exec(error.message)?.[0] ?? said
  return chapters.map((chapter, index) =>
    chapter.kind === 'sign-in' && index === chapters.length - 1 ? { ...chapter, failure } : chapter,
  )
}
