// Express 4 and 5: `protect` in front of a handler, `renderErrors` behind all of them, metadata beside them. Translates only.
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { resourceMetadataPath, resourceMetadataUrl } from '../bearer/resource-metadata.ts'
import type { Caller } from '../caller.ts'
import { ConfigurationError } from '../kernel/errors.ts'
import type { Requirements } from '../protect/requirements.ts'
import type { WebApi } from '../web-api.ts'
import { rawHeader } from './raw-header.ts'
import { render, type RenderedAnswer } from './render.ts'

export { clientGone, sendResponse } from './send-response.ts'

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is extended through its own global namespace
  namespace Express {
    interface Request {
      /** The validated caller, behind `protect`; absent on a route that is not protected. */
      caller: Caller
    }
  }
}

/**
 * Lets a request through to the handler only with a valid access token that meets the requirements; `req.caller` is its caller.
 *
 * A refusal is answered here: status, `WWW-Authenticate` challenge and a problem+json body (RFC 9457).
 *
 * @throws ConfigurationError at once when the requirements cannot be met by anybody.
 */
export function protect(api: WebApi, requirements?: Requirements): RequestHandler {
  if (requirements !== undefined) api.checkRequirements(requirements)
  return (request, response, next) => {
    const { method, originalUrl: url } = request
    const header = (name: string): string | readonly string[] | undefined => rawHeader(request, name)
    api.authenticate({ header, method, url }, requirements).then(
      (caller) => {
        request.caller = caller
        next()
      },
      (error: unknown) => {
        const answer = render(error)
        if (answer === undefined) next(error)
        else send(response, answer)
      },
    )
  }
}

/**
 * Answers the errors of this library that leave a handler; put it behind the routes: `app.use(renderErrors())`.
 *
 * Errors of others go on to the next error handler.
 */
export function renderErrors(): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const answer = response.headersSent ? undefined : render(error)
    if (answer === undefined) next(error)
    else send(response, answer)
  }
}

/**
 * Serves the protected-resource metadata of an API (RFC 9728) to anybody: `app.use(serveResourceMetadata(api))`, before what protects.
 *
 * At `/.well-known/oauth-protected-resource`, and at the same path followed by that of the resource; every other request goes on.
 *
 * @throws ConfigurationError when the API has no `resource`.
 */
export function serveResourceMetadata(api: WebApi): RequestHandler {
  const metadata = api.resourceMetadata()
  if (metadata === undefined)
    throw new ConfigurationError(
      'resource',
      'is missing: say what this API is called, to have metadata to serve',
    )
  const paths = [resourceMetadataPath, new URL(resourceMetadataUrl(metadata.resource)).pathname]
  return (request, response, next) => {
    if (!paths.includes(pathOf(request.originalUrl))) next()
    else if (['GET', 'HEAD'].includes(request.method)) response.set(readableByAll).json(metadata)
    else if (request.method === 'OPTIONS') response.set(readableByAll).status(204).end()
    else response.set('allow', 'GET, HEAD, OPTIONS').status(405).end()
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
