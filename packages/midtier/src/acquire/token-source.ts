// The one interface of acquiring: give a request, get an access token; everything else is a source around a source.
import type { AgentUserAccount } from '../grants/user-fic.ts'
import type { AcquisitionReason, CallContext, GrantName, TokenOrigin } from '../kernel/observer.ts'
import type { Redacted } from '../kernel/redacted.ts'
import type { Assertion } from '../protect/principal.ts'
import type { Slot } from '../token-cache/store.ts'

/** Gives access tokens. */
export interface TokenSource {
  acquire(request: TokenRequest): Promise<AccessToken>
}

/**
 * One acquisition: what to ask for, on whose behalf, and where the answer is kept.
 * Built once, by `acquire/request/requests.ts`, then only read.
 */
export interface TokenRequest {
  readonly grant: GrantName
  /** Tenant whose token endpoint is asked; for a user, the tenant of the incoming token. */
  readonly tenantId: string
  /** Normalised; for Entra without the OpenID Connect scopes. */
  readonly scopes: readonly string[]
  /** The downstream API as an authority other than Entra knows it; `undefined` for Entra, whose scopes name it. */
  readonly audience: string | undefined
  /** The incoming token; `undefined` for an app-only token. */
  readonly assertion: Assertion | undefined
  /** `exp` of the incoming token, milliseconds since the epoch. */
  readonly assertionExpiresAtMs: number | undefined
  /** `oid.tid`; `undefined` for an app-only token. */
  readonly accountId: string | undefined
  /**
   * Where the answer is kept. Its partition says whose tokens live and die together, derived from the account and our client id; its key
   * is exact text over every input that changes the token, for which outside the process its digest stands.
   */
  readonly slot: Slot
  /** A claims request (JSON text): the cached token is dropped, and the new one takes its place. */
  readonly claims: string | undefined
  /** Skip the cache on reading, still replace the entry. */
  readonly forceRefresh: boolean
  /** Answer from the cache or not at all: nothing is exchanged. */
  readonly cacheOnly: boolean
  /** A cached token past its `refreshAtMs` does not do: set by the background renewal alone. */
  readonly renewal: boolean
  /** Set by the cache that found a token in its last minutes, or past its end. */
  readonly expired?: true
  /** The Entra agent identity that the token is about; `undefined` where the application itself acts. */
  readonly agent: AgentExchange | undefined
  /** The long-running session that the token is for; `undefined` for a token of one request. */
  readonly session: SessionExchange | undefined
  /** Gives up waiting; the exchange itself goes on for others who wait for it. */
  readonly signal: AbortSignal | undefined
  /** Longest wait for a token that is not cached; `undefined` leaves it to the limits of store and authority. */
  readonly timeoutMs: number | undefined
  /** What the authority is to log the exchange with; `undefined` for a fresh id. */
  readonly correlationId: string | undefined
  readonly context: CallContext
}

/** What an agent adds to an acquisition. */
export interface AgentExchange {
  /** Its client id: who asks, or, with `proof`, whom the application asks for. */
  readonly id: string
  /**
   * What the agent shows in place of a credential of its own, and, where it acts through its user account, what it shows for that. Without:
   * it is this that is asked for, by the application.
   */
  readonly proof:
    { readonly agent: () => TokenRequest; readonly user: (() => TokenRequest) | undefined } | undefined
  /** The same, acquired; put in at the last moment by `with-agents.ts`. */
  readonly shown: { readonly agent: Redacted; readonly user: Redacted | undefined } | undefined
  /** The user account through which it acts; `undefined` where it does not. */
  readonly user: AgentUserAccount | undefined
}

/** What a long-running session adds to an acquisition. */
export interface SessionExchange {
  /** SHA-256 of the session key: names what is kept, and opens nothing. */
  readonly digest: string
  /** When the session began, milliseconds since the epoch. */
  readonly startedAtMs: number
  /** When the session is over, by the same clock. */
  readonly endsAtMs: number
  /** Shown to the authority in place of an assertion; found in the shared store at the last moment, by `with-sessions.ts`. */
  readonly refreshToken: Redacted | undefined
  /** Is handed the refresh token of the answer. */
  readonly receive: ((refreshToken: Redacted) => void) | undefined
}

/** What {@link AccessToken} is built from. */
export interface AccessTokenFacts {
  readonly accessToken: string
  readonly tokenType: string
  readonly scopes: readonly string[]
  /** When it was asked for, milliseconds since the epoch. */
  readonly acquiredAtMs: number
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number
  /** When to renew in the background, milliseconds since the epoch. */
  readonly refreshAtMs: number
  readonly correlationId: string
  readonly origin: TokenOrigin
  /** Why the authority was asked. Default: it was not. */
  readonly reason?: AcquisitionReason | undefined
}

/** Why a request reaches the authority: what its caller wants, or what the cache found. */
export function acquisitionReason({
  claims,
  forceRefresh,
  renewal,
  expired,
}: TokenRequest): AcquisitionReason {
  if (claims !== undefined) return 'claims'
  if (renewal) return 'refreshed_ahead'
  if (forceRefresh) return 'force_refresh'
  return expired === true ? 'expired' : 'not_cached'
}

/** The text of a token, which nothing that prints the object comes to. */
class TokenText {
  /** Inspection lists the getters of a class, but for those by the name of one of the language's own. */
  static readonly name: string = 'Object'
  /** Private to the language, not only to the compiler. */
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The token itself, to be put into an `Authorization` header. */
  get accessToken(): string {
    return this.#value
  }
}

/** An access token for a downstream API. Its text is reached by `accessToken` alone: printing the object shows none of it. */
export class AccessToken extends TokenText {
  static override readonly name: string = 'AccessToken'
  readonly tokenType: string
  /** Scopes as the authority granted them. */
  readonly scopes: readonly string[]
  /** When it was asked for, milliseconds since the epoch by the clock of the process that did. */
  readonly acquiredAtMs: number
  readonly expiresAtMs: number
  readonly refreshAtMs: number
  /** `client-request-id` of the exchange that obtained the token. */
  readonly correlationId: string
  /** Where this answer came from. */
  readonly origin: TokenOrigin
  /** Why the authority was asked for it; `undefined` for a token from a cache. */
  readonly reason: AcquisitionReason | undefined

  constructor(facts: AccessTokenFacts) {
    super(facts.accessToken)
    this.tokenType = facts.tokenType
    this.scopes = facts.scopes
    this.acquiredAtMs = facts.acquiredAtMs
    this.expiresAtMs = facts.expiresAtMs
    this.refreshAtMs = facts.refreshAtMs
    this.correlationId = facts.correlationId
    this.origin = facts.origin
    this.reason = facts.reason
    Object.freeze(this) // one object for all who are given it
  }

  /** The same token, seen to come from somewhere else. */
  from(origin: TokenOrigin): AccessToken {
    return origin === this.origin ? this : new AccessToken({ ...this.facts(), origin })
  }

  /** The same token, to be renewed at another time: after a renewal that failed, it is left alone for a while. */
  renewAt(refreshAtMs: number): AccessToken {
    return new AccessToken({ ...this.facts(), refreshAtMs })
  }

  /** The plain facts, token included: for an entry that is sealed or stays in memory. Why this answer was asked for is none of them. */
  facts(): AccessTokenFacts {
    const { accessToken, tokenType, scopes, acquiredAtMs, expiresAtMs, refreshAtMs, correlationId, origin } =
      this
    return { accessToken, tokenType, scopes, acquiredAtMs, expiresAtMs, refreshAtMs, correlationId, origin }
  }

  override toString(): string {
    return '[access token]'
  }
}
