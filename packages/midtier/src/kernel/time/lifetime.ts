// What a token that is kept is good for: judged by both ends of its lifetime, since either may have been noted by a clock that was wrong.

/** From when until when a token lives, by the clock of the process that acquired it. Milliseconds since the epoch. */
export interface Lifetime {
  readonly acquiredAtMs: number
  readonly expiresAtMs: number
}

/** The lifetime of a token that is renewed before it ends. */
export interface RenewedLifetime extends Lifetime {
  /** When it is to be renewed in the background, milliseconds since the epoch. */
  readonly refreshAtMs: number
}

/**
 * What a kept token is good for.
 *
 * - `fresh`: to be given.
 * - `due`: to be given, and to be renewed.
 * - `last_minutes`: it may expire under way, so that it is given only where no other is to be had.
 * - `over`: for nothing.
 */
export type Usability = 'fresh' | 'due' | 'last_minutes' | 'over'

/** How far the clocks of two processes may differ, or one be set back, before what was acquired "in the future" counts for nothing. */
const clockDifferenceMs = 30_000

/** What a token is good for now, if it takes `expiryBufferMs` to be used. What is yet to be acquired ends at a time that nobody knows. */
export function usability(
  { acquiredAtMs, expiresAtMs, refreshAtMs }: RenewedLifetime,
  nowMs: number,
  expiryBufferMs: number,
): Usability {
  const isAlive = acquiredAtMs - clockDifferenceMs <= nowMs && nowMs < expiresAtMs
  if (!isAlive) return 'over'
  if (nowMs >= expiresAtMs - expiryBufferMs) return 'last_minutes'
  return nowMs >= refreshAtMs ? 'due' : 'fresh'
}

/** What is left of it to whoever keeps it: never more than it was given for, whatever the clock says by now. */
export function leftMs({ acquiredAtMs, expiresAtMs }: Lifetime, nowMs: number): number {
  return Math.min(expiresAtMs - nowMs, expiresAtMs - acquiredAtMs)
}
