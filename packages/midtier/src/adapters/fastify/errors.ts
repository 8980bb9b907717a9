// Errors of this library that leave a handler are answered by us, whichever error handler the route has: a route keeps the one that its
// instance had when the route was added, and one of the application may be in front of ours. Hooks come to all routes, in whichever order.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { isError } from '../../kernel/errors/other-realms.ts'
import { answerTo, respond } from './answer.ts'

const answered = new WeakSet<FastifyReply>()

/** As a hook and, so that Fastify logs no error that is answered, as the error handler too. */
export function answerErrors(instance: FastifyInstance): void {
  instance.addHook('onError', (request, reply, error, done) => {
    answerWhateverIsSent(error, request, reply)
    done()
  })
  instance.setErrorHandler((error, request, reply) =>
    answered.has(reply) ? reply.send(error) : respond(error, request, reply),
  )
}

/** From here on nothing else can be sent than the answer to an error of ours: error handlers are told of it, and take nothing away. */
function answerWhateverIsSent(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const rendered = answerTo(error, request, reply)
  if (rendered === undefined) return
  answered.add(reply)
  const { status, headers, body } = rendered
  const sendAsFastify = reply.send.bind(reply)
  reply.send = (payload?: unknown) => {
    if (payload instanceof Readable) payload.destroy()
    if (isError(payload) && payload !== error)
      request.log.error({ err: payload }, 'an error handler failed by an error of its own')
    reply.code(status).headers(headers)
    return sendAsFastify(body)
  }
}
