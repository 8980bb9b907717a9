// Which pages may call an MCP server: the Origin of a browser against DNS rebinding, and CORS for those that are allowed.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import type { IncomingRequest } from '../../web-api/incoming-request.ts'
import type { PlainAnswer } from '../shared/plain-answer.ts'

/** What is said to a page, or the answer where nothing else is. */
export interface OriginVerdict {
  /** Headers of whatever answer follows. */
  readonly headers: Readonly<Record<string, string>>
  readonly answer?: PlainAnswer | undefined
}

/** @throws ConfigurationError for what no browser sends as an origin. */
export function checkOrigins(allowed: readonly string[]): void {
  const wrong: unknown = Array.isArray(allowed)
    ? allowed.find((origin: unknown) => !isOrigin(origin))
    : allowed
  if (wrong !== undefined)
    throw new ConfigurationError('allowedOrigins', "must list origins: ['https://app.contoso.com']")
}

/** Schemes such as `vscode-webview:` have no origin for `URL`, and browsers send them with one. */
function isOrigin(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { origin, protocol, host } = new URL(text)
  return text === (origin === 'null' ? `${protocol}//${host}` : origin)
}

const nobodyAsks: OriginVerdict = { headers: {} }

/** Judges a request. One without an Origin is no page's. @see https://modelcontextprotocol.io/specification (Streamable HTTP, security) */
export function judgeOrigin(request: IncomingRequest, allowed: ReadonlySet<string>): OriginVerdict {
  const origin = request.header('origin')
  if (origin === undefined || origin === null) return nobodyAsks
  if (typeof origin !== 'string' || !allowed.has(origin)) return { headers: {}, answer: foreign }
  const headers = {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'www-authenticate, retry-after, mcp-session-id',
    vary: 'Origin',
  }
  const asked = request.header('access-control-request-method')
  if (request.method !== 'OPTIONS' || typeof asked !== 'string') return { headers }
  return {
    headers: { ...headers, ...preflight(request) },
    answer: { status: 204, headers: {}, body: undefined },
  }
}

function preflight(request: IncomingRequest): Readonly<Record<string, string>> {
  const names = request.header('access-control-request-headers')
  const isList = typeof names === 'string' && /^[\w!#$%&'*+.^`|~ ,-]*$/.test(names)
  return {
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-allow-headers': isList ? names : 'authorization, content-type',
    'access-control-max-age': '3600',
  }
}

const foreign = jsonRpcError(403, -32000, 'Origin not allowed')

/** An error that belongs to no request of the protocol. */
export function jsonRpcError(
  status: number,
  code: number,
  message: string,
  more: Readonly<Record<string, string>> = {},
): PlainAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...more },
    body: JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }),
  }
}
