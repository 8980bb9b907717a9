// GUIDs that follow from names, so that the same directory has the same ids on every start.
import { sha256 } from '../kernel/digest.ts'

/** A GUID (version 5 in form) that depends on the parts alone. */
export function deriveGuid(...parts: readonly string[]): string {
  const hex = sha256(JSON.stringify(parts), 'hex')
  const variant = '89ab'.charAt(Number.parseInt(hex.slice(16, 17), 16) % 4)
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
  ]
  return [...groups, hex.slice(20, 32)].join('-')
}
