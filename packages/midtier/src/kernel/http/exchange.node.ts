// One request and its answer by Node's own http client, within a time limit and a size limit; redirects are refused.
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import { findDecoder } from './decode-answer.node.ts'
import {
  type HttpRequest,
  type HttpResponse,
  isRedirect,
  networkError,
  ProxyError,
  redirectError,
  sizeError,
  timeoutError,
} from './http.ts'

/** Where a request is sent first, and over whose connections. */
export interface Way {
  readonly protocol: 'http:' | 'https:'
  readonly options: RequestOptions
  /** What is said there besides the headers of the request. */
  readonly headers?: Readonly<Record<string, string>>
}

/** How a request gets to where it is to go. */
export interface Route {
  readonly wayOf: (request: HttpRequest) => Way
  /** What stands between us and the authority, for messages: `the proxy proxy.contoso.com:8080`; `undefined` when nothing does. */
  readonly via: string | undefined
}

/** Sends a request by a route. @throws HttpError when no usable answer came; the reason of `signal` when the caller gave up. */
export function sendBy(route: Route, request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    new Exchange(route, request, resolve, reject).begin()
  })
}

/**
 * One timer runs for it and nothing is set up that may not be needed: an `AbortSignal` for each request and a stream to iterate over
 * cost as much again as the request.
 */
class Exchange {
  readonly #route: Route
  readonly #request: HttpRequest
  readonly #resolve: (response: HttpResponse) => void
  readonly #reject: (error: unknown) => void
  #outgoing: ClientRequest | undefined
  #timer: NodeJS.Timeout | undefined
  #isRepeated = false
  #isAnswered = false
  #isOver = false

  constructor(
    route: Route,
    request: HttpRequest,
    resolve: (response: HttpResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#route = route
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
      this.#fail(timeoutError(this.#request, undefined, this.#route.via))
    }, timeoutMs)
    this.#send()
  }

  readonly #giveUp = (): void => {
    this.#fail(this.#request.signal?.reason)
  }

  #send(): void {
    try {
      const outgoing = open(this.#route.wayOf(this.#request), this.#request)
      outgoing.on('response', (answer: IncomingMessage) => {
        this.#read(answer)
      })
      // Stays listened to when all is over: what a connection says then ends nobody's process.
      outgoing.on('error', (error) => {
        if (this.#mayRepeat(outgoing, error)) this.#send()
        else this.#failBy(error)
      })
      this.#outgoing = outgoing
      outgoing.end(this.#request.body)
    } catch (error) {
      this.#failBy(error) // an address or a header that cannot be sent
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
    answer.on('error', this.#failBy)
    const status = answer.statusCode ?? 0
    if (status === 407 && this.#route.via !== undefined) {
      this.#failBy(ProxyError.refused(status))
      return
    }
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
      this.#decode(answer, chunks)
    })
  }

  /** The limit holds for what comes and for what it unfolds into. */
  #decode(answer: IncomingMessage, chunks: readonly Buffer[]): void {
    try {
      const decode = findDecoder(answer.headers['content-encoding'])
      if (decode === undefined) {
        this.#finish(answer, textOf(chunks))
        return
      }
      decode(Buffer.concat(chunks), this.#request.maxResponseBytes).then(
        (body) => {
          this.#finish(answer, textOf([body]))
        },
        (error: unknown) => {
          if (error instanceof RangeError) this.#fail(sizeError(this.#request))
          else this.#failBy(error)
        },
      )
    } catch (error) {
      this.#failBy(error)
    }
  }

  #finish(answer: IncomingMessage, text: string): void {
    this.#end()
    this.#resolve({ status: answer.statusCode ?? 0, headers: readerOf(answer), text })
  }

  readonly #failBy = (cause: unknown): void => {
    this.#fail(networkError(this.#request, cause, this.#route.via))
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

/**
 * Begins a request; its body is not written yet. `request` is looked up at each call, and given headers as an object of its own: tracing
 * replaces the one and adds to the other, and whatever stands in for the network replaces both.
 */
function open({ protocol, options, headers }: Way, request: HttpRequest): ClientRequest {
  const { method, body } = request
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const all = { ...options, method, headers: { ...headers, ...request.headers, ...length } }
  return protocol === 'http:' ? http.request(all) : https.request(all)
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

function textOf([first, ...others]: readonly Buffer[]): string {
  if (first === undefined) return ''
  return utf8.decode(others.length === 0 ? first : Buffer.concat([first, ...others]))
}
