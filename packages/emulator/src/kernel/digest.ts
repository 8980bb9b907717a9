// SHA-256 of a text, in one step.
import { hash } from 'node:crypto'

/** SHA-256 of a text in UTF-8. */
export function sha256(text: string, encoding: 'base64' | 'base64url' | 'hex'): string {
  return hash('sha256', text, encoding)
}

/** The bytes of that. */
export function sha256Bytes(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
