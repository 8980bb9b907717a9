// `protect` in another hook than `onRequest`: the body is being read by then, or has been, for a stranger.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ConfigurationError } from '../../kernel/errors/errors.ts'

const begun: unique symbol = Symbol.for('midtier.fastify.body-begun')
const protecting = new WeakSet()

/** @param hook One of `protect`. */
export function rememberProtect(hook: object): void {
  protecting.add(hook)
}

/** At start where the route is added when the plugin is there; otherwise each request has a mark by which the hook knows. */
export function watchForLateProtect(instance: FastifyInstance): void {
  instance.addHook('onRoute', (route) => {
    for (const [name, hooks] of Object.entries(route))
      if (name !== 'onRequest' && [hooks].flat().some((hook) => protecting.has(hook as object)))
        throw runsTooLate()
  })
  instance.addHook('preParsing', (request, _reply, _payload, done) => {
    ;(request as { [begun]?: true })[begun] = true
    done()
  })
}

/** @param more What a hook is handed behind the reply: those that are handed the body or the answer come later than `onRequest`. */
export function isLate(request: FastifyRequest, reply: FastifyReply, more: readonly unknown[]): boolean {
  return more.length > 1 || begun in request || request.body !== undefined || reply.sent
}

export function runsTooLate(): ConfigurationError {
  const remedy = 'write { onRequest: protect(api, requirements) }, or app.addHook("onRequest", …)'
  return new ConfigurationError('protect', `runs too late: ${remedy}`)
}
