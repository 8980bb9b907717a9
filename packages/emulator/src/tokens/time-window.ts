// When an assertion can be shown (RFC 7523 §3): between its two times, with what Entra tolerates at either end.
import { formatTimestamp } from '../kernel/aadsts-error.ts'
import { epochSeconds, type Clock } from '../kernel/clock.ts'
import type { Seen } from '../kernel/decision.ts'
import type { JsonObject } from './compact.ts'

/** Entra tolerates five minutes; MSAL rounds `nbf` up, so a stricter verifier refuses half of all fresh assertions. */
const clockToleranceSeconds = 300

/** Whether it is the time of an assertion. One without an end has none. */
export function isInTime({ exp, nbf }: JsonObject, clock: Clock): boolean {
  const now = epochSeconds(clock)
  const isExpired = typeof exp !== 'number' || exp + clockToleranceSeconds < now
  const isEarly = typeof nbf === 'number' && nbf - clockToleranceSeconds > now
  return !isExpired && !isEarly
}

/** What a check of the time looks at, in words. */
export function describeTime({ exp, nbf }: JsonObject, clock: Clock): Seen {
  const words = (time: unknown): string =>
    typeof time === 'number' && Math.abs(time) < 8e12 ? formatTimestamp(time * 1000) : 'no time'
  const from = nbf === undefined ? '' : `from ${words(nbf)} `
  return { expected: `good at ${formatTimestamp(clock.now())}`, actual: `${from}until ${words(exp)}` }
}
