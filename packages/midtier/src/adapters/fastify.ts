// Fastify 5: `protect` as an `onRequest` hook, `renderErrors` and `serveResourceMetadata` as plugins. Translates only.
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import { answer } from '../answer/answer.ts'
import { resourceMetadataPath } from '../bearer/resource-metadata.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { decorateCaller, goOnInContext, setCaller } from './fastify/caller.ts'
import { forParent, isInstance, refused } from './fastify/plugin.ts'
import { isPublic, publicConfig } from './fastify/public.ts'
import { checkProtect, uncalled } from './shared/check-use.ts'
import { createMetadataAnswers, type MetadataAnswer } from './shared/metadata-answer.ts'
import { nodeTraceId, watchForAnswer } from './shared/node-exchange.ts'
import { rawHeader } from './shared/raw-header.ts'
import { incomingRequest } from './shared/request-trace.ts'

export { findCaller } from './fastify/caller.ts'
export { sendResponse } from './fastify/send-response.ts'
export { clientGone } from './shared/send-response.ts'
export type { SendResponseOptions } from './shared/outgoing-response.ts'

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
    if (isPublic(request)) return
    if (more.length > 1 || request.body !== undefined || reply.sent) throw runsTooLate()
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
  return hook as ProtectHook
}

/** `request.headers` is what a plugin may have replaced; `rawHeaders` is what came. */
function incoming(request: FastifyRequest) {
  const { headers, raw } = request
  const fields = { headers, rawHeaders: raw.rawHeaders }
  return incomingRequest(raw, request, (name) => rawHeader(fields, name))
}

/** Answers an error of ours; another one is thrown, for whom Fastify hands it to. */
function respond(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const rendered = reply.raw.headersSent ? undefined : answer(error, nodeTraceId(request.raw))
  if (rendered === undefined) throw error
  return send(reply, rendered)
}

function send(reply: FastifyReply, { status, headers, body }: MetadataAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}

/** Without the plugin, a challenge that leaves a handler would be lost. */
function checkPlugin(request: FastifyRequest): void {
  if (!('caller' in request))
    throw new ConfigurationError('renderErrors', 'is missing: write app.register(renderErrors())')
}

/** In another hook, the body is being read, or has been, for a stranger. */
function runsTooLate(): ConfigurationError {
  const remedy = 'write { onRequest: protect(api, requirements) }, or app.addHook("onRequest", …)'
  return new ConfigurationError('protect', `runs too late: ${remedy}`)
}

/**
 * Answers the errors of this library that leave a handler, and gives requests their `caller`: `app.register(renderErrors())`.
 *
 * It is the error handler of where it is registered; errors of others go on to the one around it, or to Fastify's own. An error handler
 * of yours inside that throws what it does not know leads here.
 * @example
 * ```ts
 * app.register(renderErrors())
 * ```
 */
export function renderErrors(...nothing: readonly never[]): FastifyPluginCallback {
  if (nothing.length > 0) return refused(uncalled('renderErrors()'))
  return forParent('midtier', (instance, _options, done) => {
    decorateCaller(instance)
    instance.addHook('preHandler', goOnInContext)
    instance.setErrorHandler((error, request, reply) => respond(error, request, reply))
    done()
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
      instance.route({
        method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        url,
        config: publicConfig,
        onRequest: async (request, reply) => {
          const found = answerMetadata(request.method, request.originalUrl)
          if (found === undefined) reply.callNotFound()
          else await send(reply, found)
        },
        handler: () => undefined,
      })
    done()
  }
}
