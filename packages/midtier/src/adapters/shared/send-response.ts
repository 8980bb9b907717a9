// A web-standard `Response` out through Node: piece by piece at the pace of the client, and not at all once the client has gone.
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { isError } from '../../kernel/errors/other-realms.ts'
import { addHeaders, outgoingResponse, type SendResponseOptions } from './outgoing-response.ts'

/**
 * Sends a `Response`, such as a relayed one: `sendResponse(res, await req.caller.downstream('todolist').relay('report'))`.
 *
 * Of any other answer, such as one of `fetch`, the same goes out as of a relayed one: cookies, CORS, `Location` and the like stay behind.
 * When the client goes away, the reading of the body ends too, and nothing is thrown; when the request has been answered already, by a
 * time limit in front say, nothing is sent.
 *
 * @throws DownstreamError for 401, 407 and redirects, as `relay`; AcquisitionError `header_refused`; what broke the body off, after the
 *   connection was cut: a client must not take half an answer for a whole one.
 * @example
 * ```ts
 * app.get('/report', protect(api), async (req, res) => {
 *   await sendResponse(res, await req.caller.downstream('todolist').relay('report'))
 * })
 * ```
 */
export async function sendResponse(
  outgoing: ServerResponse,
  response: Response,
  options: SendResponseOptions = {},
): Promise<void> {
  if (outgoing.headersSent) {
    await response.body?.cancel()
    return
  }
  const { status, headers, body } = await outgoingResponse(response, options)
  outgoing.statusCode = status
  addHeaders(headers, {
    get: (name) => outgoing.getHeader(name),
    set: (name, value) => outgoing.setHeader(name, value),
  })
  if (body === null) {
    outgoing.end()
    return
  }
  try {
    await pipeline(Readable.fromWeb(body as NodeReadableStream), outgoing)
  } catch (error) {
    if (!hasGone(error)) throw error
  }
}

/** The client closed the connection before the end; an answer that broke off is another error. */
function hasGone(error: unknown): boolean {
  return isError(error) && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}

/**
 * A signal that aborts when the client goes away before it has its whole answer: hand it to a call whose answer nobody would read.
 * @example
 * ```ts
 * app.get('/search', protect(api), async (req, res) => {
 *   res.json(await req.caller.downstream('todolist').getJson('search', { signal: clientGone(res) }))
 * })
 * ```
 */
export function clientGone(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new DOMException('The client has gone', 'AbortError'))
  })
  return gone.signal
}
