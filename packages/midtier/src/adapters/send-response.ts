// A web-standard `Response` out through Node: piece by piece at the pace of the client, and not at all once the client has gone.
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { answererOf } from '../call/answer/answer.ts'
import { buildRelayedResponse, isRelayable, isRelayed, readKeptHeaders } from '../call/answer/relay.ts'
import { systemClock, type Clock } from '../kernel/time/clock.ts'
import { DownstreamError } from '../kernel/errors/errors.ts'
import { isError } from '../kernel/errors/other-realms.ts'

/** Options of {@link sendResponse}. */
export interface SendResponseOptions {
  /** Further headers to pass on, as `keepHeaders` of `relay`, which an answer that `relay` gave has brought along. */
  readonly keepHeaders?: readonly string[]
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

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
  const { status, headers, body } = isRelayed(response) ? response : await toRelayed(response, options)
  outgoing.statusCode = status
  writeHeaders(outgoing, headers)
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

/** What a middleware has said by now stays true: CORS varies by `Origin`, and what it forbade to keep is not kept. */
function writeHeaders(outgoing: ServerResponse, headers: Headers): void {
  const said = (name: string): string => String(outgoing.getHeader(name) ?? '').toLowerCase()
  const varies = said('vary')
  const keepsNothing = said('cache-control').includes('no-store')
  for (const [name, value] of headers) {
    if (name === 'vary' && varies !== '') outgoing.appendHeader(name, value)
    else if (name !== 'cache-control' || !keepsNothing) outgoing.setHeader(name, value)
  }
}

async function toRelayed(
  response: Response,
  { keepHeaders, clock = systemClock }: SendResponseOptions,
): Promise<Response> {
  const kept = readKeptHeaders(keepHeaders)
  if (isRelayable(response.status)) return buildRelayedResponse(response, kept, clock.nowMs())
  await response.body?.cancel()
  const message = `An answer with the status ${response.status} is about this API and not about its caller: it is not passed on`
  throw new DownstreamError(answererOf(response) ?? 'unknown', message, response.status)
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
