// A claims request: what a sign-in has to satisfy, read from any of its spellings and written again in one (OpenID Connect Core §5.5).
import { decodeBase64 } from './crypto/base64url.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from './json.ts'
import { isError } from './errors/other-realms.ts'

/** Longest claims request that is read, in characters and in any spelling; real ones are a few hundred. */
const maxClaimsLength = 8192

/** Longest one that is relayed: as base64 it can be read again by the next hop. */
const maxRelayedLength = (maxClaimsLength / 4) * 3

/**
 * Reads a claims request given as JSON, base64 or base64url; `undefined` for anything else.
 *
 * Challenges carry base64, the token endpoint's errors carry JSON, and taking one for the other would silently drop the
 * challenge and serve the rejected token again.
 */
export function parseClaimsRequest(text: string): JsonObject | undefined {
  if (text.length > maxClaimsLength) return undefined
  const trimmed = text.trim()
  const json = trimmed.startsWith('{') ? trimmed : decodeText(trimmed)
  return json === undefined ? undefined : parseJsonObject(json)
}

function decodeText(text: string): string | undefined {
  const bytes = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (isError(error) && error.name === 'TypeError') return undefined // bytes that are no UTF-8
    throw error
  }
}

/** What the top level of a claims request may have; anything else would travel to the authority on a stranger's word. */
const places = ['access_token', 'id_token', 'userinfo'] as const

/** A request has `access_token`, a claim, its `value`, and a list: four levels. */
const maxDepth = 6

/**
 * A claims request of somebody else's as it may be relayed: JSON written anew from what was read, with `access_token`, `id_token` and
 * `userinfo` alone; `undefined` when none of them holds anything, or when it is too long or too deep.
 */
export function relayableClaims(text: string | undefined): string | undefined {
  const request = text === undefined ? undefined : parseClaimsRequest(text)
  if (request === undefined || isDeeperThan(maxDepth, request)) return undefined
  const members = places.flatMap((place) => {
    const member = Object.hasOwn(request, place) ? request[place] : undefined
    return isJsonObject(member) && Object.keys(member).length > 0 ? [[place, member] as const] : []
  })
  const written = escapeNonAscii(JSON.stringify(Object.fromEntries(members)))
  return members.length === 0 || written.length > maxRelayedLength ? undefined : written
}

/** What is not printable ASCII can stand in strings alone, where JSON has another spelling for it. */
function escapeNonAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Looks no deeper than it has to, so that nesting costs nothing. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member))
}
