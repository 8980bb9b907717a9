// One breaker: closed while the other side answers, open after failures in a row, and then one probe at a time until one succeeds.
import type { Random } from '../../kernel/crypto/random.ts'
import { ageMs, leftMs, type Moment, type Span } from '../../kernel/time/steady-clock.ts'

/** When a breaker opens and how it closes again. */
export interface BreakerLimits {
  /** Failures in a row until it opens. */
  readonly failuresToOpen: number
  /**
   * How many different callers they have to be of, and how many have to be told to wait until everybody waits: more than one, and
   * nobody's own trouble closes the door to others.
   */
  readonly callersToOpen: number
  /** Least time between two probes while it is open; up to half as much again is added by chance. */
  readonly probeEveryMs: number
  /** Failures further apart than this are not in a row. Default: all are. */
  readonly longestGapMs?: number
}

/** A request that failed. */
export interface BreakerFailure {
  readonly now: Moment
  /** When it was sent: what was sent before the latest success tells nothing new. */
  readonly sentAt: Moment
  readonly caller: string
  /** How long the other side asked to be left alone. */
  readonly toldMs: number
  /** It may be the trouble of what was asked alone: it counts in a row, opens nothing unless another one is in that row, and is no probe. */
  readonly isPartial?: boolean
}

/** Counts what happens, and says whether the other side may be asked. Time is told to it. */
export class Breaker {
  readonly #limits: BreakerLimits
  readonly #random: Random
  readonly #callers = new Set<string>()
  /** Those who were told to wait, since the latest success, and the shortest wait of them. */
  readonly #told = new Set<string>()
  #leastToldMs = Infinity
  #failures = 0
  /** Whether all of the row were partial. */
  #isPartial = true
  #failedAt: Moment | undefined
  #succeededAt: Moment | undefined
  #pause: Span | undefined
  /** Until the next probe; `undefined` while closed. */
  #probe: Span | undefined

  constructor(limits: BreakerLimits, random: Random) {
    this.#limits = limits
    this.#random = random
  }

  /**
   * Milliseconds until the other side may be asked; 0 when it may be asked now. Whoever keeps failing by themselves gives way
   * (`yields`): for one interval the probe is left to somebody whose answer tells more.
   */
  waitMs(now: Moment, yields = false): number {
    const { since, durationMs } = this.#probe ?? { since: now, durationMs: 0 }
    const longer = yields && this.#probe !== undefined ? this.#limits.probeEveryMs : 0
    return Math.max(leftOf(this.#pause, now), leftMs({ since, durationMs: durationMs + longer }, now))
  }

  /** Whether so many failures came in a row that they are no accident. */
  get isFailing(): boolean {
    return this.#failures >= this.#limits.failuresToOpen
  }

  /** Whether the other side is left alone but for probes. */
  get isOpen(): boolean {
    return this.#probe !== undefined
  }

  /** Whether a pause that was asked for goes on. */
  isPaused(now: Moment): boolean {
    return leftOf(this.#pause, now) > 0
  }

  /** Told of every request that is sent. While open it is the probe, and the next one has to wait its turn. */
  sent(now: Moment): void {
    if (this.#probe !== undefined) this.#probe = { since: now, durationMs: this.#probeIntervalMs() }
  }

  /** An answer came. Gives whether it closed the breaker; a pause that was asked for goes on. */
  succeeded(now: Moment): boolean {
    this.#succeededAt = now
    this.#startRow()
    const closes = this.#probe !== undefined && !this.isPaused(now)
    if (closes) this.#probe = undefined
    return closes
  }

  /** No usable answer came. Gives whether the breaker opened because of it. */
  failed({ now, sentAt, caller, toldMs, isPartial = false }: BreakerFailure): boolean {
    if (this.#hasSucceededSince(sentAt) || (isPartial && this.isOpen)) return false
    this.#continueRow(now)
    const { failuresToOpen, callersToOpen } = this.#limits
    this.#failures += 1
    this.#isPartial &&= isPartial
    if (this.#callers.size < callersToOpen) this.#callers.add(caller)
    if (this.#isPartial || this.#failures < failuresToOpen || this.#callers.size < callersToOpen) return false
    const wasClosed = this.#probe === undefined
    const untilProbeMs = Math.max(toldMs, this.#probeIntervalMs())
    this.#probe = longerOf(this.#probe, { since: now, durationMs: untilProbeMs }, now)
    return wasClosed
  }

  /**
   * A caller was told to wait, and may be the only one: when several were, with no success between them, all wait, for as long as the
   * least of them was told. Gives whether that began now.
   */
  told({ now, sentAt, caller, toldMs }: BreakerFailure): boolean {
    if (this.#hasSucceededSince(sentAt)) return false
    this.#continueRow(now)
    this.#leastToldMs = Math.min(this.#leastToldMs, toldMs)
    if (this.#told.size < this.#limits.callersToOpen) this.#told.add(caller)
    return this.#told.size >= this.#limits.callersToOpen && this.pause(now, this.#leastToldMs)
  }

  /**
   * The other side asked to be left alone; no success of a request that was under way ends that early, and afterwards
   * one probe goes first. Gives whether it was not paused before.
   */
  pause(now: Moment, durationMs: number): boolean {
    const wasPaused = this.isPaused(now)
    this.#pause = longerOf(this.#pause, { since: now, durationMs }, now)
    this.#probe = longerOf(this.#probe, this.#pause, now)
    return !wasPaused
  }

  #hasSucceededSince(sentAt: Moment): boolean {
    return this.#succeededAt !== undefined && sentAt.passedMs < this.#succeededAt.passedMs
  }

  #startRow(): void {
    this.#failures = 0
    this.#isPartial = true
    this.#callers.clear()
    this.#told.clear()
    this.#leastToldMs = Infinity
  }

  #continueRow(now: Moment): void {
    const gapMs = this.#failedAt === undefined ? 0 : ageMs(this.#failedAt, now)
    if (gapMs > (this.#limits.longestGapMs ?? Infinity)) this.#startRow()
    this.#failedAt = now
  }

  #probeIntervalMs(): number {
    return this.#limits.probeEveryMs * (1 + this.#random() / 2)
  }
}

function leftOf(span: Span | undefined, now: Moment): number {
  return span === undefined ? 0 : leftMs(span, now)
}

/** The one of which more is left. */
function longerOf(earlier: Span | undefined, later: Span, now: Moment): Span {
  return earlier !== undefined && leftMs(earlier, now) >= leftMs(later, now) ? earlier : later
}
