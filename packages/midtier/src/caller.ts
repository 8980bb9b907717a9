// What a handler holds: who called, and tokens and APIs on behalf of that caller and nobody else.
import type { AcquireOptions } from './acquire/requests.ts'
import type { AccessToken } from './acquire/token-source.ts'
import { AnsweredChallenges } from './call/claims-challenge.ts'
import { createDownstreamApi, type DownstreamApi } from './call/downstream-api.ts'
import type { DownstreamSettings } from './call/downstream-settings.ts'
import { tokenKindFor } from './call/token-kind.ts'
import { AcquisitionError, type InteractionRequiredError } from './kernel/errors.ts'
import { orLeave } from './kernel/exit-note.ts'
import type { Fetch } from './kernel/http.ts'
import { callerMark } from './kernel/marks.ts'
import type { CallContext, Operation } from './kernel/observer.ts'
import { systemRandom } from './kernel/random.ts'
import { systemSleep } from './kernel/sleep.ts'
import type { Principal } from './protect/principal.ts'
import type { Account } from './token-cache/account.ts'

/** How a caller gets tokens; `web-api.ts` binds these to one request. */
export interface CallerTokens {
  silent(options: AcquireOptions): Promise<AccessToken>
  onBehalfOf(options: AcquireOptions): Promise<AccessToken>
  /** The application's own for the API that delegated scopes name, in the tenant in which this caller is served. */
  forClient(options: AcquireOptions): Promise<AccessToken>
}

/** What a caller is made of; `web-api.ts` makes one per request. */
export interface CallerParts {
  readonly principal: Principal
  readonly account: Account | undefined
  readonly context: CallContext
  readonly downstreamApis: ReadonlyMap<string, DownstreamSettings>
  readonly fetch: Fetch
  readonly nowMs: () => number
  readonly passedMs: () => number
  readonly tokens: CallerTokens
  /** Makes an error of this request ready to be seen outside. */
  readonly letOut: (error: InteractionRequiredError) => InteractionRequiredError
  /** The error with which this request fails, told to the observer. */
  readonly leave: (error: unknown, where: { readonly operation: Operation; readonly api?: string }) => unknown
}

/** The validated sender of one request. Belongs to that request: do not keep it. */
export class Caller {
  /** The validated claims, scopes, roles, tenant and client. */
  readonly principal: Principal
  /** Whose tokens are cached: `{ id: 'oid.tid', … }`; `undefined` for an application calling by itself. */
  readonly account: Account | undefined
  readonly #parts: CallerParts
  #challenges: AnsweredChallenges | undefined

  static {
    Object.defineProperty(this.prototype, callerMark, { value: true })
  }

  constructor(parts: CallerParts) {
    this.principal = parts.principal
    this.account = parts.account
    this.#parts = parts
  }

  /**
   * A token from the cache; never asks the authority on behalf of the caller.
   *
   * @throws InteractionRequiredError `no_token_cached` when there is none; AcquisitionError when the request cannot work.
   */
  acquireTokenSilent(request: AcquireOptions): Promise<AccessToken> {
    return this.#acquire((tokens) => tokens.silent(request))
  }

  /**
   * A new token on behalf of the caller, whatever is cached.
   *
   * @throws InteractionRequiredError when the person has to act; TokenRequestError when our registration is at fault;
   *   AuthorityUnavailableError during an outage.
   * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
   */
  acquireTokenOnBehalfOf(request: AcquireOptions): Promise<AccessToken> {
    return this.#acquire((tokens) => tokens.onBehalfOf({ ...request, forceRefresh: true }))
  }

  /** A token from the cache, or else on behalf of the caller: what handlers use. Errors as {@link Caller.acquireTokenOnBehalfOf}. */
  acquireToken(request: AcquireOptions): Promise<AccessToken> {
    return this.#acquire((tokens) => tokens.onBehalfOf(request))
  }

  /** The downstream API of that name, for this caller. @throws AcquisitionError when no such API is configured. */
  downstream(name: string): DownstreamApi {
    const settings = this.#parts.downstreamApis.get(name)
    const { context, fetch, nowMs, passedMs, tokens, letOut, leave } = this.#parts
    if (settings === undefined)
      throw leave(unknownApi(name, [...this.#parts.downstreamApis.keys()]), { operation: 'call_downstream' })
    const tokenKind = tokenKindFor(settings.token, this.principal.kind)
    this.#challenges ??= new AnsweredChallenges()
    const api = createDownstreamApi(settings, {
      context,
      fetch,
      nowMs,
      passedMs,
      sleep: systemSleep,
      random: systemRandom,
      tokenKind,
      acquire:
        tokenKind === 'app'
          ? (options) => tokens.forClient(options)
          : (options) => tokens.onBehalfOf(options),
      challenges: this.#challenges,
      letOut,
    })
    return leavingApi(api, (error) => leave(error, { operation: 'call_downstream', api: name }))
  }

  /**
   * An error that came by another way than {@link Caller.downstream}, such as a claims challenge of an SDK, as the error with which this
   * API answers its caller: `throw caller.relayed(error)`. Others' errors, and what has passed here before, come back as they are.
   */
  relayed<Failure>(error: Failure): Failure | InteractionRequiredError {
    return this.#parts.leave(error, { operation: 'relay' }) as Failure | InteractionRequiredError
  }

  /** A `fetch` bound to the downstream API of that name and to this caller. */
  fetch(name: string): DownstreamApi['fetch'] {
    return this.downstream(name).fetch
  }

  #acquire(acquire: (tokens: CallerTokens) => Promise<AccessToken>): Promise<AccessToken> {
    const { tokens, leave } = this.#parts
    return acquire(tokens).catch((error: unknown) => {
      throw leave(error, { operation: 'acquire_token' })
    })
  }
}

/** The same API, whose errors have left. */
function leavingApi(api: DownstreamApi, leave: (error: unknown) => unknown): DownstreamApi {
  const methods = Object.entries(api).map(([name, method]: [string, (...input: unknown[]) => unknown]) => [
    name,
    (...input: unknown[]) => orLeave(() => method(...input), leave),
  ])
  return Object.fromEntries(methods) as DownstreamApi
}

function unknownApi(name: string, known: readonly string[]): AcquisitionError {
  const list = known.length === 0 ? 'none is configured' : `known: ${known.join(', ')}`
  return new AcquisitionError(
    'unknown_downstream_api',
    `There is no downstream API '${name.slice(0, 64)}' in downstreamApis; ${list}`,
  )
}
