// Reading claims by their type: a claim of another type is absent for every decision, and is named as such (RFC 7519 §4.1).
import type { JsonObject } from '../kernel/json.ts'

/** What a claim has to be when it is there. */
type ClaimType = 'text' | 'seconds' | 'texts' | 'text_or_texts' | 'text_or_number'

/**
 * The claims that anything is decided by, and their types.
 *
 * `scp` as an array, `roles` as a string or `exp` as `"9e9"` do not come from Entra: someone is trying things.
 */
const claimTypes: ReadonlyMap<string, ClaimType> = new Map([
  ['iss', 'text'],
  ['sub', 'text'],
  ['aud', 'text_or_texts'],
  ['exp', 'seconds'],
  ['nbf', 'seconds'],
  ['iat', 'seconds'],
  ['ver', 'text'],
  ['tid', 'text'],
  ['oid', 'text'],
  ['scp', 'text'],
  ['roles', 'texts'],
  ['groups', 'texts'],
  ['azp', 'text'],
  ['azpacr', 'text_or_number'],
  ['appid', 'text'],
  ['appidacr', 'text_or_number'],
  ['idtyp', 'text'],
  ['idp', 'text'],
  ['acct', 'text_or_number'],
  ['acrs', 'text_or_texts'],
  ['xms_cc', 'text_or_texts'],
  ['uti', 'text'],
])

/** The same for issuers other than Entra, some of which write `scp` as a list and `ver` as a number: Okta, Ory. */
export const openIdClaimTypes: ReadonlyMap<string, ClaimType> = new Map<string, ClaimType>([
  ...claimTypes,
  ['scp', 'text_or_texts'],
  ['ver', 'text_or_number'],
])

/** The claim of the wrong type that comes first, or `undefined` when all that are there have the right one. */
export function findMistypedClaim(
  claims: JsonObject,
  types: ReadonlyMap<string, ClaimType> = claimTypes,
): string | undefined {
  for (const name in claims) {
    const type = types.get(name)
    if (type !== undefined && !hasType(claims[name], type)) return name
  }
  return undefined
}

/** A claim whose name differs from one that is decided by in letter case alone, such as `TID` beside `tid`. */
export function findLookalikeClaim(claims: JsonObject): string | undefined {
  for (const name in claims) {
    if (!claimTypes.has(name) && claimTypes.has(name.toLowerCase())) return name
  }
  return undefined
}

function hasType(value: unknown, type: ClaimType): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string'
    case 'seconds':
      return isSeconds(value)
    case 'texts':
      return isTexts(value)
    case 'text_or_texts':
      return typeof value === 'string' || isTexts(value)
    case 'text_or_number':
      return typeof value === 'string' || typeof value === 'number'
  }
}

/** The claim as non-empty text; `undefined` when it is anything else. */
export function readText(claims: JsonObject, name: string): string | undefined {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The claim as seconds since the epoch; `undefined` when it is no finite number from 0 on. */
export function readSeconds(claims: JsonObject, name: string): number | undefined {
  const value = claims[name]
  return isSeconds(value) ? value : undefined
}

/** The claim as a list of texts, a single text being a list of one; empty when it is anything else. */
export function readTexts(claims: JsonObject, name: string): readonly string[] {
  const value = claims[name]
  if (typeof value === 'string') return value === '' ? none : [value]
  return isTexts(value) ? value : none
}

/** The claim as words separated by spaces, as `scp` is (RFC 8693 §4.2); empty when it is anything else. */
export function readWords(claims: JsonObject, name: string): readonly string[] {
  const value = claims[name]
  if (typeof value !== 'string' || value === '') return none
  const words = value.split(' ')
  return words.includes('') ? words.filter((word) => word !== '') : words
}

/** Whether {@link readWords} has any to give. */
export function hasWords(claims: JsonObject, name: string): boolean {
  const value = claims[name]
  return typeof value === 'string' && /[^ ]/.test(value)
}

const none: readonly string[] = Object.freeze([])

// `1e400` parses to Infinity, which never expires.
function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isTexts(value: unknown): value is readonly string[] {
  if (!Array.isArray(value)) return false
  for (const item of value) if (typeof item !== 'string') return false // a loop: half of what `every` costs
  return true
}
