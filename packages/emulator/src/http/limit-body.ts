// Refuses bodies that nobody needs: too large, or of a length that is not told in advance.
import type { MiddlewareHandler } from 'hono'
import type { EmulatorEnv } from './exchange.ts'

/** Refuses bodies of more than so many bytes (413), and bodies without Content-Length (411, RFC 9110 §15.5.12). */
export function limitBody(maximumBytes: number): MiddlewareHandler<EmulatorEnv> {
  return async (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return c.json({ error: 'length_required' }, 411)
    // Node ends the body at this length, so the header cannot understate it.
    const length = Number(c.req.header('content-length') ?? 0)
    if (length > maximumBytes) return c.json({ error: 'content_too_large' }, 413)
    return next()
  }
}
