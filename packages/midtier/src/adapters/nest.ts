// NestJS 11 and 12, on Express and on Fastify: a module, a guard by decorator, the caller as a parameter, an exception filter. Translates only.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebApi } from '../web-api/web-api.ts'
import { sendResponse as sendByFastify } from './fastify/send-response.ts'
import { isReply, type NestResponse, rawResponseOf } from './nest/exchange.ts'
import { createHealthAnswers, type ServeHealthOptions } from './shared/health-answer.ts'
import { createMetadataAnswers } from './shared/metadata-answer.ts'
import { nodeRequest } from './shared/node-exchange.ts'
import type { SendResponseOptions } from './shared/outgoing-response.ts'
import { pathOf, type PlainAnswer } from './shared/plain-answer.ts'
import { clientGone as clientGoneOf, sendResponse as sendByNode } from './shared/send-response.ts'

export { CurrentCaller, findCaller } from './nest/caller.ts'
export type { NestReply, NestRequest, NestResponse } from './nest/exchange.ts'
export { MidtierExceptionFilter } from './nest/filter.ts'
export { MidtierGuard, Protect, Public } from './nest/guard.ts'
export { type MidtierAsyncOptions, MidtierModule } from './nest/module.ts'
export { InjectWebApi, webApiToken } from './nest/token.ts'
export type { SendResponseOptions, ServeHealthOptions }

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody: in `main.ts`, before `app.listen`.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 * @example
 * ```ts
 * app.use(serveResourceMetadata(app.get(webApiToken))) // the API that MidtierModule has
 * await app.listen(5001)
 * ```
 */
export function serveResourceMetadata(api: WebApi): NestMiddleware {
  const answerMetadata = createMetadataAnswers(api)
  return answering(answerMetadata)
}

/**
 * Answers probes of anybody: readiness at `/readyz` (200 or 503), liveness at `/livez`; every other request goes on.
 *
 * Not ready is who has no keys to validate tokens with; they are then fetched behind the back of the probe, so that a process becomes ready
 * without a request.
 *
 * @throws ConfigurationError at once for options that cannot be meant.
 * @example
 * ```ts
 * app.use(serveHealth(app.get(webApiToken))) // in `main.ts`, before `app.listen`
 * await app.listen(5001)
 * ```
 */
export function serveHealth(api: WebApi, options?: ServeHealthOptions): NestMiddleware {
  const { answer: answerProbe } = createHealthAnswers(api, options)
  return answering((method, url) => answerProbe(method, pathOf(url)))
}

/** What `app.use` takes, on Express and on Fastify. */
type NestMiddleware = (
  request: IncomingMessage & { readonly originalUrl?: string },
  response: ServerResponse,
  next: () => void,
) => void

function answering(find: (method: string, url: string) => PlainAnswer | undefined): NestMiddleware {
  return (request, response, next) => {
    const { method, url } = nodeRequest(request)
    const found = find(method, url)
    if (found === undefined) next()
    else response.writeHead(found.status, found.headers).end(found.body)
  }
}

/**
 * Sends a `Response`, such as a relayed one, by what a handler gets with `@Res()`.
 *
 * Of any other answer, such as one of `fetch`, the same goes out as of a relayed one: cookies, CORS, `Location` and the like stay behind.
 * When the client goes away, the reading of the body ends too.
 * @throws DownstreamError for 401, 407 and redirects, as `relay`; AcquisitionError `header_refused`.
 * @example
 * ```ts
 * @Controller('report')
 * @Protect({ scopes: ['access_as_user'] })
 * export class ReportController {
 *   @Get()
 *   async report(@CurrentCaller() caller: Caller, @Res() response: NestResponse) {
 *     await sendResponse(response, await caller.downstream('todolist').relay('report'))
 *   }
 * }
 * ```
 */
export function sendResponse(
  outgoing: NestResponse,
  response: Response,
  options: SendResponseOptions = {},
): Promise<void> {
  return isReply(outgoing)
    ? sendByFastify(outgoing, response, options)
    : sendByNode(outgoing, response, options)
}

/** A signal that aborts when the client goes away before it has its whole answer: of what a handler gets with `@Res()`. */
export function clientGone(outgoing: NestResponse): AbortSignal {
  return clientGoneOf(rawResponseOf(outgoing))
}
