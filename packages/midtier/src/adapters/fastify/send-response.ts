// A web-standard `Response` out through a reply of Fastify.
import type { FastifyReply } from 'fastify'
import { addHeaders, outgoingResponse, type SendResponseOptions } from '../shared/outgoing-response.ts'

/**
 * Sends a `Response`, such as a relayed one.
 *
 * Of any other answer, such as one of `fetch`, the same goes out as of a relayed one: cookies, CORS, `Location` and the like stay behind.
 * When the client goes away, the reading of the body ends too.
 * @throws DownstreamError for 401, 407 and redirects, as `relay`; AcquisitionError `header_refused`.
 * @example
 * ```ts
 * app.get('/report', { onRequest: protect(api) }, async (request, reply) => {
 *   await sendResponse(reply, await request.caller.downstream('todolist').relay('report'))
 * })
 * ```
 */
export async function sendResponse(
  outgoing: Pick<FastifyReply, 'sent'>,
  response: Response,
  options: SendResponseOptions = {},
): Promise<void> {
  const reply = outgoing as FastifyReply
  if (reply.sent) {
    await response.body?.cancel()
    return
  }
  const { status, headers, body } = await outgoingResponse(response, options)
  addHeaders(headers, {
    get: (name) => reply.getHeader(name),
    set: (name, value) => void reply.header(name, value),
  })
  await reply.code(status).send(body ?? undefined)
}
