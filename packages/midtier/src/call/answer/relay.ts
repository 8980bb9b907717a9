// An answer of a downstream API as our own caller may have it: status, body, and those headers that are about the body.
import { AcquisitionError } from '../../kernel/errors/errors.ts'
import { hasMark, relayedMark } from '../../kernel/errors/marks.ts'
import { lastStatus } from './answer.ts'
import { relayedCaching } from './relayed-caching.ts'

/**
 * Headers that describe the answer and nothing else. Everything that is not listed is dropped, so what nobody thought of is too:
 * hop-by-hop fields, cookies, CORS, `Location`, security policies and instructions to proxies (`X-Accel-Redirect`) are another
 * server's to say. `Content-Encoding` and `Content-Length` are no longer true once the body has been decoded.
 */
const relayed: ReadonlySet<string> = new Set([
  'accept-ranges',
  'content-disposition',
  'content-language',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'retry-after',
])

// What a list of further headers cannot name: each would let the downstream API act in our name.
const never: ReadonlySet<string> = new Set([
  'age',
  'alt-svc',
  'authentication-info',
  'cache-control',
  'clear-site-data',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'expires',
  'keep-alive',
  'location',
  'nel',
  'no-vary-search',
  'origin-agent-cluster',
  'permissions-policy',
  'pragma',
  'public-key-pins',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'server',
  'server-timing',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'sourcemap',
  'speculation-rules',
  'strict-transport-security',
  'surrogate-control',
  'te',
  'timing-allow-origin',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
  'via',
  'www-authenticate',
  'x-content-type-options',
  'x-sendfile',
  'x-sourcemap',
])
const neverPrefixes = ['access-control-', 'content-security-policy', 'cross-origin-', 'proxy-', 'x-accel-']
const neverSuffix = 'cdn-cache-control'

const headerName = /^[!#$%&'*+.^`|~\w-]+$/

/** Reads the names of further headers to relay. @throws AcquisitionError `header_refused` naming the first that cannot be. */
export function readKeptHeaders(names: readonly string[] = []): readonly string[] {
  if (!Array.isArray(names))
    throw new AcquisitionError('header_refused', 'keepHeaders must be a list of names')
  const lower = names.map((name: unknown) => (typeof name === 'string' ? name.toLowerCase() : ''))
  if (!lower.every((name) => headerName.test(name)))
    throw new AcquisitionError('header_refused', 'keepHeaders holds what is no name of a header')
  const refused = lower.find(
    (name) =>
      never.has(name) || name.endsWith(neverSuffix) || neverPrefixes.some((each) => name.startsWith(each)),
  )
  if (refused === undefined) return lower
  throw new AcquisitionError(
    'header_refused',
    `The header '${refused}' of another API is not relayed; leave it out of keepHeaders`,
  )
}

/** Whether a status speaks to our caller; 401 and 407 are about our own credentials, and a redirect leads where our caller has no business. */
export function isRelayable(status: number): boolean {
  const isAnswer = status >= 200 && status <= lastStatus
  return isAnswer && status !== 401 && status !== 407 && !(status >= 300 && status < 400 && status !== 304)
}

/** Whether an answer has been through {@link buildRelayedResponse}, in whichever copy of this package. */
export function isRelayed(response: Response): boolean {
  return hasMark(response, relayedMark)
}

/** What can be relayed. */
export interface Relayable {
  readonly status: number
  readonly headers: Headers
  /** The body, unread; `null` where the status allows none. */
  toBody(): Response['body']
}

/** The answer for our own caller; its body streams from the downstream API as it is read. */
export function buildRelayedResponse(
  answer: Relayable,
  keptHeaders: readonly string[],
  nowMs: number,
): Response {
  const headers = new Headers()
  for (const name of [...relayed, ...keptHeaders]) {
    const value = answer.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  const { cacheControl, vary } = relayedCaching(answer.headers, nowMs)
  headers.set('cache-control', cacheControl)
  headers.set('vary', vary)
  headers.set('x-content-type-options', 'nosniff')
  const relayedResponse = new Response(answer.toBody(), { status: answer.status, headers })
  return Object.defineProperty(relayedResponse, relayedMark, { value: true })
}
