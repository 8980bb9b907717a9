// Requests to an authority by Node's own http client, which costs a third of what the global fetch costs (benchmarks/results/acquire.md).
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { urlToHttpOptions } from 'node:url'
import {
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  isRedirect,
  networkError,
  redirectError,
  sizeError,
  timeoutError,
} from './http.ts'

/** Connections are kept for the next request; the most that are open to one host, and that wait for work. */
const limits = { keepAlive: true, maxSockets: 256, maxFreeSockets: 16, scheduling: 'lifo' } as const

const agents = { 'http:': new HttpAgent(limits), 'https:': new HttpsAgent(limits) }

/** Sends by Node. Redirects are refused, not followed. */
export const authorityFetch: HttpClient = {
  send: (request) =>
    new Promise((resolve, reject) => {
      new Exchange(request, resolve, reject).begin()
    }),
}

/**
 * One request and its answer, for which one timer runs and nothing is set up that may not be needed: an `AbortSignal` for each request,
 * a stream to iterate over and an object of headers cost as much again as the request.
 */
class Exchange {
  readonly #request: HttpRequest
  readonly #resolve: (response: HttpResponse) => void
  readonly #reject: (error: unknown) => void
  #outgoing: ClientRequest | undefined
  #timer: NodeJS.Timeout | undefined
  #isRepeated = false
  #isAnswered = false
  #isOver = false

  constructor(
    request: HttpRequest,
    resolve: (response: HttpResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
  }

  begin(): void {
    const { signal, timeoutMs } = this.#request
    if (signal?.aborted === true) {
      this.#fail(signal.reason)
      return
    }
    signal?.addEventListener('abort', this.#giveUp)
    this.#timer = setTimeout(() => {
      this.#fail(timeoutError(this.#request))
    }, timeoutMs)
    this.#send()
  }

  readonly #giveUp = (): void => {
    this.#fail(this.#request.signal?.reason)
  }

  #send(): void {
    try {
      const outgoing = open(this.#request)
      outgoing.on('response', (answer: IncomingMessage) => {
        this.#read(answer)
      })
      // Stays listened to when all is over: what a connection says then ends nobody's process.
      outgoing.on('error', (error) => {
        if (this.#mayRepeat(outgoing, error)) this.#send()
        else this.#fail(networkError(this.#request, error))
      })
      this.#outgoing = outgoing
      outgoing.end(this.#request.body)
    } catch (error) {
      this.#fail(networkError(this.#request, error)) // an address or a header that cannot be sent
    }
  }

  /**
   * A kept connection that was reset before an answer began, as a rule because the other side had just closed it: sent once more, on the
   * understanding that what authorities are asked may be asked twice.
   */
  #mayRepeat({ reusedSocket }: ClientRequest, error: NodeJS.ErrnoException): boolean {
    if (this.#isRepeated || this.#isAnswered || this.#isOver) return false
    this.#isRepeated = reusedSocket && error.code === 'ECONNRESET'
    return this.#isRepeated
  }

  #read(answer: IncomingMessage): void {
    this.#isAnswered = true
    answer.on('error', (error) => {
      this.#fail(networkError(this.#request, error))
    })
    const status = answer.statusCode ?? 0
    if (isRedirect(status)) {
      this.#fail(redirectError(this.#request))
      return
    }
    const chunks: Buffer[] = []
    let bytes = 0
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes > this.#request.maxResponseBytes) this.#fail(sizeError(this.#request))
      else chunks.push(chunk)
    })
    answer.on('end', () => {
      this.#end()
      this.#resolve({ status, headers: readerOf(answer), text: decode(chunks) })
    })
  }

  /** The first failure counts; the connection is not used again. */
  #fail(error: unknown): void {
    if (this.#isOver) return
    this.#end()
    this.#outgoing?.destroy()
    this.#reject(error)
  }

  #end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#request.signal?.removeEventListener('abort', this.#giveUp)
  }
}

function open({ url, method, headers, body }: HttpRequest): ClientRequest {
  const place = placeOf(url)
  const options = { ...place.options, method, headers: listHeaders(place.host, headers, body) }
  return place.isSecure ? requestHttps(options) : requestHttp(options)
}

/** As a list, which Node writes as it is; it would file an object away, header by header, to write it later. */
function listHeaders(
  host: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): readonly string[] {
  const list = ['host', host]
  for (const name in headers) list.push(name, headers[name] ?? '')
  if (body !== undefined) list.push('content-length', String(Buffer.byteLength(body)))
  return list
}

/** Where an address leads. */
interface Place {
  readonly options: RequestOptions
  readonly host: string
  readonly isSecure: boolean
}

/** Authorities are few: addresses asked lately are taken apart once. Bounded, and emptied when it is full. */
const places = new Map<string, Place>()
const maxPlaces = 64

function placeOf(address: string): Place {
  return places.get(address) ?? notePlace(address)
}

function notePlace(address: string): Place {
  const url = new URL(address)
  const isSecure = url.protocol === 'https:'
  const { hostname, port, path } = urlToHttpOptions(url)
  const agent = agents[isSecure ? 'https:' : 'http:']
  const place = { options: { hostname, port, path, agent }, host: url.host, isSecure }
  if (places.size >= maxPlaces) places.clear()
  places.set(address, place)
  return place
}

function readerOf({ headers }: IncomingMessage): HttpResponse['headers'] {
  return {
    get: (name) => {
      const value = headers[name.toLowerCase()]
      return (Array.isArray(value) ? value.join(', ') : value) ?? null
    },
  }
}

const utf8 = new TextDecoder()

function decode([first, ...others]: readonly Buffer[]): string {
  if (first === undefined) return ''
  return utf8.decode(others.length === 0 ? first : Buffer.concat([first, ...others]))
}
