// The instants of a token in words, measured by this machine's clock: "expired 3 min ago" tells what 1795348620 does not.
import { readSeconds, secondsOf } from '../jwt/claims.ts'
import type { JsonObject } from '../kernel/json.ts'

/** What the instants of a token say now; one that the token does not have is left out. */
export interface TimesInWords {
  /** This machine's clock, by which the others are measured. */
  readonly now: string
  /** `issued 2 h ago` */
  readonly iat?: string
  /** `valid since 2 h`, `valid in 5 min` */
  readonly nbf?: string
  /** `valid for 42 min`, `expired 3 min ago`; `expires in 42 min` while the token is not valid yet. */
  readonly exp?: string
}

/** Puts the instants of a token into words. Never throws. */
export function timesInWords(claims: JsonObject, nowSeconds: number): TimesInWords {
  const [iat, nbf, exp] = [claims['iat'], claims['nbf'], claims['exp']].map(readSeconds)
  const isEarly = nbf !== undefined && nbf > nowSeconds
  return {
    now: inIso(nowSeconds) ?? '',
    ...(iat === undefined ? {} : { iat: issued(nowSeconds - iat) }),
    ...(nbf === undefined
      ? {}
      : { nbf: isEarly ? `valid in ${span(nbf - nowSeconds)}` : `valid since ${span(nowSeconds - nbf)}` }),
    ...(exp === undefined ? {} : { exp: expiry(exp - nowSeconds, isEarly) }),
  }
}

function issued(age: number): string {
  if (age < 0) return `issued ${span(-age)} in the future`
  return age < 1 ? 'issued just now' : `issued ${span(age)} ago`
}

/** How long something is still valid, or since when it is not. */
function expiry(left: number, isEarly: boolean): string {
  return left <= 0 ? expired(-left) : `${isEarly ? 'expires in' : 'valid for'} ${span(left)}`
}

/** Since when something is not valid any more. */
export function expired(age: number): string {
  return age < 1 ? 'expired just now' : `expired ${span(age)} ago`
}

/** Each unit with the next one, where that still tells something. */
const units: readonly (readonly [seconds: number, name: string, next?: readonly [number, string]])[] = [
  [86_400, 'd', [3_600, 'h']],
  [3_600, 'h', [60, 'min']],
  [60, 'min'],
]

/** A span of time in its largest unit, and the next one where that still tells something: `42 min`, `2 h 5 min`. Rounded down. */
function span(seconds: number): string {
  const [length, name, next] = units.find(([least]) => seconds >= least) ?? [1, 's']
  const whole = `${Math.floor(seconds / length)} ${name}`
  if (next === undefined) return whole
  const rest = Math.floor((seconds % length) / next[0])
  return rest === 0 ? whole : `${whole} ${rest} ${next[1]}`
}

/** An instant as a person reads it; `undefined` when it is beyond what a date can be. */
export function inIso(seconds: number): string | undefined {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** What to say when `iat` or `nbf` lies in the future: no token comes from there, so one of two clocks is wrong. */
export function clocksDiffer(claim: 'iat' | 'nbf', ahead: number): string {
  return `${claim} lies ${span(ahead)} in the future: this machine’s clock and the issuer’s differ; compare this one with a time server`
}

/** Below this, two clocks agree: the instants of a token are whole seconds. */
const agreeingSeconds = 2

/** What the times of a token tell although every check passed: it lives by the tolerance alone. */
export function timeNotes(claims: JsonObject, nowSeconds: number): readonly string[] {
  const exp = readSeconds(claims['exp'])
  const early = (['iat', 'nbf'] as const).flatMap((name) => {
    const ahead = secondsOf(claims, name) - nowSeconds
    return ahead < agreeingSeconds ? [] : [clocksDiffer(name, ahead)]
  })
  const late =
    exp === undefined || exp > nowSeconds
      ? []
      : [
          `${expired(nowSeconds - exp)} and accepted by the tolerance for clocks that differ alone; the authority makes no token on behalf of its user any more: the client should renew it`,
        ]
  return [...late, ...early.slice(0, 1)]
}
