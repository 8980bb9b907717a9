// What the library tells its owner: typed events without a token in them, tied together by the trace id of the call.
import type { OutageReason } from './errors/errors.ts'

/** Which grant obtained a token. */
export type GrantName =
  'on_behalf_of' | 'token_exchange' | 'client_credentials' | 'refresh_token' | 'user_fic'

/** Where a token came from: this process, the shared store, or the authority. */
export type TokenOrigin = 'l1' | 'l2' | 'authority'

/**
 * Why the authority was asked for a token: none was cached, the cached one was in its last minutes or over, an API had rejected it with
 * a claims challenge, a new one was demanded, or it was renewed in the background before anybody had to wait.
 */
export type AcquisitionReason = 'not_cached' | 'expired' | 'claims' | 'force_refresh' | 'refreshed_ahead'

/** Whose token a downstream API is sent: one obtained on behalf of the caller, or the application's own. */
export type TokenKind = 'onBehalfOf' | 'app'

/** What was asked of this library. */
export type Operation =
  | 'acquire_token'
  | 'call_downstream'
  /** An SDK client that acts for a caller, or an error that was handed to `caller.relayed`. */
  | 'relay'
  | 'long_running'
  | 'revoke'
  | 'forget'
  | 'warm_up'
  | 'close'

/** Something that happened. Claims are the validated ones; tokens, secrets and assertions are never in an event. */
export type ObserverEvent =
  | {
      readonly type: 'token_validated'
      /** `user` or `app`. */
      readonly kind: 'user' | 'app'
      /** The Entra agent identity that holds the token, as `principal.agent`; `undefined` for every other caller. */
      readonly agent:
        | {
            readonly id: string
            readonly blueprintId: string | undefined
            readonly kind: 'onBehalfOf' | 'byItself' | 'userAccount'
          }
        | undefined
      /**
       * The claims that say who called, without a name: aud, iss, azp or appid, scp, roles, oid, tid, exp, iat, ver, uti, idtyp, and of an
       * agent xms_act_fct, xms_sub_fct, xms_par_app_azp. `oid` is the user's identifier in the directory.
       */
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
      /** A token could be neither accepted nor refused: there are no keys to verify it with, or the revocations cannot be read. */
      readonly type: 'authentication_failed'
      /** `authority_unavailable`, `token_store_failed`, or `configuration_invalid` for requirements that cannot be meant. */
      readonly code: string
      readonly reason: string | undefined
    }
  | {
      readonly type: 'token_acquired'
      readonly grant: GrantName
      readonly origin: TokenOrigin
      /** `undefined` when a cache gave it. Nobody waited for a token that was `refreshed_ahead`. */
      readonly reason: AcquisitionReason | undefined
      readonly scopes: readonly string[]
      /** `id` of the account, `undefined` for an app-only token. */
      readonly accountId: string | undefined
      /** Client id of the Entra agent identity that acts; `undefined` where the application itself does. */
      readonly agentId: string | undefined
      /** `client-request-id` of the exchange that first obtained this token, however long ago. */
      readonly correlationId: string
      /** Milliseconds since the epoch. */
      readonly expiresAtMs: number
      readonly durationMs: number
    }
  | {
      readonly type: 'token_requested'
      readonly grant: GrantName
      /** Client id of the Entra agent identity that acts; `undefined` where the application itself does. */
      readonly agentId: string | undefined
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
      /** Who is not sent there: everybody (`endpoint`), or the one caller that the authority told to wait (`caller`). */
      readonly whom: 'caller' | 'endpoint'
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
      /** Client id of the Entra agent identity that acts; `undefined` where the application itself does. */
      readonly agentId: string | undefined
      readonly scopes: readonly string[]
      readonly code: string
      /** Where the error has one, such as `session_unknown` or `consent_required`. */
      readonly reason: string | undefined
      /** AADSTS numbers, of a refusal of the authority. */
      readonly errorNumbers: readonly number[]
      /** What to do about it, when that is known. */
      readonly remedy: string | undefined
      /** Whether nobody waited: a renewal ahead of time, while the token at hand still serves. */
      readonly renewal: boolean
    }
  | {
      /** What was asked of this library failed: one event for each error that it throws at the application, but for a refused caller. */
      readonly type: 'operation_failed'
      readonly operation: Operation
      readonly code: string
      /** Where the error has one: of an `acquisition_impossible`, which guard refused before anything was sent. */
      readonly reason: string | undefined
      /** The name of the downstream API in `downstreamApis`; `undefined` where none is called. */
      readonly api: string | undefined
      /** HTTP status of the downstream API. */
      readonly downstreamStatus: number | undefined
    }
  | {
      readonly type: 'downstream_called'
      readonly api: string
      readonly method: string
      /** Path without the query, which may hold personal data. */
      readonly path: string
      readonly status: number | undefined
      readonly durationMs: number
      /** Whose token was sent: the caller's, obtained on behalf of, or the application's own. */
      readonly token: TokenKind
      /** 1 for the first sending of a call, 2 and more for retries and for the repetition after a challenge. */
      readonly attempt: number
    }
  | {
      /** A downstream API asked to be asked again later (429 or 503 with `Retry-After`), and will be. */
      readonly type: 'downstream_retried'
      readonly api: string
      readonly method: string
      readonly path: string
      readonly status: number
      /** Until it is sent again. */
      readonly waitMs: number
    }
  | {
      /** A redirect of a downstream API was followed, without the token, because `followRedirects` says so. */
      readonly type: 'downstream_redirected'
      readonly api: string
      /** Where it led; its path and query may be a credential. */
      readonly host: string
      /** `undefined` when no answer came. */
      readonly status: number | undefined
      readonly durationMs: number
    }
  | {
      /** A downstream API refused the token with a claims challenge. */
      readonly type: 'downstream_challenged'
      readonly api: string
      readonly path: string
      /** Names of the demanded claims, such as `nbf` or `acrs`; never what is demanded of them. */
      readonly claims: readonly string[]
      /**
       * `acquire`: a token with those claims is asked for, and the request sent once more with it. `relay`: our own caller gets the
       * challenge. `give_up`: the application's own token was refused, and nobody else has a better one.
       */
      readonly next: 'acquire' | 'relay' | 'give_up'
    }
  | { readonly type: 'keys_refreshed'; readonly authority: string; readonly kids: readonly string[] }
  | {
      readonly type: 'keys_failed'
      readonly authority: string
      /** `unavailable` may pass; anything else stays until somebody mends it. */
      readonly reason: OutageReason
      readonly message: string
      /** What the owner can do about it; `undefined` when there is nothing but to wait. */
      readonly remedy: string | undefined
    }
  | {
      /** A genuine token was refused by what our clock shows, and the authority's shows something else: once, until they agree again. */
      readonly type: 'clock_differs'
      /** Its issuer. */
      readonly authority: string
      /** By how much ours is ahead, as measured with the latest keys or metadata; less than 0 when it is behind. */
      readonly differenceMs: number
      /** Of the refusal: `expired`, `not_yet_valid` or `issued_in_future`. */
      readonly reason: string
    }
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

/** Two observers as one; that one throws does not keep the event from the other. */
export function both(first: Observer, second: Observer): Observer {
  return (event) => {
    try {
      first(event)
    } finally {
      second(event)
    }
  }
}

/** Tells the observer of one call; made per call, never shared between calls. */
export interface CallContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string | undefined
  readonly observe: (event: ObserverEvent) => void
  /** Whether nobody hears of what went well: an event that is dear to make and tells of no failure need not be made. Default `false`. */
  readonly quiet?: boolean
}

/** Who is told of what happens at one API. */
export interface Watcher {
  readonly observer: Observer | undefined
  readonly nowMs: () => number
  /** Is told of everything first, and of failures even if there is no observer: the log. Does not throw. */
  readonly hear: (event: ObserverEvent) => void
  /** The trace that is active, for a request; absent where nobody follows one. */
  readonly activeTraceId?: (() => string | undefined) | undefined
}

/**
 * Binds an observer to one call.
 *
 * @param traceId `undefined` for work that belongs to no request.
 * @param hear Is told of everything first, and of failures even if there is no observer: the log. Does not throw.
 */
export function createCallContext(
  observer: Observer | undefined,
  nowMs: () => number,
  traceId: string | undefined,
  hear: (event: ObserverEvent) => void = () => undefined,
): CallContext {
  if (observer === undefined) return { traceId, observe: hear, quiet: true }
  const watcher = { observer, nowMs, hear }
  return {
    traceId,
    observe: (event) => {
      tell(watcher, event, traceId)
    },
  }
}

/** Tells of one event, with its place in time and its call. */
export function tell(
  { observer, nowMs, hear }: Watcher,
  event: ObserverEvent,
  traceId: string | undefined,
): void {
  hear(event)
  if (observer === undefined) return
  try {
    // The event was made for this: to write on it costs a tenth of making another one.
    observer(Object.assign(event, { atMs: nowMs(), traceId }))
  } catch {
    // An observer that throws is its owner's bug; the request it watches must not notice.
  }
}
