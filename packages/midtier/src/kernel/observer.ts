// What the library tells its owner: typed events without a token in them, tied together by the trace id of the call.

/** Which grant obtained a token. */
export type GrantName = 'on_behalf_of' | 'token_exchange' | 'client_credentials' | 'refresh_token'

/** Where a token came from: this process, the shared store, or the authority. */
export type TokenOrigin = 'l1' | 'l2' | 'authority'

/** Something that happened. Claims are the validated ones; tokens, secrets and assertions are never in an event. */
export type ObserverEvent =
  | {
      readonly type: 'token_validated'
      /** `user` or `app`. */
      readonly kind: 'user' | 'app'
      /** The claims that say who called: aud, azp or appid, scp, roles, oid, tid, exp, ver, uti. */
      readonly claims: Readonly<Record<string, unknown>>
      readonly fromCache: boolean
      readonly durationMs: number
    }
  | {
      readonly type: 'token_refused'
      readonly status: number
      readonly error: string | undefined
      readonly reason: string
    }
  | {
      readonly type: 'token_acquired'
      readonly grant: GrantName
      readonly origin: TokenOrigin
      readonly scopes: readonly string[]
      /** `oid.tid` of the account, `undefined` for an app-only token. */
      readonly accountId: string | undefined
      /** `client-request-id` of the exchange that first obtained this token, however long ago. */
      readonly correlationId: string
      /** Milliseconds since the epoch. */
      readonly expiresAtMs: number
      readonly durationMs: number
    }
  | {
      readonly type: 'token_requested'
      readonly grant: GrantName
      readonly tenantId: string
      readonly scopes: readonly string[]
      /** HTTP status of the token endpoint; `undefined` when no answer came. */
      readonly status: number | undefined
      readonly error: string | undefined
      readonly errorNumbers: readonly number[]
      readonly correlationId: string
      readonly durationMs: number
    }
  | {
      /** The token endpoint of a tenant is left alone for a while: a cached token still serves, everything else is refused at once. */
      readonly type: 'authority_paused'
      readonly tenantId: string
      /** `throttled`: it asked us to pause (429). `failing`: too many failures in a row. */
      readonly reason: 'throttled' | 'failing'
      /** Until it is asked again. */
      readonly pauseMs: number
    }
  /** A token endpoint that was left alone for failing answers again. */
  | { readonly type: 'authority_recovered'; readonly tenantId: string }
  | {
      readonly type: 'acquisition_failed'
      readonly grant: GrantName
      readonly scopes: readonly string[]
      readonly code: string
    }
  | {
      readonly type: 'downstream_called'
      readonly api: string
      readonly method: string
      /** Path without the query, which may hold personal data. */
      readonly path: string
      readonly status: number | undefined
      readonly durationMs: number
    }
  | { readonly type: 'keys_refreshed'; readonly authority: string; readonly kids: readonly string[] }
  | { readonly type: 'keys_failed'; readonly authority: string; readonly message: string }
  | { readonly type: 'store_failed'; readonly operation: string; readonly message: string }

/** An event with its place in time and its call. */
export type ObservedEvent = ObserverEvent & {
  /** Milliseconds since the epoch. */
  readonly atMs: number
  /** W3C trace id of the incoming request; `undefined` for work that belongs to no request. */
  readonly traceId: string | undefined
}

/** Receives events synchronously; what it throws is dropped, so that watching can never break a request. */
export type Observer = (event: ObservedEvent) => void

/** Tells the observer of one call; made per call, never shared between calls. */
export interface CallContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string | undefined
  readonly observe: (event: ObserverEvent) => void
}

/** Where events go when nobody listens. Told apart by identity, so that an event that is dear to make is not made for it. */
export const ignoreEvents = (): void => undefined

/** Binds an observer to one call. */
export function createCallContext(
  observer: Observer | undefined,
  nowMs: () => number,
  traceId: string | undefined,
): CallContext {
  if (observer === undefined) return { traceId, observe: ignoreEvents }
  return {
    traceId,
    observe: (event) => {
      try {
        observer({ ...event, atMs: nowMs(), traceId })
      } catch {
        // An observer that throws is its owner's bug; the request it watches must not notice.
      }
    },
  }
}
