// Strict base64url (RFC 4648 §5, RFC 7515 §2): one spelling for each value, so a token has one digest and one cache slot.

const alphabet = /^[A-Za-z0-9_-]*$/

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
  if (!alphabet.test(text) || text.length % 4 === 1) return undefined
  const bytes = decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
  return bytes !== undefined && encodeBase64url(bytes) === text ? bytes : undefined
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
