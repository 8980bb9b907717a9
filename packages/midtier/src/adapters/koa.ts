// Koa 3: `protect` in front of a handler, `renderErrors` in front of everything. Translates only.
import type { Middleware, Next } from 'koa'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { answer } from '../answer/answer.ts'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import type { Caller } from '../web-api/caller.ts'
import { enterContext } from '../web-api/enter-context.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { type Exchange, send } from './koa/serve.ts'
import { checkProtect, misplaced, refuseArguments } from './shared/check-use.ts'
import { missingProtect, readsMissingCaller } from './shared/missing-caller.ts'
import { isOver, nodeRequest, nodeTraceId, watchForAnswer } from './shared/node-exchange.ts'
import { addHeaders, outgoingResponse, type SendResponseOptions } from './shared/outgoing-response.ts'

export { clientGone } from './shared/send-response.ts'
export type { SendResponseOptions }
export { serveHealth, serveResourceMetadata } from './koa/serve.ts'
export type { ServeHealthOptions } from './shared/health-answer.ts'

/** What `protect` adds to the state: `ctx.state.caller`. For an application that is protected as a whole: `new Koa<CallerState>()`. */
export interface CallerState<Api extends string = string> {
  /** The validated caller. */
  caller: Caller<Api>
}

/**
 * Lets a request through to the handler only with a valid access token that meets the requirements; `ctx.state.caller` is its caller.
 *
 * A refusal is answered here, and so is an error of this library that leaves what is behind: status, `WWW-Authenticate` challenge and a
 * problem+json body (RFC 9457). Errors of others go on to those in front, and to `app.on('error')`.
 *
 * @throws ConfigurationError at once when the requirements cannot be met by anybody.
 * @example
 * ```ts
 * app.use(renderErrors())
 * router.get('/todos', protect(api, { scopes: ['access_as_user'] }), async (ctx) => {
 *   ctx.body = await ctx.state.caller.downstream('todolist').getJson('todos')
 * })
 * ```
 */
export function protect<Api extends string = string>(
  api: WebApi<Api>,
  requirements?: Requirements<Api>,
): Middleware<CallerState<Api>> {
  checkProtect(api, requirements, 'protect(api)')
  return async (ctx, next) => {
    const isTaken = watchForAnswer(ctx.res)
    let caller: Caller<Api>
    try {
      caller = await api.authenticate(nodeRequest(ctx.req, ctx), requirements)
      if (!isTaken()) ctx.state.caller = caller
    } catch (error) {
      if (!isTaken()) respond(error, ctx)
      else ctx.respond = false
      return
    }
    if (isTaken())
      ctx.respond = false // no handler runs for nobody
    else await enterContext(caller, () => guarded(ctx, next))
  }
}

/**
 * Answers the errors of this library that leave a handler: `app.use(renderErrors())`, in front of everything.
 *
 * Koa takes all headers away from the answer to an error, and so the challenge, unless it is caught before. Errors of others go on.
 * One that comes when an answer has begun closes the connection, lest half an answer be taken for a whole one, and goes on too.
 * @example
 * ```ts
 * app.use(renderErrors())
 * ```
 */
export function renderErrors(...nothing: readonly never[]): Middleware {
  refuseArguments(nothing, 'renderErrors()')
  return (ctx, next) => {
    if (typeof next !== 'function') throw misplaced('renderErrors', 'a middleware', 'app.use(renderErrors())')
    return guarded(ctx, next, (error) => {
      if (Object.hasOwn(ctx.state, 'caller') || !readsMissingCaller(error)) return error
      const remedy = 'router.get(path, protect(api, requirements), handler)'
      return missingProtect({ name: 'ctx.state.caller', remedy }, ctx.method, undefined, error)
    })
  }
}

async function guarded(
  ctx: Exchange,
  next: Next,
  explain = (error: unknown): unknown => error,
): Promise<void> {
  try {
    await next()
  } catch (error) {
    respond(explain(error), ctx)
  }
}

/** Answers an error of ours, unless there is nobody left; throws another one, and one that comes too late, for whom Koa hands it to. */
function respond(error: unknown, ctx: Exchange): void {
  const { req, res } = ctx
  if (res.headersSent) {
    if (!isOver(res)) res.destroy() // Koa would leave it open for ever
    throw error
  }
  if (isOver(res) && isMidtierError(error)) return
  const rendered = answer(error, nodeTraceId(req))
  if (rendered === undefined) throw error
  send(ctx, rendered)
}

/**
 * Makes a `Response` the answer, such as a relayed one.
 *
 * Of one of `fetch` the same goes out as of a relayed one: cookies, CORS, `Location` and the like stay behind.
 * The body goes out when all middlewares have returned; its reading ends when the client goes away.
 * @throws DownstreamError for 401, 407 and redirects, as `relay`; AcquisitionError `header_refused`.
 * @example
 * ```ts
 * router.get('/report', protect(api), async (ctx) => {
 *   await sendResponse(ctx, await ctx.state.caller.downstream('todolist').relay('report'))
 * })
 * ```
 */
export async function sendResponse(
  ctx: Exchange,
  response: Response,
  options: SendResponseOptions = {},
): Promise<void> {
  if (ctx.res.headersSent) {
    await response.body?.cancel()
    return
  }
  const { status, headers, body } = await outgoingResponse(response, options)
  ctx.status = status
  ctx.body = body === null ? '' : Readable.fromWeb(body as NodeReadableStream)
  if (!headers.has('content-type')) ctx.remove('content-type') // Koa's guess
  addHeaders(headers, {
    get: (name) => ctx.res.getHeader(name),
    set: (name, value) => {
      ctx.set(name, value)
    },
  })
}
