// The trace id of one Node request: what `protect` lets in, what a handler fails by and what is answered are found by the same one.
import type { IncomingMessage } from 'node:http'
import { hasMark } from '../kernel/errors/marks.ts'
import { buildTraceparent, createTraceId, parseTraceId } from '../kernel/trace-context.ts'
import { rawHeader } from './raw-header.ts'

/** On a request, for all copies of the package: a `traceparent` of a trace that was begun here. */
const traceMark: unique symbol = Symbol.for('midtier.traceparent')

/** A Node request, or what stands in for one. */
type TracedRequest = Parameters<typeof rawHeader>[0] & Partial<IncomingMessage>

/** The `traceparent` that a request came with; one of our own, the same at each call, where it came without or with a malformed one. */
export function traceparentOf(request: TracedRequest): string {
  const header = rawHeader(request, 'traceparent')
  if (typeof header === 'string' && parseTraceId(header) !== undefined) return header
  const begun: unknown = hasMark(request, traceMark) ? Reflect.get(request, traceMark) : undefined
  if (typeof begun === 'string') return begun
  const ours = buildTraceparent(createTraceId())
  Reflect.defineProperty(request, traceMark, { value: ours, enumerable: false })
  return ours
}

/** The trace id of a request. */
export function traceIdOf(request: TracedRequest): string | undefined {
  return parseTraceId(traceparentOf(request))
}
