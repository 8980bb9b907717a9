// The instants of a token in words, measured by this machine's clock: "expired 3 min ago" tells what 1795348620 does not.
import { readSeconds } from '../jwt/claims.ts'
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

function expiry(left: number, isEarly: boolean): string {
  if (left <= 0) return left > -1 ? 'expired just now' : `expired ${span(-left)} ago`
  return `${isEarly ? 'expires in' : 'valid for'} ${span(left)}`
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** A span of time in its largest unit, and the next one where that still tells something: `42 min`, `2 h 5 min`. Rounded down. */
function span(seconds: number): string {
  const first = units.findIndex(([, length]) => seconds >= length)
  const [unit, length] = units[first] ?? ['s', 1]
  const whole = `${Math.floor(seconds / length)} ${unit}`
  const [nextUnit, nextLength] = units[first + 1] ?? ['s', 1]
  const rest = Math.floor((seconds % length) / nextLength)
  return rest === 0 || nextUnit === 's' ? whole : `${whole} ${rest} ${nextUnit}`
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
    const ahead = (readSeconds(claims[name]) ?? 0) - nowSeconds
    return ahead < agreeingSeconds ? [] : [clocksDiffer(name, ahead)]
  })
  const late =
    exp === undefined || exp > nowSeconds
      ? []
      : [
          `${expiry(exp - nowSeconds, false)} and accepted by the tolerance for clocks that differ alone; the authority makes no token on behalf of its user any more: the client should renew it`,
        ]
  return [...late, ...early.slice(0, 1)]
}
