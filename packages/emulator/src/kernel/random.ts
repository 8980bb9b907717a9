// Random bytes as text, for the little values that every token has: to ask the system for each of them costs as much as a signature check.
import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(4096)
let used = pool.length

/** So many random bytes (4096 at most) as text; no two callers get the same. */
export function randomText(bytes: number, encoding: 'base64' | 'base64url'): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const text = pool.toString(encoding, used, used + bytes)
  used += bytes
  return text
}
