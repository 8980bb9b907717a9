// How long the person waited for a set of calls: what ran side by side counts once, and the time at the authority does not count.
import type { BrowserCall } from '../middle-tier.ts'

type Timed = Pick<BrowserCall, 'startedAtMs' | 'durationMs'> & {
  readonly token: Pick<BrowserCall['token'], 'durationMs'>
}

/** The sum of the times in which at least one call, or the token for it, was under way. */
export function waitedMs(calls: readonly Timed[]): number {
  const spans = calls
    .map(({ startedAtMs, durationMs, token }) => ({
      from: startedAtMs - token.durationMs,
      to: startedAtMs + durationMs,
    }))
    .sort((a, b) => a.from - b.from)
  let total = 0
  let until = Number.NEGATIVE_INFINITY
  for (const { from, to } of spans) {
    total += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return total
}
