// Cross-origin rules of the scenario: the page's origin may call with its token and trace, and read the challenge; nobody else.
import type { RequestHandler } from 'express'

const preflightSeconds = 600

/** What of a request decides. */
export interface CrossOriginRequest {
  readonly method: string
  readonly origin: string | undefined
}

/** The headers of an answer for one origin; never a wildcard, never credentials. */
export function crossOriginHeaders(
  allowed: string,
  { method, origin }: CrossOriginRequest,
): Readonly<Record<string, string>> {
  if (origin !== allowed) return { Vary: 'Origin' }
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': allowed,
    'Access-Control-Expose-Headers': 'WWW-Authenticate, Retry-After',
    ...(method === 'OPTIONS' && {
      'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, traceparent',
      'Access-Control-Max-Age': String(preflightSeconds),
    }),
  }
}

/** On Express: answers preflights and marks answers for one origin. */
export function allowOrigin(origin: string): RequestHandler {
  return (request, response, next) => {
    const { method } = request
    response.set(crossOriginHeaders(origin, { method, origin: request.get('origin') }))
    if (method === 'OPTIONS') response.status(204).end()
    else next()
  }
}
