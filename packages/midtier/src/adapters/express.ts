// Express 4 and 5: `protect` in front of a handler, `handle` around it, `renderErrors` behind all of them. Translates only.
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express'
import { answer } from '../answer/answer.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import { isPromise } from '../kernel/errors/other-realms.ts'
import { admit } from '../web-api/admit.ts'
import type { Caller } from '../web-api/caller.ts'
import { enterContext } from '../web-api/enter-context.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { awaitCaller, explainMissingCaller, watchForMissingProtect } from './express/caller.ts'
import { remember } from './express/missing-render.ts'
import { refuseUncalled } from './express/misuse.ts'
import { goOn, passOn } from './express/next.ts'
import { send } from './express/serve.ts'
import { checkProtect, refuseArguments } from './shared/check-use.ts'
import { isOver, nodeRequest, nodeTraceId, watchForAnswer } from './shared/node-exchange.ts'

export { findCaller } from './express/caller.ts'
export { serveHealth, serveResourceMetadata } from './express/serve.ts'
export type { ServeHealthOptions } from './shared/health-answer.ts'
export { clientGone, sendResponse } from './shared/send-response.ts'

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
export function protect<Api extends string = string>(
  api: WebApi<Api>,
  requirements?: Requirements<Api>,
): RequestHandler {
  checkProtect(api, requirements, 'protect(api)')
  return remember((request, response, next) => {
    watchForMissingProtect(request)
    const admitted = admit(api, nodeRequest(request), requirements)
    if (isPromise(admitted)) void letInLater(admitted, request, response, next)
    else if (!isOver(response)) letIn(admitted, request, response, next)
  })
}

/** Never rejects: nobody would hear it. */
async function letInLater(
  admitting: PromiseLike<Caller>,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  const isTaken = watchForAnswer(response)
  awaitCaller(request)
  let caller: Caller
  try {
    caller = await admitting
  } catch (error) {
    if (!isTaken()) respond(error, request, response, next)
    return
  }
  if (!isTaken()) letIn(caller, request, response, next)
}

function letIn(caller: Caller, request: Request, response: Response, next: NextFunction): void {
  request.caller = caller
  enterContext(caller, () => {
    goOn(response, next)
  })
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
 * Answers the errors of this library that leave a handler; put it behind the routes, and in front of an error handler of yours for
 * everything: `app.use(renderErrors())`.
 *
 * Errors of others go on to the next error handler, and so do those that come when an answer has begun: Express then closes the
 * connection, so that nobody takes half an answer for a whole one.
 * @example
 * ```ts
 * app.use(renderErrors())
 * ```
 */
export function renderErrors(...nothing: readonly never[]): ErrorRequestHandler {
  refuseArguments(nothing, 'renderErrors()')
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
    const rendered = response.headersSent ? undefined : answer(error, nodeTraceId(request))
    if (rendered === undefined) passOn(error, response, next)
    else send(response, rendered)
  } catch (failure) {
    passOn(failure, response, next)
  }
}

refuseUncalled(protect, 'protect(api)')
refuseUncalled(handle, 'handle(async (req, res) => { … })')
refuseUncalled(renderErrors, 'renderErrors()')
