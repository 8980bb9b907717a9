// One way to send a request to an authority: a time limit, a size limit, no redirects, and the whole answer as text.
import { isError } from '../errors/other-realms.ts'
import type { Redacted } from '../redacted.ts'
import { declareSafe, summarizeCause } from '../errors/safe-cause.ts'
import { untilAborted } from '../until-aborted.ts'

/** The part of the Fetch standard that the library uses; hand in your own for a proxy or mutual TLS. */
export type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>

/** A small request whose answer is read whole. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** From sending to the last byte of the answer. */
  readonly timeoutMs: number
  /** An answer longer than this is refused while it is being read. */
  readonly maxResponseBytes: number
  readonly signal?: AbortSignal
}

/** Status, headers and body of an answer, whatever the status. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Pick<Headers, 'get'>
  readonly text: string
}

/** A request to an authority, as a {@link FetchLike} is handed it. */
export interface FetchRequest {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly redirect: 'manual'
  readonly signal: AbortSignal
}

/** As much of a `Response` as is read of an authority's answer. */
export interface FetchAnswer {
  readonly status: number
  readonly type?: string
  readonly headers: Pick<Headers, 'get'>
  /** Bytes to iterate over; typed by what every platform's types agree on. */
  readonly body: { cancel(): Promise<void> } | null
}

/** Any {@link Fetch} will do, and so will less. */
export type FetchLike = (url: string, request: FetchRequest) => Promise<FetchAnswer>

/** A client that does all of {@link sendHttp} by itself, and throws as it does. */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>
}

/** The proxy that an owner named, taken apart. */
export interface ProxyAddress {
  readonly isSecure: boolean
  /** Without brackets. */
  readonly hostname: string
  readonly port: number
  /** `proxy.contoso.com:8080`: the name of the proxy in messages, without credentials. */
  readonly host: string
  /** The value of `Proxy-Authorization`; `undefined` when it wants none. */
  readonly authorization: Redacted | undefined
}

/** How authorities are asked. */
export type AuthorityFetch = FetchLike | HttpClient

/** No usable answer came: the network failed, time ran out, the answer was too long, or it was a redirect. */
export class HttpError extends Error {
  readonly kind: 'network' | 'timeout' | 'too_large' | 'redirect'
  /** Of a network error: the platform's code for what happened, such as `ECONNREFUSED`. */
  readonly code: string | undefined

  constructor(
    kind: HttpError['kind'],
    message: string,
    options?: ErrorOptions & { readonly code?: string | undefined },
  ) {
    const cause = summarizeCause(options?.cause)
    super(message, cause === undefined ? {} : { cause })
    this.name = 'HttpError'
    this.kind = kind
    this.code = options?.code
    declareSafe(this)
  }
}

/** A proxy did not let a request through. Its message goes on where that of a network error ends: `answered 407: …`. */
export class ProxyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProxyError'
  }

  /** It answered, and not with a connection. */
  static refused(status: number): ProxyError {
    return new ProxyError(status === 407 ? 'answered 407: it wants other credentials' : `answered ${status}`)
  }
}

/**
 * Sends a request and reads its answer.
 *
 * @throws HttpError when no usable answer came; the reason of `signal` when the caller gave up.
 * Does not check the status or the content type.
 */
export function sendHttp(fetch: AuthorityFetch, request: HttpRequest): Promise<HttpResponse> {
  return typeof fetch === 'function' ? sendByFetch(fetch, request) : fetch.send(request)
}

/**
 * As {@link sendHttp}, by a `fetch`.
 *
 * @param via What stands between us and the authority, for messages; `undefined` when nothing is known to.
 */
export async function sendByFetch(
  fetch: FetchLike,
  request: HttpRequest,
  via?: string,
): Promise<HttpResponse> {
  const patience = new AbortController()
  // Not `AbortSignal.timeout`: that one stays in memory until its time is up, long after the answer.
  const timer = setTimeout(() => {
    patience.abort(new DOMException(`No answer within ${request.timeoutMs} ms`, 'TimeoutError'))
  }, request.timeoutMs)
  const { signal: timeout } = patience
  const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal])
  try {
    return await untilAborted(signal, askByFetch(fetch, request, signal))
  } catch (error) {
    request.signal?.throwIfAborted()
    if (error instanceof HttpError) throw error
    throw timeout.aborted ? timeoutError(request, error, via) : networkError(request, error, via)
  } finally {
    clearTimeout(timer)
  }
}

async function askByFetch(
  fetch: FetchLike,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    redirect: 'manual', // a token request or a key set that redirects is an attack or a misconfiguration
    signal,
    ...(request.body === undefined ? {} : { body: request.body }),
  })
  if (signal.aborted) await response.body?.cancel() // nobody waits for it any more
  signal.throwIfAborted()
  if (response.type === 'opaqueredirect' || isRedirect(response.status)) {
    await response.body?.cancel()
    throw redirectError(request)
  }
  return { status: response.status, headers: response.headers, text: await readText(response, request) }
}

/** Whether the answer sends elsewhere; nothing is followed. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304
}

async function readText(response: FetchAnswer, request: HttpRequest): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // The cast is for runtimes whose DOM types lack the async iterator that the stream has.
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > request.maxResponseBytes) throw sizeError(request)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

export function redirectError({ url }: HttpRequest): HttpError {
  return new HttpError('redirect', `${hostOf(url)} answered with a redirect, which is not followed`)
}

export function sizeError({ url, maxResponseBytes }: HttpRequest): HttpError {
  return new HttpError('too_large', `${hostOf(url)} answered with more than ${maxResponseBytes} bytes`)
}

export function timeoutError(request: HttpRequest, cause?: unknown, via?: string): HttpError {
  const message = `${hostOf(request.url)} did not answer within ${request.timeoutMs} ms${through(via)}`
  return new HttpError('timeout', message, { cause: summarizeCause(cause, secretsOf(request)) })
}

/** The message has the code of the cause, which tells a host that is not there from a certificate that is not trusted, and no more. */
export function networkError(request: HttpRequest, cause: unknown, via?: string): HttpError {
  const summary = summarizeCause(cause, secretsOf(request))
  const code = codeOf(summary)
  const why = cause instanceof ProxyError ? `, which ${cause.message}` : ''
  const told = code === undefined ? '' : ` (${code})`
  const message = `${hostOf(request.url)} could not be reached${through(via)}${why}${told}`
  return new HttpError('network', message, { cause: summary, code })
}

function through(via: string | undefined): string {
  return via === undefined ? '' : ` through ${via}`
}

/** A platform's error code, such as `ECONNREFUSED`, of the innermost error that has one: fetch wraps what happened. */
export function codeOf(error: unknown): string | undefined {
  let code: string | undefined
  for (let depth = 0, inner = error; depth < 4 && isError(inner); depth++, inner = inner.cause)
    if ('code' in inner && typeof inner.code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(inner.code))
      code = inner.code
  return code
}

const longestPublicValue = 7

/** What was sent and must not come back in an error of `fetch`: credentials in headers, and every longer value of the form. */
function secretsOf({ headers, body }: HttpRequest): readonly string[] {
  const sent = Object.entries(headers).filter(([name]) =>
    /^(?:authorization|x-identity-header|secret)$/i.test(name),
  )
  const values = [
    ...sent.map(([, value]) => value.slice(value.lastIndexOf(' ') + 1)),
    ...new URLSearchParams(body).values(),
  ]
  const secrets = values.filter((value) => value.length > longestPublicValue)
  return [
    ...secrets,
    ...secrets.map((value) => encodeURIComponent(value)),
    ...(body === undefined ? [] : [body]),
  ]
}

function hostOf(url: string): string {
  return new URL(url).host
}

/** Longest wait that an authority or an API may impose on us by `Retry-After`, in seconds. */
const longestRetryAfterSeconds = 3600

/**
 * What an answer says by `Retry-After`, as {@link parseRetryAfter} reads it. A date is measured by the answer's own `Date`, where there
 * is one: ours may be days off.
 */
export function readRetryAfter(headers: Pick<Headers, 'get'> | undefined, nowMs: number): number | undefined {
  const theirsMs = Date.parse(String(headers?.get('date')))
  return parseRetryAfter(headers?.get('retry-after'), Number.isNaN(theirsMs) ? nowMs : theirsMs)
}

/** Reads `Retry-After` (RFC 9110 §10.2.3) as seconds from now, capped at an hour; `undefined` when absent or unreadable. */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  if (value === null || value === undefined) return undefined
  const text = value.trim()
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - nowMs) / 1000)
  if (Number.isNaN(seconds)) return undefined
  return Math.min(Math.max(seconds, 0), longestRetryAfterSeconds)
}
