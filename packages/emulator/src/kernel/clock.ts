// The emulator's clock: the clock that was handed in, plus whatever a test has advanced it by.

/** Where the time comes from. */
export interface Clock {
  /** The current time in milliseconds since the epoch. */
  now(): number
}

/** A clock that can be moved, so that expiry can be tested without waiting. */
export interface EmulatorClock extends Clock {
  /** Moves the clock by a number of seconds; negative numbers move it back. */
  advance(seconds: number): void
}

/** Creates a movable clock on top of another one (default: the system's). */
export function createClock(base: Clock = Date): EmulatorClock {
  let offsetMs = 0
  return {
    now: () => base.now() + offsetMs,
    advance: (seconds) => {
      offsetMs += seconds * 1000
    },
  }
}

/** The current time in whole seconds since the epoch, as JWTs count. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}
