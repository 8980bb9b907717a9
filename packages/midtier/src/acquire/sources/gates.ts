// The gates before the token endpoint: one for each tenant's endpoint and one for each caller at it, so that one's trouble stays one's own.
import { BoundedMap } from '../../kernel/bounded-map.ts'
import type { Clock } from '../../kernel/time/clock.ts'
import { AuthorityUnavailableError } from '../../kernel/errors/errors.ts'
import { hasCode, isRefusal } from '../../kernel/errors/known-errors.ts'
import { causeOf, type OutageCause } from '../../kernel/errors/lasting-outage.ts'
import type { Random } from '../../kernel/crypto/random.ts'
import { type Moment, steady, type SteadyClock } from '../../kernel/time/steady-clock.ts'
import { Breaker, type BreakerLimits } from './breaker.ts'
import type { AccessToken, TokenRequest, TokenSource } from '../token-source.ts'

/** When gates close and for how long. */
export interface GateLimits {
  /** Failures in a row, of an endpoint or of one caller, until it is left alone. */
  readonly failuresToOpen: number
  /** Least time between two probes of what is left alone, milliseconds. */
  readonly probeEveryMs: number
  /** Longest pause that the authority can ask for, in seconds: longer lets one absurd answer stop a caller, or several of them the API, for longer. */
  readonly longestPauseSeconds: number
}

/** A token endpoint that is left alone: cached tokens serve, and everything else is refused at once. */
export interface PausedTokenEndpoint {
  readonly tenantId: string
  /** `throttled`: it asked for a pause. `failing`: too many failures in a row. */
  readonly reason: 'throttled' | 'failing'
  /** Until one request may try it again; 0 when the next one will. */
  readonly retryAfterMs: number
}

/** What gates need from outside. */
export interface GatePorts {
  readonly clock: Clock
  readonly random: Random
}

/** Endpoints and failing callers that are remembered; beyond that the least recent is given another chance. */
const maxEndpoints = 1000
const maxCallers = 10_000
/** Callers that have to fail, or be told to wait, before a tenant's endpoint is left alone: two may share a mistake, or a person. */
const callersToOpen = 3
/** Failures of an endpoint further apart than this are not one outage: with few callers, hours may lie between them. */
const longestGapMs = 60_000

/** Remembers the state of endpoints, and of those callers whose latest request failed. */
export class Gates {
  readonly #endpoints = new BoundedMap<Breaker>({ maxEntries: maxEndpoints })
  readonly #callers = new BoundedMap<Breaker>({ maxEntries: maxCallers })
  /** Why each failing endpoint failed last, for those who are not sent there. */
  readonly #causes = new BoundedMap<OutageCause>({ maxEntries: maxEndpoints })
  readonly #random: Random
  readonly #clock: SteadyClock
  readonly #failuresToOpen: number
  readonly #probeEveryMs: number
  readonly #longestPauseMs: number

  constructor(limits: GateLimits, ports: GatePorts) {
    this.#random = ports.random
    this.#clock = steady(ports.clock)
    this.#failuresToOpen = limits.failuresToOpen
    this.#probeEveryMs = limits.probeEveryMs
    this.#longestPauseMs = limits.longestPauseSeconds * 1000
  }

  /** Milliseconds until this request may be sent; 0 when it may be sent now. */
  waitMs(request: TokenRequest): number {
    return longestWaitMs(this.#endpoint(request), this.#failingCaller(request), this.#clock.now())
  }

  /**
   * Asks a source, if it may be asked, and learns from how that ends.
   *
   * @throws AuthorityUnavailableError at once, with the seconds that remain, when the endpoint or this caller is left alone.
   */
  async pass(request: TokenRequest, source: TokenSource): Promise<AccessToken> {
    const sentAt = this.#clock.now()
    const endpoint = this.#endpoint(request)
    const caller = this.#failingCaller(request)
    const waitMs = longestWaitMs(endpoint, caller, sentAt)
    if (waitMs > 0) throw leftAlone(waitMs, this.#causes.get(request.tenantId))
    endpoint.sent(sentAt)
    caller?.sent(sentAt)
    try {
      const token = await source.acquire(request)
      this.#succeeded(request)
      return token
    } catch (error) {
      if (isRefusal(error)) this.#succeeded(request) // a refusal is an answer
      if (!hasCode(error, 'authority_unavailable')) throw error
      this.#failed(request, error, sentAt)
      throw bounded(error, this.#longestPauseMs / 1000)
    }
  }

  /** The endpoints that are left alone at this moment. */
  paused(): readonly PausedTokenEndpoint[] {
    const now = this.#clock.now()
    return this.#endpoints
      .entries()
      .filter(([, endpoint]) => endpoint.isOpen)
      .map(([tenantId, endpoint]) => ({
        tenantId,
        reason: endpoint.isFailing ? 'failing' : 'throttled',
        retryAfterMs: endpoint.waitMs(now),
      }))
  }

  #succeeded(request: TokenRequest): void {
    const now = this.#clock.now()
    const caller = this.#failingCaller(request)
    if (this.#causes.size > 0) this.#causes.delete(request.tenantId)
    caller?.succeeded(now)
    if (caller?.isPaused(now) === false) this.#callers.delete(callerOf(request))
    const recovered = this.#endpoint(request).succeeded(now)
    if (recovered) request.context.observe({ type: 'authority_recovered', tenantId: request.tenantId })
  }

  /** What was answered to one caller may be about that caller: it is left alone first, and the endpoint only when several fare alike. */
  #failed(request: TokenRequest, error: AuthorityUnavailableError, sentAt: Moment): void {
    const { throttled } = error
    this.#causes.set(request.tenantId, causeOf(error))
    const [endpoint, caller, now] = [this.#endpoint(request), this.#caller(request), this.#clock.now()]
    const askedMs = error.retryAfterTold ? Math.min(error.retryAfterSeconds * 1000, this.#longestPauseMs) : 0
    const toldMs = throttled ? Math.max(askedMs, this.#probeEveryMs) : askedMs
    const failure = { now, sentAt, caller: request.slot.partition, toldMs }
    if (!throttled) caller.failed(failure)
    const pauses = toldMs > 0 && caller.pause(now, toldMs)
    const closes = throttled ? endpoint.told(failure) : endpoint.failed(failure)
    const reason = throttled ? 'throttled' : 'failing'
    const { tenantId, context } = request
    const report = (whom: 'caller' | 'endpoint', pauseMs: number): void => {
      context.observe({ type: 'authority_paused', tenantId, whom, reason, pauseMs })
    }
    if (pauses) report('caller', caller.waitMs(now))
    if (closes) report('endpoint', endpoint.waitMs(now))
  }

  #endpoint({ tenantId }: TokenRequest): Breaker {
    return this.#open(this.#endpoints, tenantId, { callersToOpen, longestGapMs })
  }

  /** Those that failed lately are known; as a rule there are none, and then nobody is looked for. */
  #failingCaller(request: TokenRequest): Breaker | undefined {
    return this.#callers.size === 0 ? undefined : this.#callers.get(callerOf(request))
  }

  #caller(request: TokenRequest): Breaker {
    return this.#open(this.#callers, callerOf(request), { callersToOpen: 1 })
  }

  #open(
    breakers: BoundedMap<Breaker>,
    key: string,
    limits: Pick<BreakerLimits, 'callersToOpen' | 'longestGapMs'>,
  ): Breaker {
    const known = breakers.get(key)
    if (known !== undefined) return known
    const own = { failuresToOpen: this.#failuresToOpen, probeEveryMs: this.#probeEveryMs }
    const breaker = new Breaker({ ...own, ...limits }, this.#random)
    breakers.set(key, breaker)
    return breaker
  }
}

function longestWaitMs(endpoint: Breaker, failing: Breaker | undefined, now: Moment): number {
  return Math.max(endpoint.waitMs(now, failing?.isFailing), failing?.waitMs(now) ?? 0)
}

function callerOf({ tenantId, slot: { partition } }: TokenRequest): string {
  return `${tenantId.length}:${tenantId}${partition}`
}

/** Nobody is sent away for longer than the endpoint is left alone. */
function bounded(error: AuthorityUnavailableError, mostSeconds: number): AuthorityUnavailableError {
  const { message, retryAfterSeconds, retryAfterTold, throttled, cause } = error
  if (retryAfterSeconds <= mostSeconds) return error
  const more = { retryAfterTold, throttled, cause, ...causeOf(error) }
  return new AuthorityUnavailableError(message, mostSeconds, more)
}

function leftAlone(waitMs: number, cause: OutageCause | undefined): AuthorityUnavailableError {
  return new AuthorityUnavailableError(
    `The token endpoint was failing, or asked for a pause, and is left alone for another ${Math.ceil(waitMs)} ms`,
    Math.ceil(waitMs / 1000),
    cause,
  )
}
