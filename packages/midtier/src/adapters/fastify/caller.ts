// `request.caller`: there behind `protect`, and where it is not, reading it says which route `protect` is missing from.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { enterContext } from '../../web-api/enter-context.ts'
import type { RegisteredCaller } from '../../web-api/register.ts'
import { callerSlot, type WithSlot } from '../shared/caller-slot.ts'
import { type CallerPlace, missingProtect } from '../shared/missing-caller.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The validated caller, behind `protect`. On a route without it, reading this throws a ConfigurationError that names the route: see
     * `findCaller`. Its downstream APIs go by every name, unless the application says which ones there are: see `Register` of 'midtier'.
     */
    caller: RegisteredCaller
  }
}

const place: CallerPlace = {
  name: 'request.caller',
  remedy: 'app.get(path, { onRequest: protect(api, requirements) }, handler)',
}

/**
 * The validated caller of a request, or `undefined`: for what sees requests of all routes, such as a hook that logs, where reading
 * `request.caller` would be the mistake that it is in a handler.
 * @example
 * ```ts
 * app.addHook('onResponse', async (request) => {
 *   request.log.info({ client: findCaller(request)?.principal.clientId ?? 'nobody' })
 * })
 * ```
 */
export function findCaller(request: Pick<FastifyRequest, 'originalUrl'>): RegisteredCaller | undefined {
  return (request as WithSlot)[callerSlot]
}

/** What `protect` found; `undefined` as long as it waits. */
export function setCaller(request: FastifyRequest, caller: RegisteredCaller | undefined): void {
  ;(request as WithSlot)[callerSlot] = caller
}

const decorated: unique symbol = Symbol.for('midtier.fastify.decorated')

/** Decorates the requests of an application, once. @throws ConfigurationError when the application has done it: handlers would get its value. */
export function decorateCaller(instance: FastifyInstance): void {
  if (decorated in instance) return
  if (instance.hasRequestDecorator('caller')) throw decoratedTwice()
  instance.decorate(decorated, true)
  instance.decorateRequest('caller', {
    getter(this: FastifyRequest) {
      if (callerSlot in this) return Reflect.get(this, callerSlot) as RegisteredCaller
      throw missingProtect(place, this.method, this.routeOptions.url)
    },
    setter(value: unknown) {
      if (value) throw decoratedTwice() // a plugin inside that decorates requests by itself sets its beginning, which is nothing
    },
  })
}

function decoratedTwice(): ConfigurationError {
  const remedy = 'take decorateRequest("caller", …) of yours away'
  return new ConfigurationError('request.caller', `is what renderErrors() decorates requests with: ${remedy}`)
}

/** The last hook in front of the handler, where the body has been read: what reads it would lose a context that was entered before. */
export function goOnInContext(request: FastifyRequest, _reply: unknown, done: () => void): void {
  const caller = findCaller(request)
  if (caller === undefined) done()
  else enterContext(caller, done)
}
