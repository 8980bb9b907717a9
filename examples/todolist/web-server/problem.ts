// Errors as RFC 9457 problem+json: what went wrong and what to do next, never a stack.
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { storeNothing } from './no-store.ts'

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
export function buildNotFound(): Problem {
  return new Problem(404, 'Not found', 'There is nothing at this address.')
}

/** An answer to be sent. */
export interface ProblemAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Problems as they are, a bad body as 400, anything unforeseen as a 500 that tells nothing. */
export function buildProblemAnswer(error: unknown): ProblemAnswer {
  const { status, title, message: detail } = toProblem(error)
  if (status === 500) console.error(error)
  const headers = { ...storeNothing, 'Content-Type': 'application/problem+json' }
  return { status, headers, body: JSON.stringify({ title, status, detail }) }
}

/** On Express: whatever no route has answered. */
export const notFound: RequestHandler = (_request, _response, next) => {
  next(buildNotFound())
}

/** On Express: the last error handler. */
export const renderProblems: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const { status, headers, body } = buildProblemAnswer(error)
  response.status(status).set(headers).send(body)
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const status = clientErrorStatus(error)
  if (status === 413) return new Problem(413, 'Too large', 'The body is longer than this API accepts.')
  if (status !== undefined)
    return new Problem(status, 'Bad request', 'The request is not well-formed; a body must be valid JSON.')
  return new Problem(500, 'Unexpected failure', 'Something went wrong here. Trying again may help.')
}

/** Express and Fastify mark the errors that the client caused with a status below 500. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { status, statusCode }: { readonly status?: unknown; readonly statusCode?: unknown } = error
  const said = status ?? statusCode
  return typeof said === 'number' && said >= 400 && said < 500 ? said : undefined
}
