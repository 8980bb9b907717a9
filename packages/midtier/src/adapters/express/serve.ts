// What is answered to anybody in front of what protects, on Express: metadata and probes.
import type { RequestHandler, Response } from 'express'
import type { WebApi } from '../../web-api/web-api.ts'
import { createHealthAnswers, type ServeHealthOptions } from '../shared/health-answer.ts'
import { createMetadataAnswers } from '../shared/metadata-answer.ts'
import type { PlainAnswer } from '../shared/plain-answer.ts'
import { refuseUncalled } from './misuse.ts'

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody: `app.use(serveResourceMetadata(api))`, before what protects.
 *
 * At `/.well-known/oauth-protected-resource`, and at the same path followed by that of the resource; every other request goes on.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 * @example
 * ```ts
 * app.use(serveResourceMetadata(api))
 * app.use(protect(api, { scopes: ['access_as_user'] }))
 * ```
 */
export function serveResourceMetadata(api: WebApi): RequestHandler {
  const answerMetadata = createMetadataAnswers(api)
  return (request, response, next) => {
    const found = answerMetadata(request.method, request.originalUrl)
    if (found === undefined) next()
    else send(response, found)
  }
}

/**
 * Answers probes of anybody: readiness at `/readyz` (200 or 503), liveness at `/livez`; every other request goes on.
 *
 * Not ready is who has no keys to validate tokens with; they are then fetched behind the back of the probe, so that a process becomes ready
 * without a request. Paths are those behind where it is mounted: `app.use('/internal', serveHealth(api))`.
 *
 * @throws ConfigurationError at once for options that cannot be meant.
 * @example
 * ```ts
 * app.use(serveHealth(api)) // before what protects: probes have no token
 * app.use(protect(api, { scopes: ['access_as_user'] }))
 * ```
 */
export function serveHealth(api: WebApi, options?: ServeHealthOptions): RequestHandler {
  const { answer: answerProbe } = createHealthAnswers(api, options)
  return (request, response, next) => {
    const found = answerProbe(request.method, request.path)
    if (found === undefined) next()
    else send(response, found)
  }
}

/** Sends an answer of ours. */
export function send(response: Response, { status, headers, body }: PlainAnswer): void {
  response.status(status).set(headers)
  if (body === undefined) response.end()
  else response.send(body)
}

refuseUncalled(serveResourceMetadata, 'serveResourceMetadata(api)')
refuseUncalled(serveHealth, 'serveHealth(api)')
