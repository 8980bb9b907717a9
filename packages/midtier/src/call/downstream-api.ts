// A named downstream API for one caller: a path in, the API's answer out, the token in between and nowhere else.
import type { AccessToken } from '../acquire/token-source.ts'
import { DownstreamError } from '../kernel/errors.ts'
import type { Fetch } from '../kernel/http.ts'
import type { CallContext } from '../kernel/observer.ts'
import { buildTraceparent } from '../kernel/trace-context.ts'
import { resolveBelow } from './request-url.ts'
import { checkNoReservedHeader } from './reserved-headers.ts'

/** A downstream API as configured, resolved. */
export interface DownstreamSettings {
  readonly name: string
  /** Ends in a slash. */
  readonly baseUrl: URL
  readonly scopes: readonly string[]
  /** Until the headers of the answer; for the JSON calls, until its last byte. Milliseconds. */
  readonly timeoutMs: number
  /** Longest JSON answer that is read. Bytes. */
  readonly maxResponseBytes: number
}

/** What a downstream API needs from outside. */
export interface DownstreamPorts {
  readonly fetch: Fetch
  readonly nowMs: () => number
  readonly context: CallContext
  readonly acquire: (scopes: readonly string[], signal: AbortSignal | undefined) => Promise<AccessToken>
}

/** Options of one downstream call; they alter this call alone. */
export interface DownstreamCallOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Gives up the call. */
  readonly signal?: AbortSignal
}

/** What `fetch` for a downstream API takes: a `RequestInit` without what decides where the token goes. */
export type DownstreamRequestInit = Omit<
  RequestInit,
  'redirect' | 'credentials' | 'mode' | 'referrer' | 'window'
>

/** A downstream API bound to one caller. Paths are relative to its base URL; every call carries that caller's token. */
export interface DownstreamApi {
  /** GETs JSON. @throws DownstreamError for any status but 2xx. */
  getJson<Result = unknown>(path: string, options?: DownstreamCallOptions): Promise<Result>
  /** POSTs a JSON body and reads a JSON answer; `undefined` for 204. @throws DownstreamError for any status but 2xx. */
  postJson<Result = unknown>(path: string, body: unknown, options?: DownstreamCallOptions): Promise<Result>
  /** PUTs likewise. */
  putJson<Result = unknown>(path: string, body: unknown, options?: DownstreamCallOptions): Promise<Result>
  /** PATCHes likewise. */
  patchJson<Result = unknown>(path: string, body: unknown, options?: DownstreamCallOptions): Promise<Result>
  /** DELETEs. @throws DownstreamError for any status but 2xx. */
  delete(path: string, options?: DownstreamCallOptions): Promise<void>
  /** `fetch` with the token: any status comes back as a `Response`, redirects are never followed. */
  readonly fetch: (path: string, init?: DownstreamRequestInit) => Promise<Response>
}

const bodyLimitInErrors = 4096

/** Binds a configured downstream API to a caller. */
export function createDownstreamApi(settings: DownstreamSettings, ports: DownstreamPorts): DownstreamApi {
  const send = (path: string, init: DownstreamRequestInit = {}): Promise<Response> =>
    sendWithToken(settings, ports, path, init)

  const sendJson = async <Result>(
    method: string,
    path: string,
    body: unknown,
    options: DownstreamCallOptions = {},
  ): Promise<Result> => {
    const deadline = AbortSignal.timeout(settings.timeoutMs)
    const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
    const headers = new Headers(options.headers)
    if (!headers.has('accept')) headers.set('accept', 'application/json')
    if (body !== undefined) headers.set('content-type', 'application/json')
    const response = await send(path, {
      method,
      headers,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return (await readJson(settings, response, options.signal)) as Result
  }

  return {
    getJson: (path, options) => sendJson('GET', path, undefined, options),
    postJson: (path, body, options) => sendJson('POST', path, body, options),
    putJson: (path, body, options) => sendJson('PUT', path, body, options),
    patchJson: (path, body, options) => sendJson('PATCH', path, body, options),
    delete: async (path, options) => {
      await sendJson('DELETE', path, undefined, options)
    },
    fetch: send,
  }
}

async function sendWithToken(
  settings: DownstreamSettings,
  ports: DownstreamPorts,
  path: string,
  init: DownstreamRequestInit,
): Promise<Response> {
  const url = resolveBelow(settings.baseUrl, path)
  const headers = new Headers(init.headers)
  checkNoReservedHeader(headers)
  const signal = init.signal ?? undefined
  const token = await ports.acquire(settings.scopes, signal)
  headers.set('authorization', `Bearer ${token.accessToken}`)
  const { traceId } = ports.context
  if (traceId !== undefined && !headers.has('traceparent'))
    headers.set('traceparent', buildTraceparent(traceId))
  return observed(settings, ports, url, { ...init, headers, redirect: 'manual' })
}

async function observed(
  settings: DownstreamSettings,
  ports: DownstreamPorts,
  url: URL,
  init: RequestInit,
): Promise<Response> {
  const startedMs = ports.nowMs()
  const report = (status: number | undefined): void => {
    ports.context.observe({
      type: 'downstream_called',
      api: settings.name,
      method: (init.method ?? 'GET').toUpperCase(),
      path: url.pathname,
      status,
      durationMs: ports.nowMs() - startedMs,
    })
  }
  try {
    const response = await fetchHeaders(settings, ports.fetch, url, init)
    report(response.status)
    return response
  } catch (error) {
    report(undefined)
    init.signal?.throwIfAborted()
    throw new DownstreamError(
      settings.name,
      `The downstream API '${settings.name}' did not answer`,
      undefined,
      '',
      {
        cause: error,
      },
    )
  }
}

/** Waits for the headers no longer than the time limit; the body may stream for as long as it likes. */
async function fetchHeaders(
  settings: DownstreamSettings,
  fetch: Fetch,
  url: URL,
  init: RequestInit,
): Promise<Response> {
  const patience = new AbortController()
  const timer = setTimeout(() => {
    patience.abort(new DOMException(`No answer within ${settings.timeoutMs} ms`, 'TimeoutError'))
  }, settings.timeoutMs)
  try {
    const signals = [patience.signal, ...(init.signal == null ? [] : [init.signal])]
    return await fetch(url, { ...init, signal: AbortSignal.any(signals) })
  } finally {
    clearTimeout(timer)
  }
}

async function readJson(
  settings: DownstreamSettings,
  response: Response,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const limit = response.ok ? settings.maxResponseBytes : bodyLimitInErrors
  const text = await readAtMost(response, limit).catch((error: unknown) => {
    signal?.throwIfAborted()
    const message = `The answer of the downstream API '${settings.name}' broke off`
    throw new DownstreamError(settings.name, message, response.status, '', { cause: error })
  })
  if (!response.ok) throw downstreamError(settings, response, text.value)
  if (text.truncated)
    throw new DownstreamError(
      settings.name,
      `The downstream API '${settings.name}' answered with more than ${settings.maxResponseBytes} bytes; raise maxResponseBytes or use fetch`,
      response.status,
    )
  if (text.value === '') return undefined
  try {
    return JSON.parse(text.value) as unknown
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new DownstreamError(
      settings.name,
      `The downstream API '${settings.name}' answered ${response.status} with something other than JSON`,
      response.status,
      text.value.slice(0, bodyLimitInErrors),
    )
  }
}

function downstreamError(settings: DownstreamSettings, response: Response, body: string): DownstreamError {
  return new DownstreamError(
    settings.name,
    `The downstream API '${settings.name}' answered ${response.status}`,
    response.status,
    body,
  )
}

async function readAtMost(
  response: Response,
  limitBytes: number,
): Promise<{ value: string; truncated: boolean }> {
  if (response.body === null) return { value: '', truncated: false }
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let value = ''
  let bytes = 0
  for (;;) {
    const { done, value: chunk } = await reader.read()
    if (done) return { value: value + decoder.decode(), truncated: false }
    const room = limitBytes - bytes
    bytes += chunk.byteLength
    value += decoder.decode(chunk.subarray(0, room), { stream: true })
    if (bytes > limitBytes) {
      await reader.cancel()
      return { value, truncated: true }
    }
  }
}
