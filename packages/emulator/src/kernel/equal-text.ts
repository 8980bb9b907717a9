// Compares two texts in a time that tells nothing about either.
import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether two texts are the same. */
export function isEqualText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
