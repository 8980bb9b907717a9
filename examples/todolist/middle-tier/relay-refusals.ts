// When the To Do API refuses what our own caller typed, that refusal is the caller's to read: passed on as it came.
import type { ErrorRequestHandler } from 'express'
import { DownstreamError } from 'midtier'

/** Refusals about the content of a request; a 401 or 403 is about tokens and stays between the APIs. */
const aboutTheContent: ReadonlySet<number | undefined> = new Set([400, 404, 409, 413])

/** Relays a content refusal of the downstream API; everything else goes on to the next error handler. */
export const relayRefusals: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof DownstreamError && error.status !== undefined && aboutTheContent.has(error.status))
    response
      .status(error.status)
      .type('application/problem+json')
      .set('Cache-Control', 'no-store')
      .send(error.body)
  else next(error)
}
