// The JSON of a token: one object, no name twice, bounded depth, frozen, and nothing in it that inherits anything.
import { isJsonObject, type JsonObject } from '../kernel/json.ts'

/** Why text is not acceptable JSON. */
export type JsonFault = 'not_json' | 'not_an_object' | 'duplicate_name' | 'too_deep' | 'too_large'

/** Deepest nesting of a token's JSON; Entra needs three levels, for `_claim_sources`. */
const maxDepth = 16

/** Most names, objects and lists in a token's JSON, all together: thousands cost more to take in than to verify their signature. */
const maxParts = 1_000

/**
 * Parses a JOSE header or a claims set into a frozen object that inherits nothing, or names the fault.
 *
 * A name given twice is read differently by different parsers, so one of them can be made to see another `aud` (RFC 7515 §4).
 */
export function parseStrictJson(text: string): JsonObject | JsonFault {
  return parseShortJson(text) ?? parseAnyJson(text)
}

/** Longest text that is parsed before its depth is known. Characters. */
const longestUnseen = 8_192

/**
 * The object in JSON text that is as short as its value can be spelled, which is how issuers write; `undefined` for any other text.
 *
 * Of a name given twice one value is left, and the text is longer than the shortest for what is left, however it spells the rest. So
 * in a text of just that length no name is given twice. White space, escapes and roundabout numbers make it longer as well.
 */
export function parseShortJson(text: string): JsonObject | undefined {
  if (text.length > longestUnseen) return undefined
  const value = parseJson(text)
  if (!isJsonObject(value)) return undefined
  const { object, members, nested, length } = seal(value)
  return length === text.length && members + nested <= maxParts ? object : undefined
}

/** The same for any text, character by character, and the fault when there is one. */
export function parseAnyJson(text: string): JsonObject | JsonFault {
  const names = countNames(text)
  if (typeof names === 'string') return names
  const value = parseJson(text)
  if (value === undefined) return 'not_json'
  if (!isJsonObject(value)) return 'not_an_object'
  const { object, members } = seal(value)
  return members === names ? object : 'duplicate_name'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

/**
 * Counts the names in JSON text in one pass, which are as many as the colons outside its strings.
 *
 * More names in the text than members in the parsed value means that a name was given twice, however it was spelled.
 * One short step for each character, whatever the text: a stranger can make us do this before any signature is checked.
 */
function countNames(text: string): number | 'too_deep' | 'too_large' {
  let names = 0
  let nested = 0
  let depth = 0
  let isInside = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) isInside = !isInside
    else if (isInside) {
      if (code === backslash) at++
    } else if (code === colon) names++
    else if (code === 0x7b || code === 0x5b) {
      nested++
      if (++depth > maxDepth) return 'too_deep'
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return names + nested > maxParts ? 'too_large' : names
}

/**
 * What every sealed object is made by, inheriting nothing: a claim called `constructor` is then a claim, and a member that somebody
 * has put on `Object.prototype` is none.
 *
 * Taking the parsed object's prototype away would do, but what is frozen after that gets a hidden class of its own from V8, and
 * reading and collecting such claims costs half as much as checking their signature.
 */
class Sealed {
  readonly [name: string]: unknown
}
Object.setPrototypeOf(Sealed.prototype, null)
Reflect.deleteProperty(Sealed.prototype, 'constructor')
Object.freeze(Sealed.prototype)

/** What is in a value, all together. */
interface Tally {
  /** Members of objects; infinite when the value nests too deeply or holds too much. */
  members: number
  /** Objects and lists. */
  nested: number
  /** Characters of the shortest JSON text that spells the value; infinite when that is not known. */
  length: number
}

/** A parsed object as one that is frozen throughout and inherits nothing, and its tally. The parsed one is used up. */
function seal(parsed: JsonObject): { readonly object: JsonObject } & Readonly<Tally> {
  const tally: Tally = { members: 0, nested: 1, length: 0 }
  const object = sealObject(parsed, maxDepth, tally)
  return { object, ...tally }
}

function sealObject(parsed: JsonObject, depth: number, tally: Tally): JsonObject {
  const sealed: Record<string, unknown> = Object.assign(new Sealed(), parsed)
  let members = 0
  let length = 0
  for (const name in sealed) {
    members++
    length += name.length + 3 // its quotes and the colon
    const member = sealed[name]
    if (typeof member === 'object' && member !== null) sealed[name] = sealNested(member, depth - 1, tally)
    else length += shortestLength(member)
  }
  tally.members += members
  tally.length += length + punctuation(members)
  return Object.freeze(sealed)
}

function sealNested(value: object, depth: number, tally: Tally): object {
  if (depth === 0 || ++tally.nested > maxParts) {
    tally.members = Infinity
    return value
  }
  if (!Array.isArray(value)) return sealObject(value as JsonObject, depth, tally)
  const items = value as unknown[]
  let length = 0
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (typeof item === 'object' && item !== null) items[index] = sealNested(item, depth - 1, tally)
    else length += shortestLength(item)
  }
  tally.length += length + punctuation(items.length)
  return Object.freeze(items)
}

/** Characters of two brackets and the commas between so many parts. */
function punctuation(parts: number): number {
  return parts === 0 ? 2 : parts + 1
}

/** Characters of the shortest JSON text for a value without parts. */
function shortestLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value === 'number') return shortestNumber(value)
  return value === false ? 5 : 4
}

/**
 * Characters of the shortest spelling of a whole number, which is its digits unless it ends in three zeros: `1e3`.
 * Infinite for other numbers, of which it is harder to say.
 */
function shortestNumber(value: number): number {
  if (value < 0 || value > 1e12 || !Number.isInteger(value)) return Infinity
  if (value % 1_000 === 0 && value !== 0) return Infinity
  let digits = 1
  for (let least = 10; least <= value; least *= 10) digits++
  return digits
}
