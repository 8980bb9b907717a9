// What certificate and federated client assertions (RFC 7523 §2.2) have in common: their time range, with tolerance.
import { AadstsError, formatTimestamp } from '../kernel/aadsts-error.ts'
import { epochSeconds, type Clock } from '../kernel/clock.ts'
import type { CompactToken } from '../tokens/compact.ts'
import { isInTime } from '../tokens/time-window.ts'

/** @throws {AadstsError} 700024 outside its time range */
export function checkTimeRange({ payload }: CompactToken, clock: Clock): void {
  if (isInTime(payload, clock)) return
  const { exp, nbf } = payload
  throw new AadstsError(700024, {
    now: format(epochSeconds(clock)),
    from: format(nbf),
    expires: format(exp),
  })
}

/** The audiences of an assertion. */
export function readAudiences({ payload }: CompactToken): readonly unknown[] {
  return Array.isArray(payload['aud']) ? payload['aud'] : [payload['aud']]
}

// A number beyond what a date can be is nobody's time.
function format(seconds: unknown): string {
  const isDate = typeof seconds === 'number' && Math.abs(seconds) < 8e12
  return isDate ? formatTimestamp(seconds * 1000) : 'unknown'
}
