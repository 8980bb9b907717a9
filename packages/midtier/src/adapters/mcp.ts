// MCP servers on Streamable HTTP, for both generations of the SDK: the gate in front, the caller in a tool, failures as clients can use them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebApi } from '../web-api/web-api.ts'
import { createGate, type McpOptions } from './mcp/gate.ts'
import { guardExpress, guardNode, type McpListener, type McpMiddleware } from './mcp/node.ts'
import { guardFetch, guardHono, type McpFetchHandler, type McpHonoContext } from './mcp/web.ts'

export { callerOf } from './mcp/auth-info.ts'
export type { McpAuthInfo } from './mcp/auth-info.ts'
export type { McpOptions } from './mcp/gate.ts'
export type { ToolRequirements } from './mcp/tools.ts'
export { renderErrors } from './mcp/tool-errors.ts'
export type { McpToolError, RenderErrorsOptions } from './mcp/tool-errors.ts'
export type { McpAdmission, McpFetchHandler, McpHonoContext } from './mcp/web.ts'
export type { McpListener, McpMiddleware } from './mcp/node.ts'
export type { Elicitor } from './mcp/consent.ts'

/** The gate in front of an MCP server, for each kind of HTTP server: all serve the metadata and guard the rest. */
export interface McpGate {
  /** A middleware of Express 4 and 5: `app.use(mcp.express)`. Behind it `req.auth` and `req.body` are for the transport. */
  readonly express: McpMiddleware
  /** A middleware of Hono: `app.use(mcp.hono)`. Behind it `c.get('auth')` and `c.get('parsedBody')` are for the transport. */
  readonly hono: (context: McpHonoContext, next: () => Promise<void>) => Promise<Response | undefined>
  /** Around a web-standard handler: `mcp.fetch((request, { authInfo, parsedBody }) => …)`, or `mcp.fetch(handler.fetch)` of SDK 2.x. */
  fetch<Rest extends readonly unknown[] = readonly []>(
    handler: McpFetchHandler<Rest>,
  ): (request: Request, ...rest: Rest) => Promise<Response>
  /** Around a listener of node:http: `mcp.node((req, res, parsedBody) => …)`; `req.auth` is for the transport. */
  node(listener: McpListener): (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

/**
 * Puts an MCP server behind the tokens of its callers: each request, whatever its session, is let in by its own token, and the tools
 * find its caller by {@link callerOf}.
 *
 * Serves the protected-resource metadata at both well-known places, refuses pages of origins that are not allowed, and says in every
 * challenge where to sign in and for which scopes. What a tool demands besides is measured before the transport sees the call.
 *
 * @throws ConfigurationError at once when the requirements cannot be met, or when Entra would refuse the clients: a `resource` that ends
 *   with a slash, a scope without its resource, an issuer that is not v2.0.
 * @example
 * ```ts
 * const mcp = protectMcp(api, { scopes: ['Mcp.Use'], tools: { send_mail: { scopes: ['Mail.Send'] } } })
 * app.use(mcp.express)
 * ```
 */
export function protectMcp<Api extends string = string>(
  api: WebApi<Api>,
  options: McpOptions<Api> = {},
): McpGate {
  const gate = createGate(api, options)
  return {
    express: guardExpress(gate),
    hono: guardHono(gate),
    fetch: (handler) => guardFetch(gate, handler),
    node: (listener) => guardNode(gate, listener),
  }
}
