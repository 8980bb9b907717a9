// Node's own HTTP server, without a framework: `protect` around a handler, `renderErrors` around all of them. Translates only.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answer } from '../answer/answer.ts'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import type { Caller } from '../web-api/caller.ts'
import { enterContext } from '../web-api/enter-context.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { checkHandler, checkProtect } from './shared/check-use.ts'
import { createHealthAnswers, type ServeHealthOptions } from './shared/health-answer.ts'
import { createMetadataAnswers } from './shared/metadata-answer.ts'
import { isOver, nodeRequest, nodeTraceId, watchForAnswer } from './shared/node-exchange.ts'
import { pathOf, type PlainAnswer } from './shared/plain-answer.ts'
import { printFailure } from './shared/print-failure.ts'

export type { SendResponseOptions } from './shared/outgoing-response.ts'
export type { ServeHealthOptions }
export { clientGone, sendResponse } from './shared/send-response.ts'

/** What `createServer` takes. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** The same, whose end can be waited for. */
export type AsyncListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * Lets a request through to the handler only with a valid access token that meets the requirements; the handler is given the caller.
 *
 * A refusal is answered here, and so is an error of this library that leaves the handler: status, `WWW-Authenticate` challenge and a
 * problem+json body (RFC 9457). Errors of others, and those that come when an answer has begun, are for `renderErrors` around it.
 *
 * @throws ConfigurationError at once when the requirements cannot be met by anybody.
 * @example
 * ```ts
 * const todos = protect(api, { scopes: ['access_as_user'] }, async (req, res, caller) => {
 *   res.setHeader('content-type', 'application/json')
 *   res.end(JSON.stringify(await caller.downstream('todolist').getJson('todos')))
 * })
 * createServer(renderErrors(todos)).listen(5001)
 * ```
 */
export function protect<Api extends string = string>(
  api: WebApi<Api>,
  requirements: Requirements<Api>,
  handler: (request: IncomingMessage, response: ServerResponse, caller: Caller<Api>) => unknown,
): AsyncListener {
  const call = 'protect(api, requirements, (req, res, caller) => …)'
  checkProtect(api, requirements, call)
  checkHandler(handler, call)
  return async (request, response) => {
    const isTaken = watchForAnswer(response)
    let admitted = false
    try {
      const caller = await api.authenticate(nodeRequest(request), requirements)
      if (isTaken()) return
      admitted = true
      await enterContext(caller, () => handler(request, response, caller))
    } catch (error) {
      if (!admitted && isTaken()) return
      if (!respond(error, request, response)) throw error
    }
  }
}

/**
 * Around all handlers of a server: answers the errors of this library that leave a listener, as `protect` does for its own handler.
 *
 * An error of others becomes a 500 without a word, and is printed, or handed to `onError`, which then answers; where an answer has begun,
 * the connection is closed, so that nobody takes half an answer for a whole one. The listener that this gives never rejects: Node ends
 * the process when one does.
 * @example
 * ```ts
 * const whoami = protect(api, {}, (req, res, caller) => res.end(caller.account?.id))
 * createServer(renderErrors((req, res) => (req.url === '/whoami' ? whoami(req, res) : res.writeHead(404).end())))
 * ```
 */
export function renderErrors(
  listener: Listener,
  onError: (error: unknown, request: IncomingMessage, response: ServerResponse) => unknown = answerAsNode,
): (request: IncomingMessage, response: ServerResponse) => void {
  checkHandler(listener, 'renderErrors(listener)')
  const run = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await listener(request, response)
    } catch (error) {
      try {
        if (!respond(error, request, response)) await onError(error, request, response)
      } catch (failure) {
        answerAsNode(failure, request, response)
      }
    }
  }
  return (request, response) => void run(request, response)
}

/** Answers an error of ours, unless there is nobody left; `false` for others' and for one that comes when an answer has begun. */
function respond(error: unknown, request: IncomingMessage, response: ServerResponse): boolean {
  if (response.headersSent) return false
  if (isOver(response)) return isMidtierError(error)
  const rendered = answer(error, nodeTraceId(request))
  if (rendered !== undefined) send(response, rendered)
  return rendered !== undefined
}

function send(response: ServerResponse, { status, headers, body }: PlainAnswer): void {
  response.writeHead(status, headers).end(body)
}

/** As Node does it for a listener whose rejections it captures, but not in silence. */
function answerAsNode(error: unknown, _request: IncomingMessage, response: ServerResponse): void {
  printFailure('a handler', error)
  if (!response.headersSent && !isOver(response)) response.writeHead(500).end('Internal Server Error')
  else if (!response.writableEnded) response.destroy()
}

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody; every other request goes to `otherwise`, by default a 404.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 * @example
 * ```ts
 * const whoami = protect(api, {}, (req, res, caller) => res.end(caller.account?.id))
 * createServer(renderErrors(serveResourceMetadata(api, whoami)))
 * ```
 */
export function serveResourceMetadata(api: WebApi, otherwise: Listener = answerNotFound): AsyncListener {
  const answerMetadata = createMetadataAnswers(api)
  return async (request, response) => {
    const { method, url } = nodeRequest(request)
    const found = answerMetadata(method, url)
    if (found === undefined) await otherwise(request, response)
    else send(response, found)
  }
}

/**
 * Answers probes of anybody: readiness at `/readyz` (200 or 503), liveness at `/livez`; every other request goes to `otherwise`, by default a 404.
 *
 * Not ready is who has no keys to validate tokens with; they are then fetched behind the back of the probe, so that a process becomes ready
 * without a request.
 *
 * @throws ConfigurationError at once for options that cannot be meant.
 * @example
 * ```ts
 * const whoami = protect(api, {}, (req, res, caller) => res.end(caller.account?.id))
 * createServer(renderErrors(serveHealth(api, {}, whoami)))
 * ```
 */
export function serveHealth(
  api: WebApi,
  options?: ServeHealthOptions,
  otherwise: Listener = answerNotFound,
): AsyncListener {
  const { answer: answerProbe } = createHealthAnswers(api, options)
  checkHandler(otherwise, 'serveHealth(api, options, listener)')
  return async (request, response) => {
    const { method, url } = nodeRequest(request)
    const found = answerProbe(method, pathOf(url))
    if (found === undefined) await otherwise(request, response)
    else send(response, found)
  }
}

function answerNotFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404).end()
}
