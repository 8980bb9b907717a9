// Ages and pauses by a wall clock that may be set to anything at any moment: time goes backwards too, and must spoil none of them.
import type { Clock } from './clock.ts'

/** An instant as this process noted it. Means nothing to another one. */
export interface Moment {
  /** What the wall clock showed. */
  readonly wallMs: number
  /** How much time had passed, see {@link SteadyClock.passedMs}. */
  readonly passedMs: number
}

/** Time that only goes forward. */
export interface SteadyClock {
  /** Now, to be kept and asked for its {@link ageMs} later. */
  now(): Moment
  /**
   * Milliseconds since some start, for the time limits of work under way; never less than before. It is compared with other readings
   * of the same clock alone, never with `exp`, `iat` or anything else that somebody wrote down.
   */
  passedMs(): number
  /** How long ago a moment was, as {@link ageMs} says it. */
  ageMs(since: Moment): number
}

/** A pause, or anything else that lasts for a while. */
export interface Span {
  readonly since: Moment
  readonly durationMs: number
}

/**
 * How long ago a moment was. Infinitely long when it is yet to come: it was noted while the clock ran ahead, or much passed unseen since
 * then, and nobody knows how much. What has to be young is stale then, and what has to be waited for is over.
 */
export function ageMs(since: Moment, now: Moment): number {
  return ageBy(since, now.wallMs, now.passedMs)
}

function ageBy(since: Moment, wallMs: number, passedMs: number): number {
  return wallMs < since.wallMs ? Infinity : passedMs - since.passedMs
}

/** What is left of a span: from all of it to nothing. */
export function leftMs({ since, durationMs }: Span, now: Moment): number {
  return Math.max(0, durationMs - ageMs(since, now))
}

// One for each wall clock, so that whoever reads it notices for all of them that it was set back.
const steadyClocks = new WeakMap<Clock, SteadyClock>()

/**
 * The time that passes by a wall clock. While that one goes back, this one stands still, and then goes on with it: who waits, waits for
 * no longer than the pause that was set, and what ages goes on to age. A jump ahead cannot be told from time that passed; nor can time
 * that passed unseen from less of it, where the clock was set back meanwhile and has no `passedMs`.
 */
export function steady(clock: Clock): SteadyClock {
  const known = steadyClocks.get(clock)
  if (known !== undefined) return known
  const created = new NeverBack(clock)
  steadyClocks.set(clock, created)
  return created
}

/** The two clocks of a machine are never read at once, and each shows whole milliseconds: less than this says nothing. */
const unevenMs = 1000

class NeverBack implements SteadyClock {
  readonly #clock: Clock
  #latestMs: number
  /** What the wall clock was set back, all in all. */
  #setBackMs = 0
  /** What the clock that nobody sets is behind this one. */
  #behindMs: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#latestMs = clock.nowMs()
    this.#behindMs = this.#latestMs - (clock.passedMs?.() ?? 0)
  }

  now(): Moment {
    const passedMs = this.passedMs()
    return { wallMs: this.#latestMs, passedMs }
  }

  ageMs(since: Moment): number {
    const passedMs = this.passedMs()
    return ageBy(since, this.#latestMs, passedMs)
  }

  passedMs(): number {
    const nowMs = this.#clock.nowMs()
    if (nowMs < this.#latestMs) this.#setBackMs += this.#latestMs - nowMs
    this.#latestMs = nowMs
    const byWallMs = nowMs + this.#setBackMs
    if (this.#clock.passedMs === undefined) return byWallMs
    const unsetMs = this.#clock.passedMs() + this.#behindMs
    if (byWallMs >= unsetMs) {
      this.#behindMs += byWallMs - unsetMs // a jump ahead, or the machine slept
      return byWallMs
    }
    // Set back while nobody looked, by less than what passed meanwhile.
    if (unsetMs - byWallMs > unevenMs) this.#setBackMs += unsetMs - byWallMs
    return unsetMs
  }
}
