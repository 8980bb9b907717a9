// The preflight of what any page may ask: documents, userinfo and Graph, where a token is what counts.
import type { EmulatorContext } from './exchange.ts'

/** OPTIONS of such an address, whatever headers the page sends. */
export function readersPreflight(c: EmulatorContext): Response {
  c.header('access-control-allow-origin', '*')
  c.header('access-control-allow-methods', 'GET, POST, OPTIONS')
  c.header('access-control-allow-headers', c.req.header('access-control-request-headers') ?? 'authorization')
  c.header('access-control-max-age', '600')
  return c.body(null, 204)
}
