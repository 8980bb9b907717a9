// The trace id of one request: what `protect` lets in, what a handler fails by and what is answered are found by the same one.
import { hasMark } from '../../kernel/errors/marks.ts'
import { buildTraceparent, createTraceId, parseTraceId } from '../../kernel/trace-context.ts'
import type { IncomingRequest } from '../../web-api/incoming-request.ts'

/** On a request, for all copies of the package: a `traceparent` of a trace that was begun here. */
const traceMark: unique symbol = Symbol.for('midtier.traceparent')

type ReadHeader = IncomingRequest['header']

/** What `authenticate` looks at, of a request whose headers are read so; its trace is begun here if it has none. */
export function incomingRequest(
  request: object,
  facts: { readonly method: string; readonly url: string },
  read: ReadHeader,
): IncomingRequest {
  return {
    method: facts.method,
    url: facts.url,
    header: (name) => (name === 'traceparent' ? traceparentOf(request, read) : read(name)),
  }
}

/** The trace id of a request. */
export function traceIdOf(request: object, read: ReadHeader): string | undefined {
  return parseTraceId(traceparentOf(request, read))
}

/** The `traceparent` that a request came with; one of our own, the same at each call, where it came without or with a malformed one. */
function traceparentOf(request: object, read: ReadHeader): string {
  const header = read('traceparent')
  if (typeof header === 'string' && parseTraceId(header) !== undefined) return header
  const begun: unknown = hasMark(request, traceMark) ? Reflect.get(request, traceMark) : undefined
  if (typeof begun === 'string') return begun
  const ours = buildTraceparent(createTraceId())
  Reflect.defineProperty(request, traceMark, { value: ours, enumerable: false })
  return ours
}
