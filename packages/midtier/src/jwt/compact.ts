// A compact JWS taken apart, strictly and once: three canonical base64url segments, two JSON objects and a signature (RFC 7515 §7.1).
import { decodeSegment, decodeTextSegment } from '#crypto'
import type { JsonObject } from '../kernel/json.ts'
import { parseStrictJson, type JsonFault } from './strict-json.ts'

/** A token that has the form of a JWS. Nothing in it is verified. */
export interface CompactJws {
  readonly kind: 'jws'
  readonly header: JsonObject
  readonly payload: JsonObject
  /** The JSON of the payload. */
  readonly payloadText: string
  readonly signature: Uint8Array
  /** Header and payload as they were signed (RFC 7515 §5.1). */
  readonly signingInput: string
}

/** Why a text is not a compact JWS. */
export type FormFault = 'not_a_jwt' | 'encrypted' | 'unsigned' | 'not_base64url' | 'not_utf8' | JsonFault

/** A text that is not a compact JWS. */
export interface MalformedToken {
  readonly kind: 'malformed'
  readonly reason: FormFault
  readonly description: string
}

const descriptions: Readonly<Record<FormFault, string>> = {
  not_a_jwt: 'The token is not a JWT: it does not have three parts separated by dots',
  encrypted: 'The token is encrypted (JWE), which this API does not accept',
  unsigned: 'The token has no signature',
  not_base64url: 'The token is not canonical base64url without padding or white space',
  not_utf8: 'The token is not valid UTF-8',
  not_json: 'The token does not hold valid JSON',
  not_an_object: 'The header or the claims of the token are not a JSON object',
  duplicate_name: 'The token names the same header parameter or claim twice',
  too_deep: 'The JSON of the token is nested too deeply',
  too_large: 'The JSON of the token has too many members',
}

/**
 * Takes a compact JWS apart.
 *
 * Does not check the length (do that first), the signature or any claim. Never throws.
 *
 * @see RFC 7515 §7.1, RFC 7519 §7.2, RFC 8725 §2.4
 */
export function parseCompactJws(token: string): CompactJws | MalformedToken {
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 0 || second < 0) return malformed('not_a_jwt')
  if (token.includes('.', second + 1))
    return malformed(isEncrypted(token, second) ? 'encrypted' : 'not_a_jwt')
  if (second === token.length - 1) return malformed('unsigned')
  return parseSegments(token, first, second)
}

function parseSegments(token: string, first: number, second: number): CompactJws | MalformedToken {
  const header = parseHeader(token.slice(0, first))
  if (typeof header === 'string') return malformed(header)
  const segment = token.slice(first + 1, second)
  const payloadText = decodeTextSegment(segment)
  if (payloadText === undefined) return malformed(faultOf(segment))
  const payload = parseStrictJson(payloadText)
  if (typeof payload === 'string') return malformed(payload)
  const signature = decodeSegment(token.slice(second + 1))
  if (signature === undefined) return malformed('not_base64url')
  return { kind: 'jws', header, payload, payloadText, signature, signingInput: token.slice(0, second) }
}

/** Headers of one issuer are all alike, and frozen: those seen lately are parsed once. Bounded, and emptied when it is full. */
const headers = new Map<string, JsonObject>()
const maxHeaders = 64
const longestKeptHeader = 256

function parseHeader(segment: string): JsonObject | FormFault {
  const before = headers.get(segment)
  if (before !== undefined) return before
  const text = decodeTextSegment(segment)
  if (text === undefined) return faultOf(segment)
  const header = parseStrictJson(text)
  if (typeof header === 'string' || segment.length > longestKeptHeader) return header
  if (headers.size >= maxHeaders) headers.clear()
  headers.set(copyText(segment), header)
  return header
}

/** A text of its own: a slice would keep the whole token in memory for as long as the header. */
function copyText(slice: string): string {
  return Array.from(slice).join('')
}

/** Why a segment is no text. */
function faultOf(segment: string): FormFault {
  return decodeSegment(segment) === undefined ? 'not_base64url' : 'not_utf8'
}

/** Exactly five parts are a JWE (RFC 7516 §3.1); decrypting proves nothing about who made a token, so it ends here. */
function isEncrypted(token: string, second: number): boolean {
  const third = token.indexOf('.', second + 1)
  const fourth = token.indexOf('.', third + 1)
  return fourth > 0 && !token.includes('.', fourth + 1)
}

function malformed(reason: FormFault): MalformedToken {
  return { kind: 'malformed', reason, description: descriptions[reason] }
}
