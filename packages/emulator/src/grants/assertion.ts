// What the assertions of users' grants have in common: their form and their time.
import { AadstsError, formatTimestamp } from '../kernel/aadsts-error.ts'
import { parseCompact, type CompactToken, type JsonObject } from '../tokens/compact.ts'
import { describeTime, isInTime } from '../tokens/time-window.ts'
import type { TokenRequest } from './token-request.ts'

/** @throws {AadstsError} 50027 */
export function parseAssertion(text: string): CompactToken {
  const token = parseCompact(text)
  if (token === undefined) throw new AadstsError(50027, { reason: 'The assertion is not a JSON Web Token.' })
  return token
}

/** An assertion that nobody here signed, or not for this. */
export function signatureError(reason: string): AadstsError {
  return new AadstsError(50013, { reason })
}

/** @throws {AadstsError} 500133 */
export function checkTimeWindow({ authority, look }: TokenRequest, claims: JsonObject): void {
  look('expired', describeTime(claims, authority.clock))
  if (isInTime(claims, authority.clock)) return
  const { exp } = claims
  const expires = typeof exp === 'number' && Math.abs(exp) < 8e12 ? formatTimestamp(exp * 1000) : 'unknown'
  throw new AadstsError(500133, { now: formatTimestamp(authority.clock.now()), expires })
}
