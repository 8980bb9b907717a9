// Answers about a person are kept by nobody on the way, the browser's own cache included.
import type { RequestHandler } from 'express'

/** Forbids storing the answer; a handler or error renderer may say so again. */
export const storeNothing = { 'Cache-Control': 'no-store' } as const

/** The same on Express. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set(storeNothing)
  next()
}
