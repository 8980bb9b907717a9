// The gate on web standards: around `(request) => Response`, and as a middleware of Hono.
import { bodyOf } from '../../kernel/http/body-of.ts'
import { enterContext } from '../../web-api/enter-context.ts'
import { checkHandler } from '../shared/check-use.ts'
import { answerNobody, answerTo, respond, webRequest } from '../shared/web-exchange.ts'
import { begin, type McpAuthInfo } from './auth-info.ts'
import type { Entrance, Gate } from './gate.ts'
import { discard, parseBody, type ReadBody, readPieces, refuseLong } from './messages.ts'
import { withholdOfWeb } from './withheld-token.ts'

/** What the transport is handed beside the request, as the SDKs name it. */
export interface McpAdmission {
  readonly authInfo: McpAuthInfo
  /** The body, parsed: the gate has read that of the request. `undefined` for a request without. */
  readonly parsedBody: unknown
}

/** A web-standard handler of an MCP server. */
export type McpFetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  admission: McpAdmission,
  ...rest: Rest
) => Response | Promise<Response>

/** The part of a Hono context that is used. */
export interface McpHonoContext {
  readonly req: { raw: Request }
  get(name: string): unknown
  set(name: string, value: unknown): void
  res: Response | undefined
}

/** Around a web-standard handler. */
export function guardFetch<Rest extends readonly unknown[]>(
  gate: Gate,
  handler: McpFetchHandler<Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  checkHandler(handler, 'mcp.fetch((request, { authInfo, parsedBody }) => …)')
  return async (request, ...rest) => {
    const { entrance, handOn } = await enter(gate, request, undefined)
    const { headers } = entrance
    if (entrance.answer !== undefined) return withHeaders(respond(entrance.answer), headers)
    const nobody = answerNobody(request)
    if (nobody !== undefined) return nobody
    const { call, authInfo, body: parsedBody } = entrance
    try {
      const response = await enterContext(call.caller, () =>
        handler(handOn(), { authInfo, parsedBody }, ...rest),
      )
      return withHeaders(instead(entrance, response) ?? response, headers)
    } catch (error) {
      const answered = answerTo(error, request)
      if (answered === undefined) throw error
      return withHeaders(answered, headers)
    }
  }
}

/** A middleware of Hono: `c.var.auth` and `c.var.parsedBody` are what the transport is handed. */
export function guardHono(
  gate: Gate,
): (context: McpHonoContext, next: () => Promise<void>) => Promise<Response | undefined> {
  return async (context, next) => {
    const { entrance, handOn } = await enter(gate, context.req.raw, context.get('parsedBody'))
    const { headers } = entrance
    if (entrance.answer !== undefined) return withHeaders(respond(entrance.answer), headers)
    context.req.raw = handOn()
    context.set('auth', entrance.authInfo)
    context.set('parsedBody', entrance.body)
    await enterContext(entrance.call.caller, next)
    const { res } = context
    if (res === undefined) return undefined
    const answered = instead(entrance, res)
    if (answered !== undefined) context.res = undefined // or Hono would keep the headers of what is replaced
    if (answered !== undefined || Object.keys(headers).length > 0)
      context.res = withHeaders(answered ?? res, headers)
    return undefined
  }
}

interface Entered {
  readonly entrance: Entrance
  /** The request for whoever is behind the gate, once it is let in. */
  readonly handOn: () => Request
}

async function enter(gate: Gate, request: Request, parsed: unknown): Promise<Entered> {
  let bytes: Uint8Array<ArrayBuffer> | undefined
  const readBody = async (): Promise<ReadBody> => {
    if (parsed !== undefined) return { value: parsed }
    const read = await readBytes(request, gate.maxBodyBytes)
    if ('answer' in read) return read
    bytes = read
    return parseBody(read)
  }
  const entrance = await gate.enter({ incoming: webRequest(request), readBody })
  return { entrance, handOn: () => withholdOfWeb(request, { bytes, parsed }) }
}

async function readBytes(request: Request, maxBodyBytes: number): ReturnType<typeof readPieces> {
  if (Number(request.headers.get('content-length')) > maxBodyBytes) return refuseLong(maxBodyBytes)
  const { body } = request
  if (body === null) return new Uint8Array()
  const reader = body.getReader() // `values()` would do the same at twice the price
  const read = await readPieces(
    { [Symbol.asyncIterator]: () => ({ next: () => reader.read() }) },
    maxBodyBytes,
  )
  reader.releaseLock()
  if ('answer' in read) void discard(body)
  return read
}

/** The answer by HTTP of a tool that failed, where the transport has an answer of JSON and no stream that has begun. */
function instead(entrance: Exclude<Entrance, { answer: object }>, response: Response): Response | undefined {
  const { call, single } = entrance
  if (!single) return undefined
  const json = String(response.headers.get('content-type')).startsWith('application/json')
  begin(call, !json)
  return json && call.refusal !== undefined ? respond(call.refusal) : undefined
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  const fields = Object.entries(headers)
  if (fields.length === 0) return response
  const { status, statusText } = response
  const all = new Headers(response.headers)
  for (const [name, value] of fields) {
    const before = name === 'vary' ? all.get(name) : null
    all.set(name, before === null ? value : `${before}, ${value}`)
  }
  return new Response(bodyOf(response), { status, statusText, headers: all })
}
