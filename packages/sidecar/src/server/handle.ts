// One request from its first byte to its answer: the gate, the route, the endpoint, and whatever went wrong.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Address } from '../config/addresses.ts'
import { answerError } from '../http/error-answer.ts'
import { always, problem, send } from '../http/answer.ts'
import type { Sidecar } from '../http/exchange.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { checkHost, checkPeer } from '../http/gate.ts'
import { Refusal } from '../kernel/refusals.ts'
import { findRoute, isOpen, isProbe } from './routes.ts'

/** Handles a request that came to an address of this kind; never rejects. */
export type Handle = (
  request: IncomingMessage,
  response: ServerResponse,
  kind: Address['kind'],
) => Promise<void>

/** How much is going on. */
export interface Load {
  underWay: number
}

/** Prepares the handling of requests, of which a bounded number is under way at a time. */
export function createHandler(sidecar: Sidecar, load: Load): Handle {
  const { maxConcurrentRequests } = sidecar.settings.behaviour
  return async (request, response, kind) => {
    const asked: Asked = { route: 'none' }
    if (sidecar.metrics !== undefined) measure(sidecar.metrics, response, asked)
    if (sidecar.isStopping()) response.setHeader('connection', 'close')
    // Whoever probes has to know that a busy process is alive, or it is restarted for its work.
    if (load.underWay >= maxConcurrentRequests && !isProbe(pathOf(request))) {
      send(response, problem(503, 'The sidecar is busy.', { 'retry-after': '1' }))
      return
    }
    load.underWay += 1
    try {
      await serve(sidecar, request, response, { kind, asked })
    } catch (error) {
      fail(sidecar, request, response, error)
    } finally {
      load.underWay -= 1
    }
  }
}

/** What was asked, as far as it is known: a path of the table of routes, never that of the request. */
interface Asked {
  route: string
}

/** Counts a request when its answer is over, or its client gone. */
function measure(metrics: Metrics, response: ServerResponse, asked: Asked): void {
  const startedMs = performance.now()
  response.once('close', () => {
    const status = response.writableFinished ? String(response.statusCode) : 'aborted'
    metrics.countRequest(asked.route, status, (performance.now() - startedMs) / 1000)
  })
}

async function serve(
  sidecar: Sidecar,
  request: IncomingMessage,
  response: ServerResponse,
  { kind, asked }: { readonly kind: Address['kind']; readonly asked: Asked },
): Promise<void> {
  const { method = '', url = '' } = request
  const path = pathOf(request)
  const query = url.slice(path.length + 1)
  checkHost(request)
  if (!isOpen(path, sidecar.settings.behaviour)) checkPeer(request, kind, sidecar.settings.behaviour)
  if (!url.startsWith('/')) throw new Refusal(400, 'The target of the request is no path.')
  const { route, apiName, rest } = findRoute(method, path, query)
  asked.route = route.path
  const answer = await route.endpoint(sidecar, { request, response, method, query, apiName, rest })
  if (answer !== undefined) send(response, answer)
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

function fail(sidecar: Sidecar, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // Nobody is left to be answered, and nothing is wrong here.
  if (response.destroyed) return
  if (response.headersSent) {
    response.destroy() // nobody may take half an answer for a whole one
    return
  }
  for (const name of response.getHeaderNames()) if (name !== 'connection') response.removeHeader(name)
  send(response, answerError(error, sidecar.logger, traceIdOf(request)))
}

function traceIdOf({ headers }: IncomingMessage): string | undefined {
  const { traceparent } = headers
  return typeof traceparent === 'string'
    ? /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1]
    : undefined
}

/** What is no HTTP gets an answer all the same, and the connection ends. */
export function answerMalformed(
  error: NodeJS.ErrnoException,
  socket: NodeJS.WritableStream & { destroy(): void },
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = statuses[error.code ?? ''] ?? 400
  const { body, headers } = problem(status, details[status] ?? 'The request is no HTTP.')
  const lines = Object.entries({
    ...headers,
    ...always,
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${body}`)
  // A client that never closes its own half would hold the socket for good. Not at once: what it is still sending would cost it the answer.
  const end = setTimeout(() => socket.destroy(), lingerMs).unref()
  socket.once('close', () => clearTimeout(end))
}

/** How long a client has to read why its request was no HTTP. */
const lingerMs = 1_000

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const details: Readonly<Record<number, string>> = {
  408: 'The request did not come to its end in time.',
  431: 'The headers of the request are too long.',
}
