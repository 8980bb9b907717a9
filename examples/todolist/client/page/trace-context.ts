// The page begins a trace with each click, and tells its APIs so (W3C Trace Context); it reports no spans of its own.

/** For what a person does. */
export function createTraceId(): string {
  return randomHex(16)
}

/** For one call. */
export function createSpanId(): string {
  return randomHex(8)
}

/** The header of a call; the trace is sampled. */
export function buildTraceparent(traceId: string, spanId: string): string {
  return `00-${traceId}-${spanId}-01`
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
