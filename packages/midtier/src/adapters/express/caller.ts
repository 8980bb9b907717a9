// `req.caller`: there behind `protect`, and where it is not, reading it says which route `protect` is missing from.
import type { Request } from 'express'
import type { RegisteredCaller } from '../../web-api/register.ts'
import { callerSlot, type WithSlot } from '../shared/caller-slot.ts'
import { type CallerPlace, missingProtect, readsMissingCaller } from '../shared/missing-caller.ts'
import { warnWithoutRenderErrors } from './missing-render.ts'

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
  if (Object.hasOwn(request, callerSlot)) return (request as WithSlot)[callerSlot]
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
  const { app } = request as { readonly app?: { readonly request?: unknown } }
  const ofApplication = app?.request
  if (typeof ofApplication !== 'object' || ofApplication === null) return // a mock, or another framework
  if (Object.hasOwn(ofApplication, 'caller') || !Object.isExtensible(ofApplication)) return
  if (app !== undefined) warnWithoutRenderErrors(app) // here, so that it is looked at once
  Object.defineProperty(ofApplication, 'caller', {
    configurable: true,
    get(this: Request & WithSlot): RegisteredCaller | undefined {
      if (!(callerSlot in this) && isBeingAnswered(this)) throw missing(this)
      return this[callerSlot]
    },
    set(this: WithSlot, caller: RegisteredCaller | undefined) {
      this[callerSlot] = caller
    },
  })
}

/**
 * The same for the very first request of an application, when nothing of this library had yet seen it: a TypeError about a member of
 * `undefined`, on a request without a caller.
 */
export function explainMissingCaller(
  error: unknown,
  request: Pick<Request, 'method' | 'baseUrl' | 'route'>,
): unknown {
  return 'caller' in request || !readsMissingCaller(error) ? error : missing(request, error)
}

/** Listeners that run when all is over, such as those of loggers, are outside of every `try`: nothing is thrown at them. */
function isBeingAnswered({ res, socket }: Request): boolean {
  return res !== undefined && !res.headersSent && !res.destroyed && !socket.destroyed
}

const place: CallerPlace = {
  name: 'req.caller',
  remedy: 'app.get(path, protect(api, requirements), handler)',
}

function missing({ method, baseUrl, route }: Pick<Request, 'method' | 'baseUrl' | 'route'>, cause?: unknown) {
  const path: unknown = (route as { readonly path?: unknown } | undefined)?.path
  return missingProtect(place, method, typeof path === 'string' ? baseUrl + path : undefined, cause)
}
