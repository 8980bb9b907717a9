// The gate on Node's own request and response: a middleware of Express 4 and 5, and around a listener without a framework.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { answer } from '../../answer/answer.ts'
import { enterContext } from '../../web-api/enter-context.ts'
import { goOn, passOn } from '../express/next.ts'
import { checkHandler } from '../shared/check-use.ts'
import type { PlainAnswer } from '../shared/plain-answer.ts'
import { isOver, nodeRequest, nodeTraceId, watchForAnswer } from '../shared/node-exchange.ts'
import { begin, type McpAuthInfo, type McpCall } from './auth-info.ts'
import type { Entrance, Gate } from './gate.ts'
import { discard, parseBody, type ReadBody, readPieces, refuseLong } from './messages.ts'
import { withholdOfNode } from './withheld-token.ts'

/** A Node request, with what frameworks and body parsers add to it. */
type NodeRequest = IncomingMessage & {
  originalUrl?: string
  body?: unknown
  /** Set by parsers of bodies that have read one. */
  _body?: boolean
  /** Where transports of the SDKs look for a body whose stream has been read. */
  rawBody?: Uint8Array
  auth?: McpAuthInfo
}

/** A middleware as Express takes it. */
export type McpMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** A listener that answers for an MCP server; the body, parsed, is for the transport. */
export type McpListener = (
  request: IncomingMessage & { auth?: McpAuthInfo },
  response: ServerResponse,
  parsedBody: unknown,
) => unknown

/** `req.auth` and `req.body` are what the transport is handed. */
export function guardExpress(gate: Gate): McpMiddleware {
  const admit = async (request: NodeRequest, response: ServerResponse, next: (error?: unknown) => void) => {
    const isTaken = watchForAnswer(response)
    let entrance: Entrance
    try {
      entrance = await enter(gate, request)
    } catch (error) {
      if (!isTaken()) passOn(error, response, next)
      return
    }
    if (isTaken()) return
    const admitted = takeIn(entrance, request, response)
    if (admitted !== undefined) enterContext(admitted.caller, () => goOn(response, next))
  }
  return (request, response, next) => void admit(request, response, next)
}

/** Around a listener. Errors of others leave it, as from `protect` of `midtier/node-http`: `renderErrors` around it prints them. */
export function guardNode(
  gate: Gate,
  listener: McpListener,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  checkHandler(listener, 'mcp.node((req, res, parsedBody) => …)')
  return async (request: NodeRequest, response) => {
    const isTaken = watchForAnswer(response)
    let entrance: Entrance
    try {
      entrance = await enter(gate, request)
    } catch (error) {
      if (isTaken()) return
      throw error
    }
    if (isTaken()) return
    const admitted = takeIn(entrance, request, response)
    if (admitted === undefined) return
    try {
      await enterContext(admitted.caller, () => listener(request, response, request.body))
    } catch (error) {
      const rendered =
        response.headersSent || isOver(response) ? undefined : answer(error, nodeTraceId(request))
      if (rendered === undefined) throw error
      send(response, rendered)
    }
  }
}

function enter(gate: Gate, request: NodeRequest): Promise<Entrance> {
  return gate.enter({
    incoming: nodeRequest(request),
    readBody: () => readBody(request, gate.maxBodyBytes),
  })
}

/** Answers, or leaves the call with the request and gives it. */
function takeIn(entrance: Entrance, request: NodeRequest, response: ServerResponse): McpCall | undefined {
  const { vary, ...headers } = entrance.headers
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (vary !== undefined) response.appendHeader('vary', vary)
  if (entrance.answer !== undefined) {
    send(response, entrance.answer)
    return undefined
  }
  withholdOfNode(request)
  request.auth = entrance.authInfo
  if (entrance.body !== undefined) request.body = entrance.body // what was measured is what is handed on
  if (entrance.single) answerInstead(response, entrance.call)
  return entrance.call
}

/** What a parser in front has read is believed, and what none has is read here: no transport sees a body that the gate has not. */
async function readBody(request: NodeRequest, maxBodyBytes: number): Promise<ReadBody> {
  if (request._body === true || (request.body !== undefined && request.readableEnded))
    return asJson(request.body)
  if (Number(request.headers['content-length']) > maxBodyBytes) return refuseLong(maxBodyBytes)
  const bytes = await readPieces(request.iterator({ destroyOnReturn: false }), maxBodyBytes)
  if ('answer' in bytes) {
    const { socket } = request
    void discard(request).then((isOver) => isOver || socket.destroy())
    return bytes
  }
  const read = parseBody(bytes)
  if ('answer' in read) return read
  request.body = read.value
  request.rawBody = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  request._body = true
  return read
}

/** A parser may have left the text, or the bytes, as they came. */
function asJson(body: unknown): ReadBody {
  return typeof body === 'string' || body instanceof Uint8Array ? parseBody(body) : { value: body }
}

function send(response: ServerResponse, { status, headers, body }: PlainAnswer): void {
  response.writeHead(status, headers).end(body)
}

/**
 * When the transport begins an answer of JSON and the tool has failed by something that belongs into HTTP, that goes out instead.
 *
 * Decided before Node begins anything: by `end` it would write the rest of an answer behind the whole of another.
 */
function answerInstead(response: ServerResponse, call: McpCall): void {
  let state: 'open' | 'passes' | 'replaced' = 'open'
  const decide = (given: unknown): void => {
    state = 'passes'
    const { refusal } = call
    const json = isJson(response, given)
    begin(call, !json)
    if (refusal === undefined || response.headersSent || !json) return
    response.removeHeader('content-length')
    send(response, refusal)
    state = 'replaced' // what the transport has to say is said: its own answer goes nowhere
  }
  const ways = ['writeHead', 'write', 'end', 'flushHeaders'] as const
  for (const way of ways) {
    const original = Reflect.get(response, way) as AnyMethod // a middleware in front may have put its own there
    const instead = (...given: unknown[]): unknown => {
      const last = given.at(-1)
      if (state === 'open') decide(way === 'writeHead' ? last : undefined)
      if (state !== 'replaced') return Reflect.apply(original, response, given)
      if (typeof last === 'function') queueMicrotask(last as () => void)
      return way === 'write' ? true : response
    }
    Object.assign(response, { [way]: instead })
  }
}

type AnyMethod = (...given: unknown[]) => unknown

function isJson(response: ServerResponse, given: unknown): boolean {
  const headers = typeof given === 'object' && given !== null ? (given as OutgoingHttpHeaders) : {}
  const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? []
  return String(value ?? response.getHeader('content-type')).startsWith('application/json')
}
