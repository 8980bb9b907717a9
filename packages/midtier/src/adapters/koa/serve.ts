// What is answered to anybody in front of what protects, on Koa: metadata and probes.
import type { Context, Middleware } from 'koa'
import type { WebApi } from '../../web-api/web-api.ts'
import { createHealthAnswers, type ServeHealthOptions } from '../shared/health-answer.ts'
import { createMetadataAnswers } from '../shared/metadata-answer.ts'
import type { PlainAnswer } from '../shared/plain-answer.ts'

/** What answers need of a context, whatever an application has added to its own. */
export type Exchange = Pick<
  Context,
  'req' | 'res' | 'method' | 'originalUrl' | 'status' | 'body' | 'respond' | 'set' | 'remove'
>

/** Sends an answer of ours. */
export function send(ctx: Exchange, { status, headers, body }: PlainAnswer): void {
  ctx.set(headers)
  ctx.status = status
  if (body !== undefined) ctx.body = body
}

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody: `app.use(serveResourceMetadata(api))`, before what protects.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 * @example
 * ```ts
 * app.use(renderErrors())
 * app.use(serveResourceMetadata(api)) // before what protects: it is for those who have no token yet
 * app.use(protect(api, { scopes: ['access_as_user'] }))
 * ```
 */
export function serveResourceMetadata(api: WebApi): Middleware {
  const answerMetadata = createMetadataAnswers(api)
  return async (ctx, next) => {
    const found = answerMetadata(ctx.method, ctx.originalUrl)
    if (found === undefined) await next()
    else send(ctx, found)
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
export function serveHealth(api: WebApi, options?: ServeHealthOptions): Middleware {
  const { answer: answerProbe } = createHealthAnswers(api, options)
  return async (ctx, next) => {
    const found = answerProbe(ctx.method, ctx.path)
    if (found === undefined) await next()
    else send(ctx, found)
  }
}
