// Requests to an authority by Node's own http client, which costs a quarter of what the global fetch costs (benchmarks/results/acquire.md).
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { AuthorityAnswer, AuthorityFetch, AuthorityRequest } from './http.ts'

/** Connections are kept for the next request; the most that are open to one host, and that wait for work. */
const limits = { keepAlive: true, maxSockets: 256, maxFreeSockets: 16, scheduling: 'lifo' } as const

const agents = { 'http:': new HttpAgent(limits), 'https:': new HttpsAgent(limits) }

/** Sends a request and gives as much of a `Response` as the library reads. Redirects come back as they are. */
export const authorityFetch: AuthorityFetch = async (url, request) => {
  try {
    return await send(new URL(url), request)
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error
    return send(new URL(url), request)
  }
}

/**
 * A kept connection that was reset before an answer began, as a rule because the other side had just closed it: sent once more, on the
 * understanding that what authorities are asked may be asked twice.
 */
class StaleConnection extends Error {}

function send(url: URL, { method, headers, body, signal }: AuthorityRequest): Promise<AuthorityAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = open(url, { method, headers: withLength(headers, body), signal })
    outgoing.once('response', (answer) => {
      resolve(toAnswer(answer))
    })
    // Stays listened to after the answer began: then the reader of the body is told, too.
    outgoing.on('error', (error) => {
      reject(isClosedEarly(outgoing, error) ? new StaleConnection(error.message, { cause: error }) : error)
    })
    outgoing.end(body)
  })
}

interface SendOptions {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

function open(url: URL, options: SendOptions): ClientRequest {
  return url.protocol === 'https:'
    ? requestHttps(url, { ...options, agent: agents['https:'] })
    : requestHttp(url, { ...options, agent: agents['http:'] })
}

function withLength(
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Readonly<Record<string, string>> {
  return body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) }
}

function isClosedEarly(outgoing: ClientRequest, error: Error): boolean {
  return outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
}

function toAnswer(answer: IncomingMessage): AuthorityAnswer {
  answer.on('error', () => undefined) // told to whoever reads the body; with nobody reading, it would end the process
  return {
    status: answer.statusCode ?? 0,
    headers: readHeaders(answer.rawHeaders),
    body: Object.assign(answer, {
      cancel: () => {
        answer.destroy()
        return Promise.resolve()
      },
    }),
  }
}

/** Names and values in turn, as they came. */
function readHeaders(raw: readonly string[]): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < raw.length; index += 2)
    headers.append(raw[index] ?? '', raw[index + 1] ?? '')
  return headers
}
