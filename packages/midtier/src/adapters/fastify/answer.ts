// An answer of ours out through a reply of Fastify.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { answer } from '../../answer/answer.ts'
import type { RenderedAnswer } from '../../answer/render.ts'
import type { PlainAnswer } from '../shared/plain-answer.ts'
import { nodeTraceId } from '../shared/node-exchange.ts'

/** Answers an error of ours; another one is thrown, for whom Fastify hands it to. */
export function respond(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const rendered = answerTo(error, request, reply)
  if (rendered === undefined) throw error
  return send(reply, rendered)
}

/** The answer to an error of ours, as long as none has begun. */
export function answerTo(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): RenderedAnswer | undefined {
  return reply.raw.headersSent ? undefined : answer(error, nodeTraceId(request.raw))
}

export function send(reply: FastifyReply, { status, headers, body }: PlainAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}
