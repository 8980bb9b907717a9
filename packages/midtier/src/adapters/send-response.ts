// A web-standard `Response` out through Node: piece by piece at the pace of the client, and not at all once the client has gone.
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'

/**
 * Sends a `Response`, such as a relayed one: `sendResponse(res, await req.caller.downstream('todolist').relay('report'))`.
 *
 * When the client goes away, the reading of the body ends too, and nothing is thrown.
 *
 * @throws what broke the body off, after the connection was cut: a client must not take half an answer for a whole one.
 */
export async function sendResponse(outgoing: ServerResponse, response: Response): Promise<void> {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  if (response.body === null) {
    outgoing.end()
    return
  }
  try {
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing)
  } catch (error) {
    if (!hasGone(error)) throw error
  }
}

/** The client closed the connection before the end; an answer that broke off is another error. */
function hasGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}

/**
 * A signal that aborts when the client goes away before it has its whole answer: hand it to a call whose answer nobody would read.
 */
export function clientGone(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new DOMException('The client has gone', 'AbortError'))
  })
  return gone.signal
}
