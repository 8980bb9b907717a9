// Fastify 5: `protect` as an `onRequest` hook, `renderErrors` and `serveResourceMetadata` as plugins. Translates only.
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import { resourceMetadataPath } from '../bearer/resource-metadata.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { respond } from './fastify/answer.ts'
import { decorateCaller, goOnInContext, setCaller } from './fastify/caller.ts'
import { answerErrors } from './fastify/errors.ts'
import { isLate, rememberProtect, runsTooLate, watchForLateProtect } from './fastify/late.ts'
import { forParent, isInstance, refused } from './fastify/plugin.ts'
import { addPublicRoute, isPublic } from './fastify/public.ts'
import { checkProtect, misplaced, uncalled } from './shared/check-use.ts'
import { createHealthAnswers, type ServeHealthOptions } from './shared/health-answer.ts'
import { createMetadataAnswers } from './shared/metadata-answer.ts'
import { watchForAnswer } from './shared/node-exchange.ts'
import { rawHeader } from './shared/raw-header.ts'
import { incomingRequest } from './shared/request-trace.ts'

export { findCaller } from './fastify/caller.ts'
export { sendResponse } from './fastify/send-response.ts'
export { clientGone } from './shared/send-response.ts'
export type { SendResponseOptions } from './shared/outgoing-response.ts'
export type { ServeHealthOptions }

/** A hook for the requests of any server, with any logger: their types differ in these. */
export type ProtectHook = (
  request: Pick<FastifyRequest, 'originalUrl'>,
  reply: Pick<FastifyReply, 'sent'>,
) => Promise<void>

/**
 * Lets a request through to the handler only with a valid access token that meets the requirements; `request.caller` is its caller.
 *
 * An `onRequest` hook, of a route or of all routes of a plugin: before the body is read. A refusal is answered here: status,
 * `WWW-Authenticate` challenge and a problem+json body (RFC 9457). Needs `renderErrors()` to be registered, and says so.
 *
 * @throws ConfigurationError at once when the requirements cannot be met by anybody.
 * @example
 * ```ts
 * app.register(renderErrors())
 * app.get('/todos', { onRequest: protect(api, { scopes: ['access_as_user'] }) }, (request) =>
 *   request.caller.downstream('todolist').getJson('todos'),
 * )
 * ```
 */
export function protect<Api extends string = string>(
  api: WebApi<Api>,
  requirements?: Requirements<Api>,
): ProtectHook {
  checkProtect(api, requirements, 'protect(api)')
  const hook = async (request: FastifyRequest, reply: FastifyReply, ...more: unknown[]): Promise<void> => {
    if (isInstance(request)) throw misplaced('protect', 'a hook', 'app.addHook("onRequest", protect(api))')
    if (isPublic(request)) return
    if (isLate(request, reply, more)) throw runsTooLate()
    const isTaken = watchForAnswer(reply.raw)
    try {
      checkPlugin(request)
      setCaller(request, undefined)
      const caller = await api.authenticate(incoming(request), requirements)
      if (isTaken()) reply.hijack() // no handler runs for nobody
      setCaller(request, caller)
    } catch (error) {
      if (isTaken()) reply.hijack()
      else await respond(error, request, reply)
    }
  }
  rememberProtect(hook)
  return hook as ProtectHook
}

/** `request.headers` is what a plugin may have replaced; `rawHeaders` is what came. */
function incoming(request: FastifyRequest) {
  const { headers, raw } = request
  const fields = { headers, rawHeaders: raw.rawHeaders }
  return incomingRequest(raw, request, (name) => rawHeader(fields, name))
}

/** Without the plugin, a challenge that leaves a handler would be lost. */
function checkPlugin(request: FastifyRequest): void {
  if (!('caller' in request))
    throw new ConfigurationError('renderErrors', 'is missing: write app.register(renderErrors())')
}

/**
 * Answers the errors of this library that leave a handler, and gives requests their `caller`: `app.register(renderErrors())`.
 *
 * It holds for all routes of where it is registered and of the plugins inside, in whichever order they were added, and whatever error
 * handler they have: that is told of an error of this library, and what it says to it is not sent. Errors of others are not looked at.
 * @example
 * ```ts
 * app.register(renderErrors())
 * ```
 */
export function renderErrors(...nothing: readonly never[]): FastifyPluginCallback {
  if (nothing.length > 0) return refused(uncalled('renderErrors()'))
  return forParent('midtier', (instance, _options, done) => {
    try {
      decorateCaller(instance)
      watchForLateProtect(instance)
      instance.addHook('preHandler', goOnInContext)
      answerErrors(instance)
      done()
    } catch (error) {
      done(error as Error)
    }
  })
}

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody: `app.register(serveResourceMetadata(api))`.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 * @example
 * ```ts
 * app.register(serveResourceMetadata(api)) // for those who have no token yet, also where a hook protects everything
 * ```
 */
export function serveResourceMetadata(api: WebApi): FastifyPluginCallback {
  if (isInstance(api)) return refused(uncalled('serveResourceMetadata(api)'))
  const answerMetadata = createMetadataAnswers(api)
  return (instance: FastifyInstance, _options, done) => {
    for (const url of [resourceMetadataPath, `${resourceMetadataPath}/*`])
      addPublicRoute(instance, url, ({ method, originalUrl }) => answerMetadata(method, originalUrl))
    done()
  }
}

/**
 * Answers probes of anybody, by a plugin: `app.register(serveHealth(api))`. Readiness at `/readyz` (200 or 503), liveness at `/livez`.
 *
 * Not ready is who has no keys to validate tokens with; they are then fetched behind the back of the probe, so that a process becomes ready
 * without a request. Paths are those behind the prefix of where it is registered.
 *
 * @throws ConfigurationError at once for options that cannot be meant.
 * @example
 * ```ts
 * app.register(serveHealth(api)) // for who has no token, also where a hook protects everything
 * ```
 */
export function serveHealth(api: WebApi, options?: ServeHealthOptions): FastifyPluginCallback {
  if (isInstance(api)) return refused(uncalled('serveHealth(api)'))
  const { paths, answer: answerProbe } = createHealthAnswers(api, options)
  return (instance: FastifyInstance, _options, done) => {
    for (const path of paths) addPublicRoute(instance, path, ({ method }) => answerProbe(method, path))
    done()
  }
}
