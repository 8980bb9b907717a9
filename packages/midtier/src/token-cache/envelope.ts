// A sealed text as it lies in a store: version, key id and ciphertext, tied to the place that it was sealed for.
import { decrypt, encrypt } from '#crypto'
import { encodeKeyList } from './cache-key.ts'
import type { RingKey } from './key-ring.ts'

/** Where a text belongs: part of what is authenticated, so that it opens nowhere else. */
export type Place = readonly string[]

/** Why a text was not opened; safe to report, since nothing of the text is in it. */
export type Unopened =
  'not sealed' | 'sealed by another version' | 'sealed with an unknown key' | 'altered or moved'

/** What became of an envelope. `rank` is authentic, whatever the store believes; `undefined` for a text that was sealed without one. */
export type Opening =
  { readonly text: string; readonly rank: number | undefined } | { readonly unopened: Unopened }

/** Raised when the envelope changes; one of another version is not opened. */
const envelopeVersion = '1'

/** Longest envelope; a store that hands out more is not worth decoding. */
export const maxEnvelopeLength: number = 1024 * 1024

const envelopePattern = /^(\d{1,4})\.([\w-]{1,32})\.(?:(\d{1,16})\.)?([\w-]+)$/

/** Seals a text for its place. A rank can be read by everybody and changed by nobody. */
export async function seal(
  { id, encryption }: RingKey,
  place: Place,
  text: string,
  rank?: number,
): Promise<string> {
  const shown = rank === undefined ? '' : `${rank}.`
  return `${envelopeVersion}.${id}.${shown}${await encrypt(encryption, associatedData(id, place, shown), text)}`
}

/** Opens an envelope at the place where it was found. Nothing that is not sealed is ever taken for a text. */
export async function open(keys: readonly RingKey[], place: Place, envelope: string): Promise<Opening> {
  const match = envelope.length > maxEnvelopeLength ? null : envelopePattern.exec(envelope)
  if (match === null) return { unopened: 'not sealed' }
  const [, version, id, rank, encrypted = ''] = match
  if (version !== envelopeVersion) return { unopened: 'sealed by another version' }
  const key = keys.find((candidate) => candidate.id === id)
  if (key === undefined) return { unopened: 'sealed with an unknown key' }
  const shown = rank === undefined ? '' : `${rank}.`
  const text = await decrypt(key.encryption, associatedData(key.id, place, shown), encrypted)
  if (text === undefined) return { unopened: 'altered or moved' }
  return { text, rank: rank === undefined ? undefined : Number(rank) }
}

function associatedData(keyId: string, place: Place, shownRank: string): string {
  const parts = [envelopeVersion, keyId, ...place]
  return encodeKeyList(shownRank === '' ? parts : [...parts, 'rank', shownRank])
}
