// A request as the gate hands it on: without its Authorization field, which the SDKs would hand to every tool with all other headers.
import type { IncomingMessage } from 'node:http'
import { nodeRequest } from '../shared/node-exchange.ts'
import { goOnAs, noteWithheld } from '../shared/request-trace.ts'
import { webRequest } from '../shared/web-exchange.ts'

/** HTTP/2 and stand-ins for a Node request have fewer lists. */
type Fields = Pick<IncomingMessage, 'headers'> &
  Partial<Pick<IncomingMessage, 'rawHeaders' | 'headersDistinct'>>

/** Takes the field out of the request itself: whoever has one of its lists has lost it as well. */
export function withholdOfNode(request: IncomingMessage): void {
  goOnAs(request, request, nodeRequest(request))
  removeFrom(request)
}

function removeFrom({ headers, rawHeaders = [], headersDistinct }: Fields): void {
  delete headers.authorization
  delete headersDistinct?.['authorization']
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2)
    if (rawHeaders[index]?.toLowerCase() === 'authorization') rawHeaders.splice(index, 2)
}

/** What the gate has read of a body: the bytes, or a parser in front of it what they say. */
export interface BodyRead {
  readonly bytes: Uint8Array<ArrayBuffer> | undefined
  readonly parsed: unknown
}

/**
 * The request without the field: itself where its headers can be changed, since to make another one costs a fifth of a whole tool call;
 * else the same once more. A body that was read is handed on beside it, parsed.
 */
export function withholdOfWeb(request: Request, read: BodyRead): Request {
  if (removeFromWeb(request)) return request
  const headers = new Headers(request.headers)
  headers.delete('authorization')
  const body = bodyOf(request, read, headers)
  const handedOn = create(request, { headers, ...(body === undefined ? {} : { body, duplex: 'half' }) })
  goOnAs(handedOn, request, webRequest(request))
  return handedOn
}

/** Whether the field could be taken out. Headers of a request that came in cannot be changed on Deno and on Workers, where that throws. */
function removeFromWeb(request: Request): boolean {
  const { headers } = request
  const token = headers.get('authorization')
  try {
    headers.delete('authorization')
  } catch {
    return false
  }
  noteWithheld(request, token)
  return !headers.has('authorization')
}

/** No request can be made of one whose body was read, unless it is given another. */
function bodyOf(request: Request, { bytes, parsed }: BodyRead, headers: Headers): BodyInit | undefined {
  if (bytes !== undefined) return bytes
  if (!request.bodyUsed) return undefined
  headers.delete('content-length')
  return JSON.stringify(parsed)
}

/** Of the request, which keeps what its platform knows besides; a stand-in for one is copied by its standard members. */
function create(request: Request, init: RequestInit): Request {
  try {
    return new Request(request, init)
  } catch {
    const { url, method, signal, body } = request
    const own = body === null ? {} : { body, duplex: 'half' }
    return new Request(url, { method, signal, ...own, ...init })
  }
}
