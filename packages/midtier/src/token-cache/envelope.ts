// A sealed text as it lies in a store: version, key id and ciphertext, tied to the place that it was sealed for.
import { decrypt, encrypt } from '#crypto'
import { encodeKeyList } from './cache-key.ts'
import type { RingKey } from './key-ring.ts'

/** Where a text belongs: part of what is authenticated, so that it opens nowhere else. */
export type Place = readonly string[]

/** Why a text was not opened; safe to report, since nothing of the text is in it. */
export type Unopened =
  'not sealed' | 'sealed by another version' | 'sealed with an unknown key' | 'altered or moved'

/** What became of an envelope. */
export type Opening = { readonly text: string } | { readonly unopened: Unopened }

/** Raised when the envelope changes; one of another version is not opened. */
const envelopeVersion = '1'

/** Longest envelope; a store that hands out more is not worth decoding. */
export const maxEnvelopeLength: number = 1024 * 1024

const envelopePattern = /^(\d{1,4})\.([\w-]{1,32})\.([\w-]+)$/

/** Seals a text for its place. */
export async function seal({ id, encryption }: RingKey, place: Place, text: string): Promise<string> {
  return `${envelopeVersion}.${id}.${await encrypt(encryption, associatedData(id, place), text)}`
}

/** Opens an envelope at the place where it was found. Nothing that is not sealed is ever taken for a text. */
export async function open(keys: readonly RingKey[], place: Place, envelope: string): Promise<Opening> {
  const match = envelope.length > maxEnvelopeLength ? null : envelopePattern.exec(envelope)
  if (match === null) return { unopened: 'not sealed' }
  const [, version, id, encrypted = ''] = match
  if (version !== envelopeVersion) return { unopened: 'sealed by another version' }
  const key = keys.find((candidate) => candidate.id === id)
  if (key === undefined) return { unopened: 'sealed with an unknown key' }
  const text = await decrypt(key.encryption, associatedData(key.id, place), encrypted)
  return text === undefined ? { unopened: 'altered or moved' } : { text }
}

function associatedData(keyId: string, place: Place): string {
  return encodeKeyList([envelopeVersion, keyId, ...place])
}
