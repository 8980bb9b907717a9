// What goes back: a status, headers and a body, never kept by anybody on the way.
import { STATUS_CODES, type ServerResponse } from 'node:http'

/** An answer that fits into memory. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function json(status: number, body: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  }
}

export function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}

/** @see RFC 9457 */
export function problem(
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const title = STATUS_CODES[status] ?? 'Error'
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  }
}

/** Headers that every answer has. */
export const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const

/** Sends an answer, unless one has begun or nobody is left. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { ...headers, ...always, 'content-length': Buffer.byteLength(body) }).end(body)
}
