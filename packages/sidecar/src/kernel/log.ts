// What the owner reads: one line each, never with a token, a secret or a person in it, and never a flood of them.
import type { Logger } from 'midtier'

/** Where a line goes. */
export type Write = (line: string) => void

/** A logger of one line each. */
export function createLogger(write: Write): Logger {
  return {
    error: (fields, message) => write(`midtier-sidecar: error: ${message} ${JSON.stringify(fields)}\n`),
    warn: (fields, message) => write(`midtier-sidecar: warning: ${message} ${JSON.stringify(fields)}\n`),
  }
}

const quietMs = 60_000

/** Says the same thing once a minute at most: what callers cause may not fill a disk. */
export function createRareWarning(
  logger: Logger,
  nowMs: () => number,
): (key: string, fields: Readonly<Record<string, unknown>>, message: string) => void {
  const saidAt = new Map<string, number>()
  return (key, fields, message) => {
    const last = saidAt.get(key)
    const now = nowMs()
    if (last !== undefined && Math.abs(now - last) < quietMs) return
    saidAt.set(key, now)
    logger.warn(fields, message)
  }
}
