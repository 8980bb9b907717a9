// `req.caller`: there behind `protect`, and where it is not, reading it says which route `protect` is missing from.
import type { Request } from 'express'
import type { RegisteredCaller } from '../web-api/register.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is extended through its own global namespace
  namespace Express {
    interface Request {
      /**
       * The validated caller, behind `protect`. On a route without it, reading this throws a ConfigurationError that names the route:
       * see `findCaller`. Its downstream APIs go by every name, unless the application says which ones there are: see `Register` of 'midtier'.
       */
      caller: RegisteredCaller
    }
  }
}

/**
 * The validated caller of a request, or `undefined`: for what sees requests of all routes, such as a logger or an error handler, where
 * reading `req.caller` would be the mistake that it is in a handler.
 * @example
 * ```ts
 * app.use((req, res, next) => {
 *   res.on('finish', () => console.log(req.method, req.path, findCaller(req)?.principal.clientId ?? 'nobody'))
 *   next()
 * })
 * ```
 */
export function findCaller(request: Request): RegisteredCaller | undefined {
  return Object.hasOwn(request, 'caller') ? request.caller : undefined
}

/** From here on `protect` decides: until it has, and when it refuses, there is no caller, and that is no mistake. */
export function awaitCaller(request: object): void {
  ;(request as { caller: RegisteredCaller | undefined }).caller = undefined
}

/**
 * Makes reading `caller` of an unprotected request of the same application an error that says so.
 *
 * On `app.request`, from which every request of an application inherits, and which Express keeps for extensions.
 */
export function watchForMissingProtect(request: object): void {
  const ofApplication = (request as { readonly app?: { readonly request?: unknown } }).app?.request
  if (typeof ofApplication !== 'object' || ofApplication === null) return // a mock, or another framework
  if (Object.hasOwn(ofApplication, 'caller') || !Object.isExtensible(ofApplication)) return
  Object.defineProperty(ofApplication, 'caller', {
    configurable: true,
    get(this: Request): undefined {
      if (isBeingAnswered(this)) throw missingProtect(this)
      return undefined
    },
    set(this: Request, caller: unknown) {
      Object.defineProperty(this, 'caller', {
        value: caller,
        configurable: true,
        enumerable: true,
        writable: true,
      })
    },
  })
}

const callerMembers =
  'principal account downstream fetch relayed acquireToken acquireTokenSilent acquireTokenOnBehalfOf'.split(
    ' ',
  )

/**
 * The same for the very first request of an application, when nothing of this library had yet seen it: a TypeError about a member of
 * `undefined`, on a request without a caller.
 */
export function explainMissingCaller(
  error: unknown,
  request: Pick<Request, 'method' | 'baseUrl' | 'route'>,
): unknown {
  if (!(error instanceof TypeError) || 'caller' in request) return error
  const [, read, destructured] =
    /^Cannot (?:read properties of undefined \(reading '(\w+)'\)|destructure property '(\w+)' of )/.exec(
      error.message,
    ) ?? []
  return callerMembers.includes(read ?? destructured ?? '') ? missingProtect(request, error) : error
}

/** Listeners that run when all is over, such as those of loggers, are outside of every `try`: nothing is thrown at them. */
function isBeingAnswered({ res, socket }: Request): boolean {
  return res !== undefined && !res.headersSent && !res.destroyed && !socket.destroyed
}

/** The route as it is written: a path may tell about a person. */
function missingProtect(
  { method, baseUrl, route }: Pick<Request, 'method' | 'baseUrl' | 'route'>,
  cause?: unknown,
): ConfigurationError {
  const path: unknown = (route as { readonly path?: unknown } | undefined)?.path
  const where = typeof path === 'string' ? `${method} ${baseUrl}${path}` : `a ${method} request`
  return new ConfigurationError(
    'req.caller',
    `is read on ${where} without protect in front: app.get(path, protect(api, requirements), handler)`,
    ...(cause === undefined ? [] : [{ cause }]),
  )
}
