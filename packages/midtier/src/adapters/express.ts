// Express 4 and 5: `protect` in front of a handler, `handle` around it, `renderErrors` behind all of them. Translates only.
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express'
import {
  resourceMetadataPath,
  resourceMetadataUrl,
  type ResourceMetadata,
} from '../bearer/resource-metadata.ts'
import type { Caller } from '../web-api/caller.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import { hasMark, lazyMark } from '../kernel/errors/marks.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { awaitCaller, explainMissingCaller, watchForMissingProtect } from './express-caller.ts'
import { refuseUncalled, uncalled } from './express-misuse.ts'
import { goOn, isOver, passOn } from './express-next.ts'
import { answer } from '../answer/answer.ts'
import { rawHeader } from './raw-header.ts'
import type { RenderedAnswer } from '../answer/render.ts'
import { traceIdOf, traceparentOf } from './request-trace.ts'

export { findCaller } from './express-caller.ts'
export { clientGone, sendResponse } from './send-response.ts'

/**
 * Lets a request through to the handler only with a valid access token that meets the requirements; `req.caller` is its caller.
 *
 * A refusal is answered here: status, `WWW-Authenticate` challenge and a problem+json body (RFC 9457). A request that somebody else
 * answers in the meantime, such as a time limit, or whose client goes away, ends here.
 *
 * @throws ConfigurationError at once when the requirements cannot be met by anybody.
 * @example
 * ```ts
 * app.get('/todos', protect(api, { scopes: ['access_as_user'] }), async (req, res) => {
 *   res.json(await req.caller.downstream('todolist').getJson('todos'))
 * })
 * app.use(renderErrors())
 * ```
 */
export function protect(api: WebApi, requirements?: Requirements): RequestHandler {
  checkApi(api, 'protect(api)')
  if (requirements !== undefined) api.checkRequirements(requirements)
  return (request, response, next) => {
    void admit(api, requirements, request, response, next)
  }
}

/** Never rejects: nobody would hear it. */
async function admit(
  api: WebApi,
  requirements: Requirements | undefined,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  const begun = response.headersSent // on purpose, before us; what begins from now on is somebody else's answer
  const isTaken = (): boolean => isOver(response) || (response.headersSent && !begun)
  let caller: Caller
  try {
    watchForMissingProtect(request)
    awaitCaller(request)
    const { method, originalUrl: url } = request
    const header = (name: string): ReturnType<typeof rawHeader> =>
      name === 'traceparent' ? traceparentOf(request) : rawHeader(request, name)
    caller = await api.authenticate({ header, method, url }, requirements)
  } catch (error) {
    if (!isTaken()) respond(error, request, response, next)
    return
  }
  if (isTaken()) return
  request.caller = caller
  goOn(response, next)
}

/**
 * A handler whose failure is answered, also when it fails late: `app.get('/me', protect(api), handle(async (req, res) => { … }))`.
 *
 * Express 4 does not look at the promise of a handler, and Node ends the process when that is rejected: there, every asynchronous handler
 * needs this. Express 5 looks by itself, and this changes nothing.
 *
 * @throws ConfigurationError at once when `handler` is no function of `(req, res, next)`.
 * @example
 * ```ts
 * app.get('/todos', protect(api, { scopes: ['access_as_user'] }), handle(async (req, res) => {
 *   res.json(await req.caller.downstream('todolist').getJson('todos'))
 * }))
 * ```
 */
export function handle<
  Params = Request['params'],
  ResBody = unknown,
  ReqBody = unknown,
  Query = Request['query'],
  Locals extends Response['locals'] = Response['locals'],
>(
  handler: (
    request: Request<Params, ResBody, ReqBody, Query, Locals>,
    response: Response<ResBody, Locals>,
    next: NextFunction,
  ) => unknown,
): RequestHandler<Params, ResBody, ReqBody, Query, Locals> {
  if (typeof handler !== 'function' || handler.length > 3)
    throw new ConfigurationError('handle', 'takes a handler: write handle(async (req, res) => { … })')
  return (request, response, next) => {
    const run = async (): Promise<void> => {
      try {
        watchForMissingProtect(request)
        await handler(request, response, next)
      } catch (error) {
        passOn(explainMissingCaller(error, request), response, next)
      }
    }
    void run()
  }
}

/**
 * Answers the errors of this library that leave a handler; put it behind the routes: `app.use(renderErrors())`.
 *
 * Errors of others go on to the next error handler, and so do those that come when an answer has begun: Express then closes the
 * connection, so that nobody takes half an answer for a whole one.
 * @example
 * ```ts
 * app.get('/todos', protect(api), async (req, res) => {
 *   res.json(await req.caller.downstream('todolist').getJson('todos')) // a refusal is answered below
 * })
 * app.use(renderErrors())
 * ```
 */
export function renderErrors(...nothing: readonly never[]): ErrorRequestHandler {
  if (nothing.length > 0) throw uncalled('renderErrors()')
  return (error: unknown, request, response, next) => {
    const explained = explainMissingCaller(error, request)
    watchForMissingProtect(request)
    if (response.headersSent) next(explained)
    else respond(explained, request, response, next)
  }
}

/** Answers an error of ours, unless there is nobody left; any other one goes on, and so does what answering throws. */
function respond(error: unknown, request: Request, response: Response, next: NextFunction): void {
  try {
    if (!response.headersSent && isMidtierError(error) && isOver(response)) return
    const rendered = response.headersSent ? undefined : answer(error, traceIdOf(request))
    if (rendered === undefined) passOn(error, response, next)
    else send(response, rendered)
  } catch (failure) {
    passOn(failure, response, next)
  }
}

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody: `app.use(serveResourceMetadata(api))`, before what protects.
 *
 * At `/.well-known/oauth-protected-resource`, and at the same path followed by that of the resource; every other request goes on.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 * @example
 * ```ts
 * app.use(serveResourceMetadata(api)) // before what protects: it is for those who have no token yet
 * app.use(protect(api, { scopes: ['access_as_user'] }))
 * ```
 */
export function serveResourceMetadata(api: WebApi): RequestHandler {
  checkApi(api, 'serveResourceMetadata(api)')
  let found: ResourceFacts | undefined
  const facts = (): ResourceFacts => (found ??= findResource(api))
  if (!hasMark(api, lazyMark)) facts() // a mistake is said at once where the options can be read at once
  return (request, response, next) => {
    const { metadata, paths } = facts()
    if (!paths.includes(pathOf(request.originalUrl))) next()
    else if (['GET', 'HEAD'].includes(request.method)) response.set(readableByAll).json(metadata)
    else if (request.method === 'OPTIONS') response.set(readableByAll).status(204).end()
    else response.set('allow', 'GET, HEAD, OPTIONS').status(405).end()
  }
}

interface ResourceFacts {
  readonly metadata: ResourceMetadata
  readonly paths: readonly string[]
}

function findResource(api: WebApi): ResourceFacts {
  const metadata = api.resourceMetadata()
  if (metadata === undefined)
    throw new ConfigurationError(
      'resource',
      'is missing: say what this API is called, to have metadata to serve',
    )
  return {
    metadata,
    paths: [resourceMetadataPath, new URL(resourceMetadataUrl(metadata.resource)).pathname],
  }
}

/** Public facts, wanted by clients in browsers: without CORS they could not begin. */
const readableByAll = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': '*',
  'cache-control': 'public, max-age=3600',
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? ''
}

function send(response: Response, { status, headers, body }: RenderedAnswer): void {
  response.status(status).set(headers).send(body)
}

/** Whatever has `authenticate` will do: a stand-in in a test, or the API of another copy of this package. */
function checkApi(api: WebApi | undefined, call: string): void {
  if (typeof api?.authenticate !== 'function')
    throw new ConfigurationError('api', `is not what createWebApi gives: write ${call}`)
}

refuseUncalled(protect, 'protect(api)')
refuseUncalled(handle, 'handle(async (req, res) => { … })')
refuseUncalled(renderErrors, 'renderErrors()')
refuseUncalled(serveResourceMetadata, 'serveResourceMetadata(api)')
