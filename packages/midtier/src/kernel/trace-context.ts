// W3C Trace Context: an incoming request's trace is continued if it is well formed, so that every hop of a call can be found.

const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/
const zeroTrace = '0'.repeat(32)
const zeroSpan = '0'.repeat(16)

/**
 * The trace id of a `traceparent` header; `undefined` when it is absent or malformed.
 *
 * Only 32 hexadecimal digits ever come out, so nothing else of the caller's can reach another header or a log.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceId(header: string | undefined): string | undefined {
  const match = header === undefined ? null : traceparent.exec(header)
  return match === null || match[1] === zeroTrace || match[2] === zeroSpan ? undefined : match[1]
}

/** A fresh trace id. */
export function createTraceId(): string {
  return crypto.randomUUID().replaceAll('-', '')
}

/** A `traceparent` for a request to another API: the same trace, a span of its own. */
export function buildTraceparent(traceId: string): string {
  const random = crypto.randomUUID() // its first and last digits are by chance alone
  return `00-${traceId}-${random.slice(0, 4)}${random.slice(-12)}-01`
}
