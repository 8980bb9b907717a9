// Compares two texts in a time that tells nothing about either.
import { timingSafeEqual } from 'node:crypto'
import { sha256Bytes } from './digest.ts'

/** Whether two texts are the same. */
export function isEqualText(a: string, b: string): boolean {
  return timingSafeEqual(sha256Bytes(a), sha256Bytes(b))
}
