// What a handler holds: who called, and tokens and APIs on behalf of that caller and nobody else.
import type { AcquireOptions, ActingAgent } from '../acquire/request/requests.ts'
import type { AccessToken } from '../acquire/token-source.ts'
import { AnsweredChallenges } from '../call/claims-challenge.ts'
import { createDownstreamApi, createDownstreamFetch, type DownstreamApi } from '../call/downstream-api.ts'
import type { DownstreamSettings } from '../call/downstream-settings.ts'
import type { CallPorts } from '../call/send-with-token.ts'
import { tokenKindFor } from '../call/token-kind.ts'
import { AcquisitionError, type InteractionRequiredError } from '../kernel/errors/errors.ts'
import { orLeave } from '../answer/exit-note.ts'
import type { Fetch } from '../kernel/http/http.ts'
import { callerMark, enterContextMark } from '../kernel/errors/marks.ts'
import type { CallContext, Operation } from '../kernel/observer.ts'
import { systemRandom } from '../kernel/crypto/random.ts'
import type { Within } from '../kernel/telemetry.ts'
import { systemSleep } from '../kernel/time/sleep.ts'
import type { Principal } from '../protect/principal.ts'
import type { ValidatedToken } from '../protect/validated-token.ts'
import type { Account } from '../token-cache/account.ts'

/** Runs `work` as the context of a caller: what `runWithCaller` of `midtier/context` is. */
export type RunWithCaller = <Result>(caller: Caller, work: () => Result) => Result

/** What the callers of one API have in common; `caller-home.ts` makes it. */
export interface CallerHome {
  readonly downstreamApis: ReadonlyMap<string, DownstreamSettings>
  readonly fetch: Fetch
  readonly nowMs: () => number
  readonly passedMs: () => number
  /** Follows each call of a downstream API; `undefined` where nobody does. */
  readonly within: Within | undefined
  /** Enters the context in which `currentCaller()` finds a caller; `undefined` when it is not switched on. */
  readonly runWithCaller: RunWithCaller | undefined
  /** A token on behalf of a caller, for a call of ours; from the cache alone when `kind` is `silent`. */
  acquire(kind: 'silent' | 'onBehalfOf', caller: KnownCaller, options: AcquireOptions): Promise<AccessToken>
  /** The same for the application: its errors have left. */
  acquireToken(
    kind: 'silent' | 'onBehalfOf',
    caller: KnownCaller,
    options: AcquireOptions,
  ): Promise<AccessToken>
  /** The application's own, or the agent's, for the API that delegated scopes name, in the tenant in which this caller is served. */
  acquireForClient(caller: KnownCaller, options: AcquireOptions): Promise<AccessToken>
  /** Makes an error of a request ready to be seen outside. */
  letOut(error: InteractionRequiredError, caller: KnownCaller): InteractionRequiredError
  /** The error with which a request fails, told to the observer. */
  leave(error: unknown, caller: KnownCaller, operation: Operation, api?: string): unknown
}

/** What an API knows of one caller. */
export interface KnownCaller {
  readonly validated: ValidatedToken
  readonly context: CallContext
  /** The agent that acts for the caller. Absent: the application itself does. */
  readonly agent?: ActingAgent
}

/**
 * The validated sender of one request. Belongs to that request: do not keep it. `Api` are the names of the downstream APIs that it can be
 * used with.
 */
export class Caller<Api extends string = string> {
  /** The validated claims, scopes, roles, tenant and client. */
  readonly principal: Principal
  /** Whose tokens are cached: `{ id: 'oid.tid', … }`; `undefined` for an application calling by itself. */
  readonly account: Account | undefined
  readonly #home: CallerHome
  readonly #known: KnownCaller
  #challenges: AnsweredChallenges | undefined

  static {
    Object.defineProperty(this.prototype, callerMark, { value: true })
  }

  /** @internal */
  constructor(home: CallerHome, known: KnownCaller) {
    this.principal = known.validated.principal
    this.account = known.validated.account
    this.#home = home
    this.#known = known
  }

  /**
   * What an API knows of a caller: nothing of one that was made by hand, by another API, or by another copy of the package.
   * @internal
   */
  static known(caller: unknown, home: CallerHome): KnownCaller | undefined {
    const isOurs = typeof caller === 'object' && caller !== null && #home in caller && caller.#home === home
    return isOurs ? caller.#known : undefined
  }

  /** @internal */
  [enterContextMark]<Result>(work: () => Result): Result {
    const { runWithCaller } = this.#home
    return runWithCaller === undefined ? work() : runWithCaller(this, work)
  }

  /**
   * A token from the cache; never asks the authority on behalf of the caller.
   *
   * @throws InteractionRequiredError `no_token_cached` when there is none; AcquisitionError when the request cannot work.
   */
  acquireTokenSilent(request: AcquireOptions): Promise<AccessToken> {
    return this.#home.acquireToken('silent', this.#known, request)
  }

  /**
   * A new token on behalf of the caller, whatever is cached.
   *
   * @throws InteractionRequiredError when the person has to act; TokenRequestError when our registration is at fault;
   *   AuthorityUnavailableError during an outage.
   * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
   */
  acquireTokenOnBehalfOf(request: AcquireOptions): Promise<AccessToken> {
    return this.#home.acquireToken('onBehalfOf', this.#known, { ...request, forceRefresh: true })
  }

  /** A token from the cache, or else on behalf of the caller: what handlers use. Errors as {@link Caller.acquireTokenOnBehalfOf}. */
  acquireToken(request: AcquireOptions): Promise<AccessToken> {
    return this.#home.acquireToken('onBehalfOf', this.#known, request)
  }

  /** The downstream API of that name, for this caller. @throws AcquisitionError when no such API is configured. */
  downstream(name: Api): DownstreamApi {
    return createDownstreamApi(...this.#bind(name))
  }

  /** A `fetch` bound to the downstream API of that name and to this caller. */
  fetch(name: Api): DownstreamApi['fetch'] {
    return createDownstreamFetch(...this.#bind(name))
  }

  /**
   * An error that came by another way than {@link Caller.downstream}, such as a claims challenge of an SDK, as the error with which this
   * API answers its caller: `throw caller.relayed(error)`. Others' errors, and what has passed here before, come back as they are.
   */
  relayed<Failure>(error: Failure): Failure | InteractionRequiredError {
    return this.#home.leave(error, this.#known, 'relay') as Failure | InteractionRequiredError
  }

  #bind(name: string): [DownstreamSettings, CallPorts] {
    const home = this.#home
    const known = this.#known
    const settings = home.downstreamApis.get(name)
    if (settings === undefined)
      throw home.leave(unknownApi(name, [...home.downstreamApis.keys()]), known, 'call_downstream')
    const tokenKind = tokenKindFor(settings.token, this.principal.kind)
    const leave = (error: unknown): unknown => home.leave(error, known, 'call_downstream', name)
    const ports: CallPorts = {
      context: known.context,
      fetch: home.fetch,
      nowMs: home.nowMs,
      passedMs: home.passedMs,
      within: home.within,
      sleep: systemSleep,
      random: systemRandom,
      tokenKind,
      acquire:
        tokenKind === 'app'
          ? (options) => home.acquireForClient(known, options)
          : (options) => home.acquire('onBehalfOf', known, options),
      challenges: (this.#challenges ??= new AnsweredChallenges()),
      leaving: (work) => orLeave(work, leave),
      letOut: (error) => home.letOut(error, known),
    }
    return [settings, ports]
  }
}

export function unknownApi(name: string, known: readonly string[]): AcquisitionError {
  const list = known.length === 0 ? 'none is configured' : `known: ${known.join(', ')}`
  return new AcquisitionError(
    'unknown_downstream_api',
    `There is no downstream API '${name.slice(0, 64)}' in downstreamApis; ${list}`,
  )
}
