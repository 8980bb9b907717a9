// Strict base64url (RFC 4648 §5, RFC 7515 §2): one spelling for each value, so a token has one digest and one cache slot.

/** Sextet of each base64url character; 255 for every other byte. */
const sextets: Uint8Array = buildSextets()

function buildSextets(): Uint8Array {
  const table = new Uint8Array(256).fill(255)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  for (let value = 0; value < alphabet.length; value++) table[alphabet.charCodeAt(value)] = value
  return table
}

/** Encodes bytes as base64url without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Encodes UTF-8 text as base64url without padding. */
export function encodeTextBase64url(text: string): string {
  return encodeBase64url(new TextEncoder().encode(text))
}

/**
 * Decodes canonical base64url; `undefined` for padding, white space, foreign characters or non-zero trailing bits.
 *
 * A second spelling of a genuine token would defeat deny-lists and caches keyed by digest, so it is refused.
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let seen = 0 // every sextet and every high byte, or-ed together: one test at the end instead of one per character
  let bits = 0
  for (let index = 0, at = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const sextet = sextets[code & 0xff] ?? 255
    seen |= sextet | (code & 0xff00)
    bits = ((bits << 6) | sextet) & 0xffffff
    const place = index & 3
    if (place === 1) bytes[at++] = bits >> 4
    else if (place === 2) bytes[at++] = bits >> 2
    else if (place === 3) bytes[at++] = bits
  }
  return seen < 64 && endsCanonically(text) ? bytes : undefined
}

/** Whether the length is one that base64url can have, and the last character carries no bits that belong to no byte. */
export function endsCanonically(text: string): boolean {
  const tail = text.length % 4
  if (tail === 0) return true
  const last = sextets[text.charCodeAt(text.length - 1) & 0xff] ?? 255
  return tail === 2 ? (last & 0b1111) === 0 : tail === 3 && (last & 0b11) === 0
}

/** Encodes bytes as base64 with padding (RFC 4648 §4), as `claims` in a challenge wants it. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Decodes base64 (padding optional); `undefined` when it is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch (error) {
    if (error instanceof DOMException) return undefined // atob's InvalidCharacterError
    throw error
  }
}
