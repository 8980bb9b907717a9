// The error taxonomy: a failure is somebody's (the caller's, ours, the authority's, the store's), and the class says whose.
import { errorMark } from './marks.ts'
import { summarizeCause } from './safe-cause.ts'

/**
 * What every error of this library has: a stable `code`, and JSON and inspection that cannot leak a token.
 *
 * To recognise one, ask `isMidtierError`: `instanceof` does not see the errors of another copy of this package.
 */
export abstract class MidtierError extends Error {
  /** Written out in every class: a bundler that shortens names would otherwise rename the errors in every log. */
  static override readonly name: string = 'MidtierError'
  /** Stable, machine-readable; listed in `docs/errors.md`. */
  abstract readonly code: string

  static {
    Object.defineProperty(this.prototype, errorMark, { value: true })
  }

  /** @param options Of a `cause` that is not of this library, a summary is kept: it may hold the request, and the token in it. */
  constructor(message: string, options?: ErrorOptions) {
    const cause = summarizeCause(options?.cause)
    super(message, cause === undefined ? {} : { cause })
    this.name = new.target.name
  }

  /** The facts that are safe in a log; never a token, a secret or a response body. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, code: this.code, message: this.message }
  }
}

/** Options that cannot work: thrown by `createWebApi` at once, never by a request. */
export class ConfigurationError extends MidtierError {
  static override readonly name: string = 'ConfigurationError'
  readonly code = 'configuration_invalid'
  /** The option at fault, as a path: `downstreamApis.graph.baseUrl`. */
  readonly option: string

  constructor(option: string, message: string, options?: ErrorOptions) {
    super(`${option}: ${message}`, options)
    this.option = option
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), option: this.option }
  }
}

/** The wire errors of RFC 6750 §3.1, and Entra's `insufficient_claims`. */
export type BearerErrorName =
  'invalid_request' | 'invalid_token' | 'insufficient_scope' | 'insufficient_claims'

/** This API as a challenge names it; set once by the API that lets the error out. */
export interface ResourceFacts {
  /** Where its callers sign in; absent for an issuer other than Entra, whose clients go by the metadata. */
  readonly authorizationUri?: string | undefined
  readonly clientId: string
  /** Where its protected-resource metadata is (RFC 9728 §5.1); absent when it has none. */
  readonly resourceMetadata?: string | undefined
  /** Its scopes as a client asks the authority for them, `api://…/access_as_user`; absent when they are not known. */
  readonly requestableScopes?: readonly string[] | undefined
  /** How its answers ask for the person. Default `rfc6750`. */
  readonly challengeStyle?: ChallengeStyle
}

/** `rfc6750`: a challenge that any parser reads. `identity-web`: the 403 of Microsoft.Identity.Web, for clients written against it. */
export type ChallengeStyle = 'rfc6750' | 'identity-web'

/** What {@link BearerError} is built from. */
export interface BearerRefusal {
  readonly status: 400 | 401 | 403
  /** Absent when the request carried no credentials at all (RFC 6750 §3.1). */
  readonly error?: BearerErrorName
  /** Stable name of the check that refused, such as `audience` or `expired`. */
  readonly reason: string
  /** For the caller: what is wrong and what to do next. Never holds a value taken from the token. */
  readonly description: string
  /** Scopes of which the caller lacks at least one; announced as `scope="…"`. */
  readonly scopes?: readonly string[] | undefined
  /** A claims request (JSON) that the caller's next sign-in has to satisfy; announced as base64. */
  readonly claims?: string | undefined
  /** For the owner's log alone: what was wanted and what came. */
  readonly expected?: string | undefined
  readonly actual?: string | undefined
}

/** The request is refused, and the challenge says what its sender can do about it. */
export class BearerError extends MidtierError {
  static override readonly name: string = 'BearerError'
  readonly code = 'bearer_refused'
  readonly status: 400 | 401 | 403
  readonly error: BearerErrorName | undefined
  readonly reason: string
  readonly description: string
  readonly scopes: readonly string[] | undefined
  readonly claims: string | undefined
  readonly expected: string | undefined
  readonly actual: string | undefined
  /** The API that refused; `undefined` until it lets the error out. */
  resource: ResourceFacts | undefined
  /** W3C trace id of the refused request; `undefined` until then. */
  traceId: string | undefined

  constructor(refusal: BearerRefusal, options?: ErrorOptions) {
    super(refusal.description, options)
    this.status = refusal.status
    this.error = refusal.error
    this.reason = refusal.reason
    this.description = refusal.description
    this.scopes = refusal.scopes
    this.claims = refusal.claims
    this.expected = refusal.expected
    this.actual = refusal.actual
  }

  override toJSON(): Record<string, unknown> {
    const { status, error, reason, expected, actual } = this
    return { ...super.toJSON(), status, error, reason, expected, actual }
  }
}

/** What the authority answered to a token request it refused (RFC 6749 §5.2 and Entra's additions). */
export interface TokenErrorFacts {
  /** `error` on the wire: `invalid_grant`, `invalid_client`, … */
  readonly error: string
  readonly errorDescription?: string
  readonly suberror?: string
  /** AADSTS numbers: advice for a person, never to be branched on. */
  readonly errorNumbers: readonly number[]
  /** Entra's claims request as JSON text, written anew from what it sent. */
  readonly claims?: string
  readonly correlationId?: string
  readonly traceId?: string
  readonly status: number
  /** The scopes that were asked for. */
  readonly scopes: readonly string[]
  /** What the owner can do about it, by the AADSTS number; for the log, never for the caller. Absent when nothing is known. */
  readonly remedy?: string
  /** `resource` when a downstream API sent the challenge instead of the authority. Default `authority`. */
  readonly origin?: ChallengeOrigin
}

/** Who wants the person: the authority by refusing a token, or a downstream API by refusing the token it was sent. */
export type ChallengeOrigin = 'authority' | 'resource'

/** The authority refused a token request, and it is ours to fix: a wrong secret, an unknown scope, a missing registration. */
export class TokenRequestError extends MidtierError {
  static override readonly name: string = 'TokenRequestError'
  readonly code: 'token_request_refused' | 'interaction_required' = 'token_request_refused'
  readonly facts: TokenErrorFacts
  readonly reason: RefusalReason

  constructor(
    message: string,
    facts: TokenErrorFacts,
    options: ErrorOptions & { readonly reason?: RefusalReason } = {},
  ) {
    super(message, options)
    this.facts = facts
    this.reason = options.reason ?? 'misconfigured'
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), ...this.facts, reason: this.reason }
  }
}

/** Why the authority refused: a reason for the person, or one of the two that are not. */
export type RefusalReason =
  | InteractionReason
  /** A wrong secret, an unknown scope, a missing registration. */
  | 'misconfigured'
  /** An error that no specification and no AADSTS number known here explains. */
  | 'unknown_error'

/** Why the person has to act before a token can be had. */
export type InteractionReason =
  /** Consent for the downstream scopes is missing. */
  | 'consent_required'
  /** The authority sent a claims request: MFA, a compliant device, an authentication context. */
  | 'claims_required'
  /** The incoming token can no longer be exchanged: expired, its session was revoked, or its signing key was withdrawn. */
  | 'sign_in_required'
  /** Policy says no, or the account is disabled, of another tenant, not assigned: signing in again will not help. */
  | 'blocked'
  /** `acquireTokenSilent` found nothing in the cache. */
  | 'no_token_cached'

/** What the API that lets an {@link InteractionRequiredError} out knows of the request that it answers. */
export interface InteractionRequest {
  /** W3C trace id. */
  readonly traceId?: string | undefined
  /** Where the person or an administrator consents to the scopes; for `consent_required` alone. */
  readonly consentUrl?: string
  /**
   * Why the claims are kept back. `caller_incapable`: the client does not say that it understands claims challenges. `challenge_loop`:
   * it was sent the same challenge a moment ago, and has come back with a new token that does not satisfy it either.
   */
  readonly withheld?: 'caller_incapable' | 'challenge_loop'
  /** Whether the token of the caller is over, though within the tolerance for clocks that differ: a new one may be all that is missing. */
  readonly expired?: boolean
}

/** The authority wants the person: it becomes a challenge to our own caller. */
export class InteractionRequiredError extends TokenRequestError {
  static override readonly name: string = 'InteractionRequiredError'
  override readonly code = 'interaction_required'
  declare readonly reason: InteractionReason
  /** Who wants the person. A challenge of a `resource` may be withheld from callers that cannot answer it; the authority's may not. */
  readonly origin: ChallengeOrigin
  /** The API that its caller has to sign in for again; `undefined` until it lets the error out. */
  resource: ResourceFacts | undefined
  /** The request that it answers; `undefined` until then. */
  request: InteractionRequest | undefined

  constructor(message: string, reason: InteractionReason, facts: TokenErrorFacts, options?: ErrorOptions) {
    super(message, facts, { ...options, reason })
    this.origin = facts.origin ?? 'authority'
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), origin: this.origin }
  }
}

/** A token request that cannot succeed was not even sent: an ID token as assertion, scopes of two resources, … */
export class AcquisitionError extends MidtierError {
  static override readonly name: string = 'AcquisitionError'
  readonly code = 'acquisition_impossible'
  /** Stable name of the guard that refused, such as `several_resources`. */
  readonly reason: string

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), reason: this.reason }
  }
}

/** What is known of an outage beyond that it is one. */
export interface OutageOptions extends ErrorOptions {
  /** Whether the authority said how long to wait (`Retry-After`). Default `false`: the wait is our own guess. */
  readonly retryAfterTold?: boolean
  /** Whether it answered that we ask too often (429). Default `false`. */
  readonly throttled?: boolean
  /** Default `unavailable`. */
  readonly reason?: OutageReason | undefined
  /** What the owner can do about it; for the log, never for the caller. */
  readonly remedy?: string | undefined
}

/** Why an authority cannot be asked. All but the first stay until somebody mends them, whatever is waited. */
export type OutageReason =
  /** Down, slow, overloaded, or answering nonsense. */
  | 'unavailable'
  /** The tenant does not exist in this cloud. */
  | 'tenant_not_found'
  /** There is nothing at its address (404). */
  | 'address_not_found'
  /** The host is not known to the DNS. */
  | 'host_not_found'
  /** Its certificate is not trusted here. */
  | 'tls_untrusted'
  /** Its metadata are about another issuer, or name keys elsewhere. */
  | 'issuer_mismatch'

/** The authority cannot be reached, is overloaded or answers nonsense: 503 outwards, never 401. */
export class AuthorityUnavailableError extends MidtierError {
  static override readonly name: string = 'AuthorityUnavailableError'
  readonly code = 'authority_unavailable'
  /** Seconds after which another try makes sense. */
  readonly retryAfterSeconds: number
  /** Whether the authority itself named those seconds. */
  readonly retryAfterTold: boolean
  /** Whether it is not down but tells us that we ask too often. */
  readonly throttled: boolean
  readonly reason: OutageReason
  /** What the owner can do about it; `undefined` when there is nothing but to wait. */
  readonly remedy: string | undefined

  constructor(message: string, retryAfterSeconds: number, options: OutageOptions = {}) {
    super(message, options)
    this.retryAfterSeconds = retryAfterSeconds
    this.retryAfterTold = options.retryAfterTold ?? false
    this.throttled = options.throttled ?? false
    this.reason = options.reason ?? 'unavailable'
    this.remedy = options.remedy
  }

  override toJSON(): Record<string, unknown> {
    const { retryAfterSeconds, reason, remedy } = this
    return { ...super.toJSON(), retryAfterSeconds, reason, remedy }
  }
}

/** The token store failed: reported to the observer and treated as a miss, thrown only where nothing else can be done. */
export class TokenStoreError extends MidtierError {
  static override readonly name: string = 'TokenStoreError'
  readonly code = 'token_store_failed'
}

/** What is known of a downstream API's answer beside its status. */
export interface DownstreamFacts extends ErrorOptions {
  readonly retryAfterSeconds?: number | undefined
  readonly requestId?: string | undefined
  readonly clientRequestId?: string | undefined
}

/** The body of an answer, which nothing that prints the error comes to. */
abstract class AnswerBody extends MidtierError {
  /** Inspection lists the getters of a class, but for those by the name of one of the language's own. */
  static override readonly name: string = 'Object'
  readonly #body: string

  constructor(message: string, body: string, options: ErrorOptions) {
    super(message, options)
    this.#body = body
  }

  /** At most 4 KiB of the answer's body; for the owner, not part of `toJSON`, and not a property: no logger or inspection prints it. */
  get body(): string {
    return this.#body
  }
}

/** The downstream API answered with something other than success, and the caller asked for its content. */
export class DownstreamError extends AnswerBody {
  static override readonly name: string = 'DownstreamError'
  readonly code = 'downstream_failed'
  /** Name of the API in `downstreamApis`. */
  readonly api: string
  /**
   * HTTP status of the API's answer; `undefined` when no answer came. Not called `status`, which web frameworks would take for the
   * status that our own answer is to have.
   */
  readonly downstreamStatus: number | undefined
  /** `Retry-After` of the answer in seconds; `undefined` when it named none. */
  readonly retryAfterSeconds: number | undefined
  /** What the API calls this request in its own log, as Microsoft Graph's `request-id`: for a support case. */
  readonly requestId: string | undefined
  /** What the request was called by whoever sent it (`client-request-id`), when the API repeats it. */
  readonly clientRequestId: string | undefined

  constructor(
    api: string,
    message: string,
    downstreamStatus: number | undefined,
    body = '',
    options: DownstreamFacts = {},
  ) {
    super(message, body, options)
    this.api = api
    this.downstreamStatus = downstreamStatus
    this.retryAfterSeconds = options.retryAfterSeconds
    this.requestId = options.requestId
    this.clientRequestId = options.clientRequestId
  }

  override toJSON(): Record<string, unknown> {
    const { api, downstreamStatus, requestId, clientRequestId } = this
    return { ...super.toJSON(), api, downstreamStatus, requestId, clientRequestId }
  }
}
