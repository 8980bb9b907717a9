// Cross-origin rules of the scenario: the page's origin may call with its token and trace, and read the challenge; nobody else.
import type { RequestHandler } from 'express'

const preflightSeconds = 600

/** Answers preflights and marks answers for one origin; never a wildcard, never credentials. */
export function allowOrigin(origin: string): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin')
    if (request.get('origin') === origin) {
      response.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': 'WWW-Authenticate, Retry-After',
      })
      if (request.method === 'OPTIONS')
        response.set({
          'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE',
          'Access-Control-Allow-Headers': 'Authorization, Content-Type, traceparent',
          'Access-Control-Max-Age': String(preflightSeconds),
        })
    }
    if (request.method === 'OPTIONS') response.status(204).end()
    else next()
  }
}
