// The emulator's clock: a clock that was handed in, plus whatever a test has advanced it by, or a moment at which it stands still.
import { EmulatorOptionsError } from './errors.ts'

/** Where the time comes from. */
export interface Clock {
  /** The current time in milliseconds since the epoch. */
  now(): number
}

/** Where a moved clock stands beside the one below it. */
export interface ClockSetting {
  /** How far it was moved, in milliseconds. */
  readonly offsetMs: number
  /** The moment at which it stands still, in milliseconds since the epoch; absent: it goes. */
  readonly frozenAtMs?: number | undefined
}

/** A clock that can be moved, so that expiry can be tested without waiting. */
export interface EmulatorClock extends Clock {
  /**
   * Moves the clock by a number of seconds; negative numbers move it back.
   * @throws {EmulatorOptionsError} beyond the year 9999, and as far the other way
   */
  advance(seconds: number): void
  /** Lets the clock stand still at its current time; `advance` moves it on from there. */
  freeze(): void
  /** Lets a clock that stands still go on from where it stands. */
  resume(): void
  /** Goes with the clock below again. */
  reset(): void
  /** How far it was moved, and whether it stands still. */
  readonly setting: ClockSetting
  /** Moves it to a setting that it had. */
  restore(setting: ClockSetting): void
}

/** The end of the year 9999. Not far beyond it there are no dates, and every answer of the emulator names one. */
const furthestMs = 253_402_300_799_000

/** Creates a movable clock on top of another one (default: the system's). */
export function createClock(base: Clock = Date): EmulatorClock {
  let setting: ClockSetting = { offsetMs: 0 }
  const now = (): number => setting.frozenAtMs ?? base.now() + setting.offsetMs
  return {
    now,
    advance: (seconds) => {
      // Written so that NaN fails as well.
      if (!(Math.abs(now() + seconds * 1000) <= furthestMs))
        throw new EmulatorOptionsError('clock', 'cannot be moved beyond the year 9999')
      const { offsetMs, frozenAtMs } = setting
      setting =
        frozenAtMs === undefined
          ? { offsetMs: offsetMs + seconds * 1000 }
          : { offsetMs, frozenAtMs: frozenAtMs + seconds * 1000 }
    },
    freeze: () => {
      setting = { ...setting, frozenAtMs: now() }
    },
    resume: () => {
      if (setting.frozenAtMs !== undefined) setting = { offsetMs: setting.frozenAtMs - base.now() }
    },
    reset: () => {
      setting = { offsetMs: 0 }
    },
    get setting() {
      return setting
    },
    restore: (previous) => {
      setting = previous
    },
  }
}

/** The current time in whole seconds since the epoch, as JWTs count. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}
