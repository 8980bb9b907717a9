// One web-standard request and its answer: what `authenticate` is handed of it, and our answers as a `Response`.
import { answer } from '../../answer/answer.ts'
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { isMidtierError } from '../../kernel/errors/known-errors.ts'
import type { IncomingRequest } from '../../web-api/incoming-request.ts'
import type { PlainAnswer } from './plain-answer.ts'
import { incomingRequest, traceIdOf } from './request-trace.ts'

/** What of a web-standard request is looked at: that of Azure Functions is no `Request`, and has this. */
export interface WebRequest {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null }
  readonly signal?: AbortSignal
}

/**
 * What a handler answers by: a `Response`, or what its platform makes one of, such as the `HttpResponseInit` of Azure Functions. Data is
 * none: `Response.json(data)`, or `{ jsonBody: data }` there.
 */
export interface WebAnswer {
  readonly status?: number | undefined
  readonly headers?: unknown
  readonly body?: unknown
  readonly jsonBody?: unknown
  readonly cookies?: unknown
}

/** @throws ConfigurationError for what no platform answers by: each would say, in its own words, that some `undefined` has no members. */
export function checkAnswer<Answer>(answered: Answer): Answer {
  if (typeof answered === 'object' && answered !== null) return answered
  const what = answered === undefined ? 'nothing, as one without its return does' : `a ${typeof answered}`
  throw new ConfigurationError('handler', `gave ${what}: return a Response`)
}

/** What `authenticate` looks at. Two Authorization fields are one with a comma here, which is no token. */
export function webRequest(request: WebRequest): IncomingRequest {
  return incomingRequest(request, request, (name) => request.headers.get(name))
}

/** The answer to an error of ours; `undefined` for an error of others. Where the client has gone, nobody is told anything. */
export function answerTo(error: unknown, request: WebRequest): Response | undefined {
  const nobody = isMidtierError(error) ? answerNobody(request) : undefined
  if (nobody !== undefined) return nobody
  const rendered = answer(
    error,
    traceIdOf(request, (name) => request.headers.get(name)),
  )
  return rendered === undefined ? undefined : respond(rendered)
}

/** Ready to be returned. */
export function respond({ status, headers, body }: PlainAnswer): Response {
  return new Response(body ?? null, { status, headers })
}

/** Where the client has gone: nobody sees this, and no handler runs for nobody. */
export function answerNobody({ signal }: WebRequest): Response | undefined {
  return signal?.aborted === true ? new Response(null, { status: 499 }) : undefined
}
