// The trace id of one request: what `protect` lets in, what a handler fails by and what is answered are found by the same one.
import { hasMark } from '../../kernel/errors/marks.ts'
import { buildTraceparent, createTraceId, parseTraceId } from '../../kernel/trace-context.ts'
import type { IncomingRequest } from '../../web-api/incoming-request.ts'

/** On a request, for all copies of the package: a `traceparent` of a trace that was begun here. */
const traceMark: unique symbol = Symbol.for('midtier.traceparent')

type ReadHeader = IncomingRequest['header']

/** Tokens of requests that a gate handed on without them: `protect` behind it finds them here, and nobody else does. */
const withheld = new WeakMap<object, ReturnType<ReadHeader>>()

/** Where a request says what it asks for; `originalUrl` where its framework may have cut something off the other. */
export interface Asked {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly originalUrl?: string | undefined
}

/** What `authenticate` looks at, of a request whose headers are read so; its trace is begun here if it has none. */
export function incomingRequest(request: object, asked: Asked, read: ReadHeader): IncomingRequest {
  return new AskedLater(request, asked, read)
}

/** The token of a request that was handed on without it. */
export function noteWithheld(request: object, token: ReturnType<ReadHeader>): void {
  withheld.set(request, token)
}

/** A request goes on as another one, or as itself without its token: its trace and its caller are the same. */
export function goOnAs(other: object, request: object, incoming: IncomingRequest): void {
  noteWithheld(other, incoming.header('authorization'))
  const begun: unknown = hasMark(request, traceMark) ? Reflect.get(request, traceMark) : undefined
  if (begun !== undefined && other !== request)
    Reflect.defineProperty(other, traceMark, { value: begun, enumerable: false })
}

/** Everything is read when it is asked for, which most of it never is: looking at a request of Express costs more than it seems. */
class AskedLater implements IncomingRequest {
  readonly #request: object
  readonly #asked: Asked
  readonly #read: ReadHeader

  constructor(request: object, asked: Asked, read: ReadHeader) {
    this.#request = request
    this.#asked = asked
    this.#read = read
  }

  get method(): string {
    return this.#asked.method ?? ''
  }

  get url(): string {
    return this.#asked.originalUrl ?? this.#asked.url ?? ''
  }

  header(name: string): ReturnType<ReadHeader> {
    if (name === 'traceparent') return traceparentOf(this.#request, this.#read)
    return this.#read(name) ?? (name === 'authorization' ? withheld.get(this.#request) : undefined)
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
