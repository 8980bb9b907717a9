// Web-standard handlers, `(request, …) => Response`: Next.js, Azure Functions, Cloudflare Workers, Deno, Bun. Translates only.
import type { Caller } from '../web-api/caller.ts'
import { enterContext } from '../web-api/enter-context.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { checkHandler, checkProtect } from './shared/check-use.ts'
import { createHealthAnswers, type ServeHealthOptions } from './shared/health-answer.ts'
import { createMetadataAnswers } from './shared/metadata-answer.ts'
import { outgoingResponse, type SendResponseOptions } from './shared/outgoing-response.ts'
import { pathOf } from './shared/plain-answer.ts'
import {
  answerNobody,
  answerTo,
  checkAnswer,
  respond,
  webRequest,
  type WebAnswer,
  type WebRequest,
} from './shared/web-exchange.ts'

export type { SendResponseOptions, ServeHealthOptions, WebAnswer, WebRequest }

/**
 * Lets a request through to the handler only with a valid access token that meets the requirements; the handler is given the caller
 * behind the request, and behind that whatever else the platform gives (`context`, `env`, `info`).
 *
 * A refusal is answered here, and so is an error of this library that leaves the handler: status, `WWW-Authenticate` challenge and a
 * problem+json body (RFC 9457). Errors of others go on to the platform.
 *
 * @throws ConfigurationError at once when the requirements cannot be met by anybody.
 * @example
 * ```ts
 * export const GET = protect(api, { scopes: ['access_as_user'] }, async (request, caller) =>
 *   Response.json(await caller.downstream('todolist').getJson('todos')),
 * )
 * ```
 */
export function protect<
  Api extends string = string,
  Incoming extends WebRequest = Request,
  Rest extends readonly unknown[] = readonly unknown[],
  Answer extends WebAnswer = Response,
>(
  api: WebApi<Api>,
  requirements: Requirements<Api>,
  handler: (request: Incoming, caller: Caller<Api>, ...rest: Rest) => Answer | Promise<Answer>,
): (request: Incoming, ...rest: Rest) => Promise<Answer | Response> {
  const call = 'protect(api, requirements, (request, caller) => …)'
  checkProtect(api, requirements, call)
  checkHandler(handler, call)
  return renderErrors(async (request, ...rest) => {
    const caller = await api.authenticate(webRequest(request), requirements)
    return answerNobody(request) ?? enterContext(caller, () => handler(request, caller, ...rest))
  })
}

/**
 * A handler whose errors of this library are answered: for one without `protect`, such as one that calls out as the application itself.
 * @example
 * ```ts
 * export const GET = renderErrors(async () => {
 *   const { accessToken } = await api.acquireTokenForClient({ scopes: ['api://todolist/.default'] })
 *   return fetch('https://todolist.contoso.com/api/health', { headers: { authorization: `Bearer ${accessToken}` } })
 * })
 * ```
 */
export function renderErrors<
  Incoming extends WebRequest = Request,
  Rest extends readonly unknown[] = readonly unknown[],
  Answer extends WebAnswer = Response,
>(
  handler: (request: Incoming, ...rest: Rest) => Answer | Promise<Answer>,
): (request: Incoming, ...rest: Rest) => Promise<Answer | Response> {
  checkHandler(handler, 'renderErrors((request) => …)')
  return async (request, ...rest) => {
    try {
      return checkAnswer(await handler(request, ...rest))
    } catch (error) {
      const answered = answerTo(error, request)
      if (answered === undefined) throw error
      return answered
    }
  }
}

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody; every other request goes to `otherwise`, by default a 404.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 * @example
 * ```ts
 * const whoami = protect(api, { scopes: ['access_as_user'] }, (request, caller) => Response.json(caller.account))
 * export default { fetch: serveResourceMetadata(api, whoami) }
 * ```
 */
export function serveResourceMetadata<
  Incoming extends WebRequest = Request,
  Rest extends readonly unknown[] = readonly unknown[],
  Answer extends WebAnswer = Response,
>(
  api: WebApi,
  otherwise?: (request: Incoming, ...rest: Rest) => Answer | Promise<Answer>,
): (request: Incoming, ...rest: Rest) => Promise<Answer | Response> {
  const answerMetadata = createMetadataAnswers(api)
  return renderErrors<Incoming, Rest, Answer | Response>((request, ...rest) => {
    const found = answerMetadata(request.method, request.url)
    if (found !== undefined) return respond(found)
    return otherwise === undefined ? new Response(null, { status: 404 }) : otherwise(request, ...rest)
  })
}

/**
 * Answers probes of anybody: readiness at `/readyz` (200 or 503), liveness at `/livez`; every other request goes to `otherwise`, by default a 404.
 *
 * Not ready is who has no keys to validate tokens with; they are then fetched behind the back of the probe, so that a process becomes ready
 * without a request. A host that ends work with its request is asked to let that go on, by `waitUntil` of what it gives beside the request.
 *
 * @throws ConfigurationError at once for options that cannot be meant.
 * @example
 * ```ts
 * const whoami = protect(api, { scopes: ['access_as_user'] }, (request, caller) => Response.json(caller.account))
 * export default { fetch: serveHealth(api, {}, whoami) }
 * ```
 */
export function serveHealth<
  Incoming extends WebRequest = Request,
  Rest extends readonly unknown[] = readonly unknown[],
  Answer extends WebAnswer = Response,
>(
  api: WebApi,
  options?: ServeHealthOptions,
  otherwise?: (request: Incoming, ...rest: Rest) => Answer | Promise<Answer>,
): (request: Incoming, ...rest: Rest) => Promise<Answer | Response> {
  const { answer: answerProbe } = createHealthAnswers(api, options)
  if (otherwise !== undefined) checkHandler(otherwise, 'serveHealth(api, options, handler)')
  return renderErrors<Incoming, Rest, Answer | Response>((request, ...rest) => {
    const found = answerProbe(request.method, pathOf(request.url), () => rest)
    if (found !== undefined) return respond(found)
    return otherwise === undefined ? new Response(null, { status: 404 }) : otherwise(request, ...rest)
  })
}

/**
 * A `Response` as this API may pass it on: one that `relay` gave can be returned as it is. Of any other, cookies, CORS, `Location` and the like stay behind.
 * @throws DownstreamError for 401, 407 and redirects, as `relay`; AcquisitionError `header_refused`.
 * @example
 * ```ts
 * export const GET = protect(api, { scopes: ['access_as_user'] }, async (request, caller) =>
 *   sendResponse(await caller.fetch('todolist')('report'), { keepHeaders: ['x-total-count'] }),
 * )
 * ```
 */
export function sendResponse(response: Response, options: SendResponseOptions = {}): Promise<Response> {
  return outgoingResponse(response, options)
}
