// The `claims` parameter: what a challenge demands, merged with what this client is capable of (OpenID Connect Core §5.5).
import { parseClaimsRequest } from '../kernel/claims-request.ts'
import { isJsonObject, type JsonObject } from '../kernel/json.ts'

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
  if (demanded === undefined) return writeCapabilities(capabilities)
  return JSON.stringify(capabilities.length === 0 ? demanded : mergeClaims(claimsOf(capabilities), demanded))
}

function claimsOf(capabilities: readonly string[]): JsonObject {
  return { access_token: { xms_cc: { values: capabilities } } }
}

/** An application has one list of capabilities, which most requests are sent with and nothing else. */
const written = new WeakMap<readonly string[], string>()

function writeCapabilities(capabilities: readonly string[]): string | undefined {
  if (capabilities.length === 0) return undefined
  const before = written.get(capabilities)
  if (before !== undefined) return before
  const text = JSON.stringify(claimsOf(capabilities))
  written.set(capabilities, text)
  return text
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
