// When an assertion can be shown (RFC 7523 §3): between its two times, with what Entra tolerates at either end.
import { epochSeconds, type Clock } from '../kernel/clock.ts'
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
