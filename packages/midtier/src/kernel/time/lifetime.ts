// Whether a token that is kept may be given: judged by both ends of its lifetime, since either may have been noted by a clock that was wrong.

/** From when until when a token lives, by the clock of the process that acquired it. Milliseconds since the epoch. */
export interface Lifetime {
  readonly acquiredAtMs: number
  readonly expiresAtMs: number
}

/** How far the clocks of two processes may differ, or one be set back, before what was acquired "in the future" counts for nothing. */
const clockDifferenceMs = 30_000

/** Whether it is within its lifetime. What is yet to be acquired ends at a time that nobody knows. */
export function isAlive({ acquiredAtMs, expiresAtMs }: Lifetime, nowMs: number): boolean {
  return acquiredAtMs - clockDifferenceMs <= nowMs && nowMs < expiresAtMs
}

/** Whether it goes on to live for longer than a request takes. */
export function isFresh(lifetime: Lifetime, nowMs: number, expiryBufferMs: number): boolean {
  return isAlive(lifetime, nowMs) && nowMs < lifetime.expiresAtMs - expiryBufferMs
}

/** What is left of it to whoever keeps it: never more than it was given for, whatever the clock says by now. */
export function leftMs({ acquiredAtMs, expiresAtMs }: Lifetime, nowMs: number): number {
  return Math.min(expiresAtMs - nowMs, expiresAtMs - acquiredAtMs)
}
