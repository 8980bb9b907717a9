// Makes and takes apart compact JWSs (RFC 7515 §7.1) without an opinion on what they say: tests need odd ones too.
import { sign, verify, type KeyObject } from 'node:crypto'
import { encodeJson, parseJsonObject } from '../kernel/base64url.ts'

/** A JSON object of a token. */
export type JsonObject = Readonly<Record<string, unknown>>

/** A compact JWS, decoded but not verified. */
export interface CompactToken {
  readonly header: JsonObject
  readonly payload: JsonObject
  /** The first two parts, as they were signed. */
  readonly signingInput: string
  readonly signature: Uint8Array
}

/** Signs a header and a payload with RSASSA-PKCS1-v1_5 and SHA-256 (RS256), whatever the header says. */
export function signCompact(header: JsonObject, payload: JsonObject, key: KeyObject): string {
  const input = `${encodeJson(header)}.${encodeJson(payload)}`
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
}

/** Decodes a compact JWS; `undefined` when the text is not one. Does not verify. */
export function parseCompact(token: string): CompactToken | undefined {
  const [head, body, signature, ...rest] = token.split('.')
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return undefined
  const header = parseJsonObject(head)
  const payload = parseJsonObject(body)
  if (header === undefined || payload === undefined) return undefined
  return { header, payload, signingInput: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') }
}

/** Verifies the RS256 signature of a decoded token. */
export function verifyRs256({ signature }: CompactToken, signingInput: string, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(signingInput), key, signature)
}
