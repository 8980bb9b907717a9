// The clock is handed in, so that expiry, cool-downs and back-off are tested by moving a hand, not by waiting.

/** A source of the current time. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number
  /**
   * Optional: milliseconds since some start, by a clock that nobody can set and that never goes back. Without it, time that passed while
   * nothing here read `nowMs` is taken for shorter by what that was set back meanwhile. It may stop while the machine sleeps.
   */
  passedMs?(): number
}

/** The wall clock of the machine; the only place in the library that reads it. */
export const systemClock: Clock = {
  // eslint-disable-next-line no-restricted-properties -- the one permitted reading of the wall clock
  nowMs: () => Date.now(),
  passedMs: () => Math.floor(performance.now()),
}

/** Seconds since the Unix epoch, whole: the unit of `exp`, `nbf` and `iat` (RFC 7519 §2). */
export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.nowMs() / 1000)
}
