// What a token that is kept is good for: judged by both ends of its lifetime, since either may have been noted by a clock that was wrong.
import type { Random } from '../crypto/random.ts'

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

/** A token with less than this left is not given while another one is to be had: it may expire under way. Milliseconds. */
export const expiryBufferMs = 300_000

/** Share of its lifetime after which a token is renewed in the background, where nobody says when. */
const renewalShare = 0.5
/** Up to this share of the time until then is taken off by chance, so that tokens obtained together are not renewed together. */
const renewalSpread = 0.1

/** How long after it was acquired a token is to be renewed in the background: when its authority said, and never after its end. */
export function renewalDelayMs(lifetimeMs: number, saidMs: number | undefined, random: Random): number {
  const delayMs = saidMs ?? lifetimeMs * renewalShare
  return Math.min(delayMs, lifetimeMs) * (1 - renewalSpread * random())
}

/** How far the clocks of two processes may differ, or one be set back, before what was acquired "in the future" counts for nothing. */
const clockDifferenceMs = 30_000

/** What a token is good for now. What is yet to be acquired ends at a time that nobody knows. */
export function usability(
  { acquiredAtMs, expiresAtMs, refreshAtMs }: RenewedLifetime,
  nowMs: number,
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
