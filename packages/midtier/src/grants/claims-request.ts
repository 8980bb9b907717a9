// The `claims` parameter: what a challenge demands, merged with what this client is capable of (OpenID Connect Core §5.5).
import { decodeBase64 } from '../kernel/base64url.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../kernel/json.ts'

/** Longest claims request that is passed on, in characters; real ones are a few hundred. */
const maxClaimsLength = 8192

/**
 * Reads a claims request given as JSON, base64 or base64url; `undefined` for anything else.
 *
 * Challenges carry base64, the token endpoint's errors carry JSON, and taking one for the other would silently drop the
 * challenge and serve the rejected token again.
 */
export function parseClaimsRequest(text: string): JsonObject | undefined {
  if (text.length > maxClaimsLength) return undefined
  const trimmed = text.trim()
  return trimmed.startsWith('{') ? parseJsonObject(trimmed) : parseEncoded(trimmed)
}

function parseEncoded(text: string): JsonObject | undefined {
  const bytes = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
  return bytes === undefined ? undefined : parseJsonObject(new TextDecoder().decode(bytes))
}

/**
 * The `claims` parameter for client capabilities such as `cp1` and a claims request (JSON text);
 * `undefined` when there is neither.
 *
 * Does not check the claims request: what cannot be parsed counts as none, so parse it with {@link parseClaimsRequest} first.
 */
export function buildClaimsParameter(
  capabilities: readonly string[],
  claims: string | undefined,
): string | undefined {
  const demanded = claims === undefined ? undefined : parseClaimsRequest(claims)
  const able = capabilities.length === 0 ? undefined : { access_token: { xms_cc: { values: capabilities } } }
  if (demanded === undefined) return able === undefined ? undefined : JSON.stringify(able)
  return JSON.stringify(able === undefined ? demanded : mergeClaims(able, demanded))
}

/** Merges two claims requests: objects member by member, lists without repetition; where they disagree the second wins. */
export function mergeClaims(first: JsonObject, second: JsonObject): JsonObject {
  const names = new Set([...Object.keys(first), ...Object.keys(second)])
  // fromEntries defines members instead of assigning them, so a member called __proto__ stays a member.
  return Object.fromEntries(
    [...names].map((name) => [name, mergeMember(own(first, name), own(second, name))]),
  )
}

function mergeMember(first: unknown, second: unknown): unknown {
  if (second === undefined) return first
  if (isJsonObject(first) && isJsonObject(second)) return mergeClaims(first, second)
  if (Array.isArray(first) && Array.isArray(second)) return mergeLists(first, second)
  return second
}

function mergeLists(first: readonly unknown[], second: readonly unknown[]): readonly unknown[] {
  return [...new Set([...first, ...second])]
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
