// An entry as it is written outside the process: versioned, and carrying its owner, which is compared on reading.
import { isJsonObject, type JsonObject, parseJsonObject } from '../kernel/json.ts'
import type { Slot } from './store.ts'

/** What is kept of a token. */
export interface TokenEntry {
  readonly accessToken: string
  readonly tokenType: string
  readonly scopes: readonly string[]
  /** When it was asked for, milliseconds since the epoch by the clock of the process that did. */
  readonly acquiredAtMs: number
  /** Milliseconds since the epoch, by the same clock. */
  readonly expiresAtMs: number
  /** When to renew in the background, milliseconds since the epoch. */
  readonly refreshAtMs: number
  readonly correlationId: string
}

/** Raised when the shape changes; an entry of another version is a miss. */
const entryVersion = 2

/** Writes an entry for its slot. The text holds the token: it must be sealed before it leaves the process. */
export function serializeEntry(slot: Slot, entry: TokenEntry): string {
  const { accessToken, tokenType, scopes, acquiredAtMs, expiresAtMs, refreshAtMs, correlationId } = entry
  const { partition, key } = slot
  return JSON.stringify({
    version: entryVersion,
    owner: { partition, key },
    entry: { accessToken, tokenType, scopes, acquiredAtMs, expiresAtMs, refreshAtMs, correlationId },
  })
}

/** Reads an entry; `undefined` for another version, another owner, or anything that was not written by {@link serializeEntry}. */
export function parseEntry(slot: Slot, text: string): TokenEntry | undefined {
  const stored = parseJsonObject(text)
  if (stored?.['version'] !== entryVersion || !isOwner(stored['owner'], slot)) return undefined
  const entry = stored['entry']
  return isJsonObject(entry) && isEntry(entry) ? entry : undefined
}

function isOwner(owner: unknown, { partition, key }: Slot): boolean {
  return isJsonObject(owner) && owner['partition'] === partition && owner['key'] === key
}

function isEntry(entry: JsonObject): entry is JsonObject & TokenEntry {
  const { accessToken, tokenType, scopes, acquiredAtMs, expiresAtMs, refreshAtMs, correlationId } = entry
  return (
    [accessToken, tokenType, correlationId].every((text) => typeof text === 'string' && text !== '') &&
    [acquiredAtMs, expiresAtMs, refreshAtMs].every(
      (time) => typeof time === 'number' && Number.isFinite(time),
    ) &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string')
  )
}
