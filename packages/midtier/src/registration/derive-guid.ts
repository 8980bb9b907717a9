// GUIDs that follow from names, so that the same file has the same ids on every machine. They name things; nothing secret is made of them.

/** Of 32 bits, and another one for each seed (FNV-1a, then mixed). */
function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** A GUID (version 8 in form, RFC 9562 §5.8) that depends on the parts alone. */
export function deriveGuid(...parts: readonly string[]): string {
  const text = JSON.stringify(parts)
  const hex = [1, 2, 3, 4].map((seed) => hash(text, seed).toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
