// Errors in Microsoft Graph's shape.
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { graphId } from '../directory/default-directory.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { maskParameters } from '../kernel/masked.ts'
import type { Origins } from '../kernel/origins.ts'

/** An error of Graph. */
export class GraphError extends Error {
  readonly code: string
  readonly status: ContentfulStatusCode
  /** A claims request (JSON) that the caller has to sign in again with; absent: none. */
  readonly claims: string | undefined

  constructor(code: string, message: string, status: ContentfulStatusCode, claims?: string) {
    super(message)
    this.name = 'GraphError'
    this.code = code
    this.status = status
    this.claims = claims
  }
}

/** Sends an error; 401 carries the challenge that Graph sends. */
export function sendGraphError(c: EmulatorContext, origins: Origins, error: GraphError): Response {
  const exchange = c.get('exchange')
  const { code, message, claims } = error
  exchange.note({
    error: [code],
    response: maskParameters(Object.entries({ error: code, error_description: message, claims })),
  })
  if (error.status === 401) {
    const authorizationUri = `${origins.issuer}/common/oauth2/authorize`
    const parameters = `realm="", authorization_uri="${authorizationUri}", client_id="${graphId}"`
    c.header('www-authenticate', `Bearer ${parameters}${claimsParameters(error.claims)}`)
  }
  const innerError = {
    date: new Date(exchange.time).toISOString().slice(0, 19),
    'request-id': exchange.traceId,
    'client-request-id': exchange.correlationId,
  }
  return c.json({ error: { code: error.code, message: error.message, innerError } }, error.status)
}

function claimsParameters(claims: string | undefined): string {
  if (claims === undefined) return ''
  return `, error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`
}
