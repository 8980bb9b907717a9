// The headers that Entra's answers have in common, and the answer to an error.
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { maskParameters } from '../kernel/masked.ts'
import { AadstsError, buildErrorBody } from '../kernel/aadsts-error.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import type { Origins } from '../kernel/origins.ts'

/** Headers of documents that anyone may read: metadata, keys, instance discovery. */
const publicDocumentHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'max-age=86400, private',
  'content-type': 'application/json; charset=utf-8',
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, OPTIONS',
  'x-content-type-options': 'nosniff',
}

/** Sends a public document. */
export function sendDocument(c: EmulatorContext, document: unknown): Response {
  c.header('x-ms-request-id', c.get('exchange').traceId)
  return c.body(JSON.stringify(document), 200, publicDocumentHeaders)
}

/** Sends something that must not be stored: tokens, and why there are none. */
export function sendNoStore(c: EmulatorContext, body: object, status: ContentfulStatusCode = 200): Response {
  c.get('exchange').note({ response: maskParameters(Object.entries(body)) })
  return c.body(JSON.stringify(body), status, {
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': c.get('exchange').traceId,
    'x-ms-ests-server': 'midtier-emulator',
  })
}

/** Answers with an error as the token endpoint writes it. */
export function sendError(c: EmulatorContext, origins: Origins, error: AadstsError): Response {
  const exchange = c.get('exchange')
  exchange.note({ error: [error.code] })
  for (const [name, value] of Object.entries(error.details.headers ?? {})) c.header(name, value)
  c.header('x-ms-clitelem', `1,${String(error.code)},0,,`)
  const isRead = c.req.method === 'GET'
  if (isRead) c.header('access-control-allow-origin', '*')
  const body = buildErrorBody(error, exchange, origins.issuer)
  return sendNoStore(c, body, error.row.status as ContentfulStatusCode)
}
