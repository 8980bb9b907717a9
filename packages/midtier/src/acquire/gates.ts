// The gates before the token endpoint: one for each tenant's endpoint and one for each caller at it, so that one's trouble stays one's own.
import { LRUCache } from 'lru-cache'
import type { Clock } from '../kernel/clock.ts'
import { AuthorityUnavailableError } from '../kernel/errors.ts'
import { hasCode, isRefusal } from '../kernel/known-errors.ts'
import type { Random } from '../kernel/random.ts'
import { Breaker } from './breaker.ts'
import type { TokenRequest } from './token-source.ts'

/** When gates close and for how long. */
export interface GateLimits {
  /** Failures in a row, of an endpoint or of one caller, until it is left alone. Default 5. */
  readonly failuresToOpen?: number
  /** Least time between two probes of what is left alone, milliseconds. Default 1000. */
  readonly probeEveryMs?: number
  /** Longest pause that the authority can ask for, in seconds. Default 300; longer lets one absurd answer stop the API for longer. */
  readonly longestPauseSeconds?: number
}

/** What gates need from outside. */
export interface GatePorts {
  readonly clock: Clock
  readonly random: Random
}

/** Endpoints and failing callers that are remembered; beyond that the least recent is given another chance. */
const maxEndpoints = 1000
const maxCallers = 10_000

/** Remembers the state of endpoints, and of those callers whose latest request failed. */
export class Gates {
  readonly #endpoints = new LRUCache<string, Breaker>({ max: maxEndpoints })
  readonly #callers = new LRUCache<string, Breaker>({ max: maxCallers })
  readonly #ports: GatePorts
  readonly #failuresToOpen: number
  readonly #probeEveryMs: number
  readonly #longestPauseMs: number

  constructor(limits: GateLimits, ports: GatePorts) {
    this.#ports = ports
    this.#failuresToOpen = limits.failuresToOpen ?? 5
    this.#probeEveryMs = limits.probeEveryMs ?? 1000
    this.#longestPauseMs = (limits.longestPauseSeconds ?? 300) * 1000
  }

  /** Milliseconds until this request may be sent; 0 when it may be sent now. */
  waitMs(request: TokenRequest): number {
    const nowMs = this.#ports.clock.nowMs()
    const own = this.#failingCaller(request)?.waitMs(nowMs) ?? 0
    return Math.max(this.#endpoint(request).waitMs(nowMs), own)
  }

  /**
   * Sends a request, if it may be sent, and learns from how it ends.
   *
   * @throws AuthorityUnavailableError at once, with the seconds that remain, when the endpoint or this caller is left alone.
   */
  async pass<Result>(request: TokenRequest, send: () => Promise<Result>): Promise<Result> {
    const sentAtMs = this.#ports.clock.nowMs()
    const endpoint = this.#endpoint(request)
    const caller = this.#failingCaller(request)
    const waitMs = Math.max(endpoint.waitMs(sentAtMs), caller?.waitMs(sentAtMs) ?? 0)
    if (waitMs > 0) throw leftAlone(waitMs)
    endpoint.sent(sentAtMs)
    caller?.sent(sentAtMs)
    try {
      const result = await send()
      this.#succeeded(request)
      return result
    } catch (error) {
      if (isRefusal(error)) this.#succeeded(request) // a refusal is an answer
      if (hasCode(error, 'authority_unavailable')) this.#failed(request, error, sentAtMs)
      throw error
    }
  }

  #succeeded(request: TokenRequest): void {
    if (this.#callers.size > 0) this.#callers.delete(callerOf(request))
    const recovered = this.#endpoint(request).succeeded(this.#ports.clock.nowMs())
    if (recovered) request.context.observe({ type: 'authority_recovered', tenantId: request.tenantId })
  }

  #failed(request: TokenRequest, error: AuthorityUnavailableError, sentAtMs: number): void {
    const nowMs = this.#ports.clock.nowMs()
    const toldMs = error.retryAfterTold ? Math.min(error.retryAfterSeconds * 1000, this.#longestPauseMs) : 0
    const failure = { nowMs, sentAtMs, caller: request.slot.partition, toldMs }
    const endpoint = this.#endpoint(request)
    // A throttled client is throttled whoever its user is; anything else may be about this one.
    if (error.throttled) this.#report(request, 'throttled', endpoint.pause(nowMs, this.#pauseMs(toldMs)))
    else {
      this.#report(request, 'failing', endpoint.failed(failure))
      const caller = this.#caller(request)
      caller.failed(failure)
      if (toldMs > 0) caller.pause(nowMs, toldMs)
    }
  }

  #pauseMs(toldMs: number): number {
    return Math.max(toldMs, this.#probeEveryMs)
  }

  #report(request: TokenRequest, reason: 'throttled' | 'failing', closed: boolean): void {
    const { tenantId, context } = request
    if (closed) context.observe({ type: 'authority_paused', tenantId, reason, pauseMs: this.waitMs(request) })
  }

  #endpoint({ tenantId }: TokenRequest): Breaker {
    return this.#open(this.#endpoints, tenantId, 2)
  }

  /** Those that failed lately are known; as a rule there are none, and then nobody is looked for. */
  #failingCaller(request: TokenRequest): Breaker | undefined {
    return this.#callers.size === 0 ? undefined : this.#callers.get(callerOf(request))
  }

  #caller(request: TokenRequest): Breaker {
    return this.#open(this.#callers, callerOf(request), 1)
  }

  #open(breakers: LRUCache<string, Breaker>, key: string, callersToOpen: number): Breaker {
    const known = breakers.get(key)
    if (known !== undefined) return known
    const limits = { failuresToOpen: this.#failuresToOpen, probeEveryMs: this.#probeEveryMs, callersToOpen }
    const breaker = new Breaker(limits, this.#ports.random)
    breakers.set(key, breaker)
    return breaker
  }
}

function callerOf({ tenantId, slot: { partition } }: TokenRequest): string {
  return `${tenantId.length}:${tenantId}${partition}`
}

function leftAlone(waitMs: number): AuthorityUnavailableError {
  return new AuthorityUnavailableError(
    `The token endpoint was failing and is left alone for another ${Math.ceil(waitMs)} ms`,
    Math.ceil(waitMs / 1000),
  )
}
