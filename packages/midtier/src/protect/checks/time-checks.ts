// Checks of a token's lifetime, each with the tolerance for clocks that differ.
import { readSeconds, secondsOf } from '../../jwt/claims.ts'
import type { BearerError } from '../../kernel/errors/errors.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { quote, type Check } from './check.ts'
import type { SignedEvidence } from './evidence.ts'
import { clocksDiffer, expired as inWords } from '../times-in-words.ts'

/** A token that never ends: without `exp` a stolen one works for ever. Entra always writes `nbf` as well. */
export const lifetime: Check<SignedEvidence> = {
  name: 'lifetime',
  passes: ({ claims, trust }) =>
    readSeconds(claims['exp']) !== undefined &&
    (readSeconds(claims['nbf']) !== undefined || !trust.registration.authority.writesNotBefore),
  description: 'The token does not say from when until when it is valid',
  expected: () => 'exp and nbf in seconds',
  actual: ({ claims }) => `exp ${quote(claims['exp'])}, nbf ${quote(claims['nbf'])}`,
}

/** The first second, by our clock, in which a token counts as valid. */
export function startSeconds(claims: JsonObject, clockToleranceSeconds: number): number {
  return secondsOf(claims, 'nbf') - clockToleranceSeconds
}

/** The first second, by our clock, in which it counts as over. */
export function endSeconds(claims: JsonObject, clockToleranceSeconds: number): number {
  return secondsOf(claims, 'exp') + clockToleranceSeconds
}

/** A token stolen or kept from earlier. */
export const expired: Check<SignedEvidence> = {
  name: 'expired',
  passes: ({ claims, nowSeconds, clockToleranceSeconds }) =>
    nowSeconds < endSeconds(claims, clockToleranceSeconds),
  description: 'The token has expired; acquire a new one',
  expected: ({ nowSeconds, clockToleranceSeconds }) => `exp after ${nowSeconds - clockToleranceSeconds}`,
  actual: ({ claims }) => quote(claims['exp']),
  mistake: ({ claims, nowSeconds }) => {
    const age = nowSeconds - secondsOf(claims, 'exp')
    return `${inWords(age)}: ${ageHint(age)}`
  },
}

function ageHint(seconds: number): string {
  return seconds < 3600
    ? 'the client keeps using a token it should have renewed, or this machine’s clock and the issuer’s differ'
    : 'the client never renews its token'
}

/** A token for later use, made now while the thief has access. */
export const notYetValid: Check<SignedEvidence> = {
  name: 'not_yet_valid',
  passes: ({ claims, nowSeconds, clockToleranceSeconds }) =>
    startSeconds(claims, clockToleranceSeconds) <= nowSeconds,
  description: 'The token is not valid yet',
  expected: ({ nowSeconds, clockToleranceSeconds }) => `nbf at most ${nowSeconds + clockToleranceSeconds}`,
  actual: ({ claims }) => quote(claims['nbf']),
  mistake: ({ claims, nowSeconds }) => clocksDiffer('nbf', secondsOf(claims, 'nbf') - nowSeconds),
}

/** The same by way of `iat`, which issuers without `nbf` write. */
export const issuedInFuture: Check<SignedEvidence> = {
  name: 'issued_in_future',
  passes: ({ claims, nowSeconds, clockToleranceSeconds }) =>
    secondsOf(claims, 'iat') <= nowSeconds + clockToleranceSeconds,
  description: 'The token was issued in the future',
  expected: ({ nowSeconds, clockToleranceSeconds }) => `iat at most ${nowSeconds + clockToleranceSeconds}`,
  actual: ({ claims }) => quote(claims['iat']),
  mistake: ({ claims, nowSeconds }) => clocksDiffer('iat', secondsOf(claims, 'iat') - nowSeconds),
}

const timeReasons: ReadonlySet<string> = new Set([expired.name, notYetValid.name, issuedInFuture.name])

/** Whether a token was refused for what our clock shows. */
export function isRefusedByClock(error: unknown): error is BearerError {
  return hasCode(error, 'bearer_refused') && timeReasons.has(error.reason)
}
