// The one interface of acquiring: give a request, get an access token; everything else is a source around a source.
import type { Assertion } from '../protect/principal.ts'
import { Redacted } from '../kernel/redacted.ts'
import type { CallContext, GrantName, TokenOrigin } from '../kernel/observer.ts'

/** Gives access tokens. */
export interface TokenSource {
  acquire(request: TokenRequest): Promise<AccessToken>
}

/** One acquisition: what to ask for, on whose behalf, and where the answer is kept. Built once, then only read. */
export interface TokenRequest {
  readonly grant: GrantName
  /** Tenant whose token endpoint is asked; for a user, the tenant of the incoming token. */
  readonly tenantId: string
  /** Normalised, without the OpenID Connect scopes. */
  readonly scopes: readonly string[]
  /** The incoming token; for the on-behalf-of grant alone. */
  readonly assertion?: Assertion
  /** `oid.tid`; `undefined` for an app-only token. */
  readonly accountId: string | undefined
  /** Whose tokens live and die together: derived from the account and our client id. */
  readonly partition: string
  /** Digest over every input that changes the token. */
  readonly cacheKey: string
  /** A claims request (JSON text): bypasses the cache on reading and replaces the entry. */
  readonly claims?: string
  /** Skip the cache on reading, still replace the entry. */
  readonly forceRefresh: boolean
  /** Gives up waiting; the exchange itself goes on for others who wait for it. */
  readonly signal?: AbortSignal
  readonly context: CallContext
}

/** What {@link AccessToken} is built from. */
export interface AccessTokenFacts {
  readonly accessToken: string
  readonly tokenType: string
  readonly scopes: readonly string[]
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number
  /** When to renew in the background, milliseconds since the epoch. */
  readonly refreshAtMs: number
  readonly correlationId: string
  readonly origin: TokenOrigin
}

/** An access token for a downstream API. Its text is reached by `accessToken` alone: printing the object shows none of it. */
export class AccessToken {
  readonly tokenType: string
  /** Scopes as the authority granted them. */
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
  readonly refreshAtMs: number
  /** `client-request-id` of the exchange that obtained the token. */
  readonly correlationId: string
  /** Where this answer came from. */
  readonly origin: TokenOrigin
  readonly #value: Redacted

  constructor(facts: AccessTokenFacts) {
    this.#value = new Redacted(facts.accessToken)
    this.tokenType = facts.tokenType
    this.scopes = facts.scopes
    this.expiresAtMs = facts.expiresAtMs
    this.refreshAtMs = facts.refreshAtMs
    this.correlationId = facts.correlationId
    this.origin = facts.origin
  }

  /** The token itself, to be put into an `Authorization` header. */
  get accessToken(): string {
    return this.#value.reveal()
  }

  /** The same token, seen to come from somewhere else. */
  from(origin: TokenOrigin): AccessToken {
    return origin === this.origin ? this : new AccessToken({ ...this.facts(), origin })
  }

  /** The plain facts, token included: for an entry that is sealed or stays in memory. */
  facts(): AccessTokenFacts {
    const { accessToken, tokenType, scopes, expiresAtMs, refreshAtMs, correlationId, origin } = this
    return { accessToken, tokenType, scopes, expiresAtMs, refreshAtMs, correlationId, origin }
  }

  toString(): string {
    return '[access token]'
  }
}
