// Hono 4: `protect` in front of a handler, `renderErrors` as what `app.onError` takes. Translates only.
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import type { Caller } from '../web-api/caller.ts'
import { enterContext } from '../web-api/enter-context.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { checkHandler, checkProtect, misplaced, uncalled } from './shared/check-use.ts'
import { createHealthAnswers, type ServeHealthOptions } from './shared/health-answer.ts'
import { createMetadataAnswers } from './shared/metadata-answer.ts'
import { missingProtect, readsMissingCaller } from './shared/missing-caller.ts'
import { addHeaders, outgoingResponse, type SendResponseOptions } from './shared/outgoing-response.ts'
import { answerNobody, answerTo, respond, webRequest } from './shared/web-exchange.ts'

export type { SendResponseOptions, ServeHealthOptions }

/** What `protect` adds to the context: `c.var.caller`. For an application whose routes are protected by `app.use`: `new Hono<CallerEnv>()`. */
export interface CallerEnv<Api extends string = string> {
  Variables: {
    /** The validated caller. */
    readonly caller: Caller<Api>
  }
}

/**
 * Lets a request through to the handler only with a valid access token that meets the requirements; `c.var.caller` is its caller.
 *
 * A refusal is answered here: status, `WWW-Authenticate` challenge and a problem+json body (RFC 9457). An error of this library that
 * leaves a handler behind it, and that `app.onError` did not know (its answer is a 500), is answered here as well.
 *
 * @throws ConfigurationError at once when the requirements cannot be met by anybody.
 * @example
 * ```ts
 * app.onError(renderErrors())
 * app.get('/todos', protect(api, { scopes: ['access_as_user'] }), async (c) =>
 *   c.json(await c.var.caller.downstream('todolist').getJson<object>('todos')),
 * )
 * ```
 */
export function protect<Api extends string = string>(
  api: WebApi<Api>,
  requirements?: Requirements<Api>,
): MiddlewareHandler<CallerEnv<Api>> {
  checkProtect(api, requirements, 'protect(api)')
  return async (c, next) => {
    const request = c.req.raw
    let caller: Caller<Api>
    try {
      caller = await api.authenticate(webRequest(request), requirements)
      c.set('caller', caller)
    } catch (error) {
      const refusal = answerTo(error, request)
      if (refusal === undefined) throw error
      return refusal
    }
    const nobody = isThere(c) ? undefined : answerNobody(request)
    if (nobody !== undefined) return nobody
    await enterContext(caller, next)
    if (isUnknown(c)) c.res = answerTo(c.error, request)
    return undefined
  }
}

/**
 * Whether the client is known to be there still. Its server for Node, which puts Node's own answer into the environment, makes the signal of
 * a request when that is first asked for, and this is a tenth of what the whole request takes.
 */
function isThere({ env }: Context): boolean {
  const { outgoing } = (env ?? {}) as { readonly outgoing?: { readonly destroyed?: unknown } }
  return outgoing?.destroyed === false
}

/** An error of ours, answered by a 500 that is not ours: nobody knew it, and its challenge would be lost. */
function isUnknown({ error, res }: Context): boolean {
  return isMidtierError(error) && res.status === 500 && !isProblem(res)
}

function isProblem({ headers }: Response): boolean {
  return headers.get('content-type') === 'application/problem+json'
}

/**
 * Answers the errors of this library that leave a handler: `app.onError(renderErrors())`. Errors of others go to `otherwise`, which by
 * default answers as Hono does by itself.
 * @example
 * ```ts
 * app.onError(renderErrors((error, c) => c.text('our fault', 500)))
 * ```
 */
export function renderErrors(
  otherwise: ErrorHandler = answerAsHono,
  ...uncalledWith: readonly never[]
): ErrorHandler {
  const [c] = uncalledWith as readonly unknown[] as readonly Context[]
  if (c !== undefined) return answerTo(uncalled('renderErrors()'), c.req.raw) as never
  checkHandler(otherwise, 'renderErrors((error, c) => …)')
  return (error, c) => {
    if (typeof c === 'function')
      return answerTo(
        misplaced('renderErrors', 'an error handler', 'app.onError(renderErrors())'),
        (error as unknown as Context).req.raw,
      ) as never
    const answered = answerTo(explainMissingCaller(error, c), c.req.raw)
    return answered ?? otherwise(error, c)
  }
}

/** What Hono's own handler does, which is handed to nobody. */
const answerAsHono: ErrorHandler = (error, c) => {
  if ('getResponse' in error) return error.getResponse()
  // eslint-disable-next-line no-console -- as Hono does
  console.error(error)
  return c.text('Internal Server Error', 500)
}

function explainMissingCaller(error: Error, c: Context): unknown {
  if (c.get('caller') !== undefined || !readsMissingCaller(error)) return error
  const remedy = 'app.get(path, protect(api, requirements), handler)'
  return missingProtect({ name: 'c.var.caller', remedy }, c.req.method, undefined, error)
}

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody: `app.use(serveResourceMetadata(api))`, before what protects.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 * @example
 * ```ts
 * app.use(serveResourceMetadata(api)) // before what protects: it is for those who have no token yet
 * app.use(protect(api, { scopes: ['access_as_user'] }))
 * ```
 */
export function serveResourceMetadata(api: WebApi): MiddlewareHandler {
  const answerMetadata = createMetadataAnswers(api)
  return async (c, next) => {
    const found = answerMetadata(c.req.method, c.req.url)
    if (found !== undefined) return respond(found)
    await next()
    return undefined
  }
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
 * app.use(serveHealth(api)) // before what protects: probes have no token
 * app.use(protect(api, { scopes: ['access_as_user'] }))
 * ```
 */
export function serveHealth(api: WebApi, options?: ServeHealthOptions): MiddlewareHandler {
  const { answer: answerProbe } = createHealthAnswers(api, options)
  return async (c, next) => {
    const found = answerProbe(c.req.method, c.req.path, () => [c.executionCtx])
    if (found !== undefined) return respond(found)
    await next()
    return undefined
  }
}

/**
 * A `Response` as this API may pass it on, such as a relayed one, with what middlewares have said of caching.
 *
 * Of any other answer, such as one of `fetch`, the same goes out as of a relayed one: cookies, CORS, `Location` and the like stay behind.
 * @throws DownstreamError for 401, 407 and redirects, as `relay`; AcquisitionError `header_refused`.
 * @example
 * ```ts
 * app.get('/report', protect(api), async (c) =>
 *   sendResponse(c, await c.var.caller.downstream('todolist').relay('report')),
 * )
 * ```
 */
export async function sendResponse(
  c: Context,
  response: Response,
  options: SendResponseOptions = {},
): Promise<Response> {
  const { status, headers, body } = await outgoingResponse(response, options)
  const said = c.res.headers
  addHeaders(headers, { get: (name) => said.get(name), set: (name, value) => said.set(name, value) })
  return new Response(body, { status, headers: said })
}
