// A downstream request made ready before anything is awaited: checked, copied, and from then on nobody's to change.
import { checkAmount, checkOptions, checkScopes, checkSignal } from '../../kernel/check-argument.ts'
import { AcquisitionError } from '../../kernel/errors/errors.ts'
import type { DownstreamSettings } from '../downstream-settings.ts'
import { type DownstreamBody, type RequestBody, takeBody } from './request-body.ts'
import { pathBelow, resolveBelow } from './request-url.ts'
import { readHeaders } from './reserved-headers.ts'

/** Options of one downstream call; they alter this call alone. */
export interface DownstreamCallOptions {
  /** Headers of the request; `Authorization` and what else is ours or the platform's is refused. */
  readonly headers?: NonNullable<RequestInit['headers']> | undefined
  /** Gives up the call, and the reading of its answer. */
  readonly signal?: AbortSignal | null | undefined
  /** Scopes of the same API instead of those that it is configured with. */
  readonly scopes?: readonly string[] | undefined
  /** As `timeoutMs` of the API; at most 600 000. */
  readonly timeoutMs?: number | undefined
  /** As `maxRetries` of the API. */
  readonly maxRetries?: number | undefined
  /**
   * Whether doing it twice does no more than doing it once, so that it may be retried after 429 and 503. Default: what the method says
   * (RFC 9110 §9.2.2): true for GET, HEAD, OPTIONS, PUT and DELETE.
   */
  readonly idempotent?: boolean | undefined
  /** `false` sends the request once whatever happens: not retried, and a claims challenge goes to our own caller at once. Default true. */
  readonly replay?: boolean | undefined
}

/** What `fetch` of a downstream API takes: a `RequestInit` without what decides where the token goes. */
export interface DownstreamRequestInit
  extends
    Omit<
      RequestInit,
      'body' | 'headers' | 'signal' | 'redirect' | 'credentials' | 'mode' | 'referrer' | 'window'
    >,
    DownstreamCallOptions {
  readonly body?: DownstreamBody | null | undefined
}

/** A request ready to be sent, once or more. */
export interface PreparedRequest {
  readonly url: URL
  /** In upper case. */
  readonly method: string
  /** Without a token. */
  readonly headers: Headers
  readonly body: RequestBody | undefined
  readonly replay: boolean
  readonly idempotent: boolean
  readonly scopes: readonly string[]
  readonly maxRetries: number
  /** What else `fetch` is told, of what this platform's `fetch` knows. */
  readonly more: Pick<
    RequestInit,
    Extract<keyof RequestInit, 'cache' | 'integrity' | 'keepalive' | 'priority'>
  >
}

const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

const mostRetries = 5

/** @throws AcquisitionError `path_refused`, `header_refused`, `body_not_replayable`, `body_not_sendable`, `method_refused`, `argument_invalid`; nothing is sent, no token is acquired. */
export function prepareRequest(
  settings: DownstreamSettings,
  input: string | URL,
  init: DownstreamRequestInit,
): PreparedRequest {
  checkInit(init)
  const url = resolveBelow(settings.baseUrl, pathBelow(settings.baseUrl, input))
  const headers = readHeaders(init.headers)
  const method = readMethod(init.method)
  const replay = init.replay ?? true
  return {
    url,
    method,
    headers,
    body: init.body == null ? undefined : takeBody(withBody(method, init.body), replay),
    replay,
    idempotent: init.idempotent ?? idempotentMethods.has(method),
    scopes: init.scopes === undefined ? settings.scopes : [...init.scopes],
    maxRetries: Math.min(init.maxRetries ?? settings.maxRetries, mostRetries),
    more: pick(init),
  }
}

/** @throws AcquisitionError `argument_invalid` naming the member that is of another kind than its type says. */
function checkInit(init: DownstreamRequestInit): void {
  checkOptions(init)
  if (init.scopes !== undefined) checkScopes(init.scopes)
  checkSignal(init.signal)
  checkAmount('timeoutMs', init.timeoutMs)
  checkAmount('maxRetries', init.maxRetries)
}

// TRACE and its like would send our token back to us, and CONNECT is for proxies.
const neverSent: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

function readMethod(method: unknown = 'GET'): string {
  const name = typeof method === 'string' ? method.toUpperCase() : ''
  if (/^[!#$%&'*+.^`|~\w-]+$/.test(name) && !neverSent.has(name)) return name
  throw new AcquisitionError('method_refused', 'The method is none that a token is sent with')
}

function withBody(method: string, body: DownstreamBody): DownstreamBody {
  if (method !== 'GET' && method !== 'HEAD') return body
  throw new AcquisitionError('method_refused', `A ${method} has no body: use POST, PUT or PATCH`)
}

function pick({ cache, integrity, keepalive, priority }: DownstreamRequestInit): PreparedRequest['more'] {
  return {
    ...(cache === undefined ? {} : { cache }),
    ...(integrity === undefined ? {} : { integrity }),
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(priority === undefined ? {} : { priority }),
  }
}
