// Errors as RFC 9457 problem+json: what went wrong and what to do next, never a stack.
import type { ErrorRequestHandler, RequestHandler } from 'express'

/** A request that cannot be served, told so that its sender can correct it. */
export class Problem extends Error {
  readonly status: number
  readonly title: string

  constructor(status: number, title: string, detail: string) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.title = title
  }
}

/** Whatever no route has answered. */
export const notFound: RequestHandler = (_request, _response, next) => {
  next(new Problem(404, 'Not found', 'There is nothing at this address.'))
}

/** The last error handler: problems as they are, a bad body as 400, anything unforeseen as a 500 that tells nothing. */
export const renderProblems: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const problem = toProblem(error)
  if (problem.status === 500) console.error(error)
  const body = { title: problem.title, status: problem.status, detail: problem.message }
  response.status(problem.status).type('application/problem+json').set('Cache-Control', 'no-store').json(body)
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const status = clientErrorStatus(error)
  if (status === 413) return new Problem(413, 'Too large', 'The body is longer than this API accepts.')
  if (status !== undefined)
    return new Problem(status, 'Bad request', 'The request is not well-formed; a body must be valid JSON.')
  return new Problem(500, 'Unexpected failure', 'Something went wrong here. Trying again may help.')
}

/** Express and its body parser mark the errors that the client caused with a status below 500. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined
  const { status } = error
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
