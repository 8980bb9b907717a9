// One breaker: closed while the other side answers, open after failures in a row, and then one probe at a time until one succeeds.
import type { Random } from '../kernel/random.ts'

/** When a breaker opens and how it closes again. */
export interface BreakerLimits {
  /** Failures in a row until it opens. */
  readonly failuresToOpen: number
  /** How many different callers they have to be of: more than one, and nobody's own trouble closes the door to others. */
  readonly callersToOpen: number
  /** Least time between two probes while it is open; up to half as much again is added by chance. */
  readonly probeEveryMs: number
}

/** A request that failed. */
export interface BreakerFailure {
  readonly nowMs: number
  /** When it was sent: what was sent before the latest success tells nothing new. */
  readonly sentAtMs: number
  readonly caller: string
  /** How long the other side asked to be left alone. */
  readonly toldMs: number
}

/** Counts what happens, and says whether the other side may be asked. Time is told to it. */
export class Breaker {
  readonly #limits: BreakerLimits
  readonly #random: Random
  readonly #callers = new Set<string>()
  #failures = 0
  #succeededAtMs = 0
  #pausedUntilMs = 0
  /** `undefined` while closed. */
  #nextProbeAtMs: number | undefined

  constructor(limits: BreakerLimits, random: Random) {
    this.#limits = limits
    this.#random = random
  }

  /** Milliseconds until the other side may be asked; 0 when it may be asked now. */
  waitMs(nowMs: number): number {
    return Math.max(this.#pausedUntilMs - nowMs, (this.#nextProbeAtMs ?? 0) - nowMs, 0)
  }

  /** Told of every request that is sent. While open it is the probe, and the next one has to wait its turn. */
  sent(nowMs: number): void {
    if (this.#nextProbeAtMs !== undefined) this.#nextProbeAtMs = nowMs + this.#probeIntervalMs()
  }

  /** An answer came. Gives whether it closed the breaker; a pause that was asked for goes on. */
  succeeded(nowMs: number): boolean {
    this.#succeededAtMs = nowMs
    this.#failures = 0
    this.#callers.clear()
    const closes = this.#nextProbeAtMs !== undefined && this.#pausedUntilMs <= nowMs
    if (closes) this.#nextProbeAtMs = undefined
    return closes
  }

  /** No usable answer came. Gives whether the breaker opened because of it. */
  failed({ nowMs, sentAtMs, caller, toldMs }: BreakerFailure): boolean {
    if (sentAtMs < this.#succeededAtMs) return false
    this.#failures += 1
    if (this.#callers.size < this.#limits.callersToOpen) this.#callers.add(caller)
    if (this.#failures < this.#limits.failuresToOpen || this.#callers.size < this.#limits.callersToOpen)
      return false
    const wasClosed = this.#nextProbeAtMs === undefined
    const probeAtMs = nowMs + Math.max(toldMs, this.#probeIntervalMs())
    this.#nextProbeAtMs = Math.max(this.#nextProbeAtMs ?? 0, probeAtMs)
    return wasClosed
  }

  /**
   * The other side asked to be left alone; no success of a request that was under way ends that early, and afterwards
   * one probe goes first. Gives whether it was not paused before.
   */
  pause(nowMs: number, durationMs: number): boolean {
    const wasPaused = this.#pausedUntilMs > nowMs
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + durationMs)
    this.#nextProbeAtMs = Math.max(this.#nextProbeAtMs ?? 0, this.#pausedUntilMs)
    return !wasPaused
  }

  #probeIntervalMs(): number {
    return this.#limits.probeEveryMs * (1 + this.#random() / 2)
  }
}
