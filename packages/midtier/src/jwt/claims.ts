// Reading claims by their type: a claim of another type is absent for every decision, and is named as such (RFC 7519 §4.1).
import type { JsonObject } from '../kernel/json.ts'

/** What a claim has to be when it is there. */
type ClaimType = 'text' | 'seconds' | 'texts' | 'text_or_texts' | 'text_or_number'

/** The claims that anything is decided by, and their types. */
export type ClaimTypes = ReadonlyMap<string, ClaimType>

/**
 * Of Entra. `scp` as an array, `roles` as a string or `exp` as `"9e9"` do not come from Entra: someone is trying things.
 */
export const entraClaimTypes: ClaimTypes = new Map<string, ClaimType>([
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
export const openIdClaimTypes: ClaimTypes = new Map<string, ClaimType>([
  ...entraClaimTypes,
  ['scp', 'text_or_texts'],
  ['ver', 'text_or_number'],
])

/** What is wrong with a claim: its type, or a name that differs from one that is decided by in letter case alone, as `TID` from `tid`. */
export interface ClaimFault {
  readonly fault: 'mistyped' | 'lookalike'
  readonly name: string
}

/** The claim with a fault that comes first, or `undefined` when there is none. */
export function findClaimFault(
  claims: JsonObject,
  types: ClaimTypes = entraClaimTypes,
): ClaimFault | undefined {
  for (const name in claims) {
    const type = types.get(name)
    if (type === undefined) {
      if (isLookalike(name)) return { fault: 'lookalike', name }
    } else if (!hasType(claims[name], type)) return { fault: 'mistyped', name }
  }
  return undefined
}

const longestName = Math.max(...Array.from(entraClaimTypes.keys(), (name) => name.length))

/** Of a name that is not decided by. */
function isLookalike(name: string): boolean {
  return name.length <= longestName && entraClaimTypes.has(name.toLowerCase())
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

/** A claim as non-empty text; `undefined` when it is anything else. */
export function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A claim as text; empty where it is none. */
export function textOf(claims: JsonObject, name: 'iss' | 'sub' | 'tid'): string {
  return readText(claims[name]) ?? ''
}

/** A claim as seconds since the epoch; `undefined` when it is no finite number from 0 on. */
export function readSeconds(value: unknown): number | undefined {
  return isSeconds(value) ? value : undefined
}

/** A claim as seconds since the epoch; 0, which is before everything, where it is none. */
export function secondsOf(claims: JsonObject, name: 'exp' | 'iat' | 'nbf'): number {
  return readSeconds(claims[name]) ?? 0
}

/** A claim as a list of texts, a single text being a list of one; empty when it is anything else. */
export function readTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? none : [value]
  return isTexts(value) ? value : none
}

/** A claim as words separated by spaces, as `scp` is (RFC 8693 §4.2); empty when it is anything else. Frozen. */
export function readWords(value: unknown): readonly string[] {
  return typeof value === 'string' ? (words.get(value) ?? splitWords(value)) : none
}

/** Tokens of one client all have the same scopes: those seen lately are taken apart once. Bounded, and emptied when it is full. */
const words = new Map<string, readonly string[]>()
const maxKeptWords = 256
const longestKeptWords = 512

function splitWords(text: string): readonly string[] {
  const split = Object.freeze(text.split(' ').filter((word) => word !== ''))
  if (text.length > longestKeptWords) return split
  if (words.size >= maxKeptWords) words.clear()
  words.set(text, split)
  return split
}

/** Whether {@link readWords} has any to give. */
export function hasWords(value: unknown): boolean {
  return readWords(value).length > 0
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
