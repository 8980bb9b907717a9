// Who hears of what happens within one request, and by which trace it is found.
import { singleHeader, type IncomingRequest } from './incoming-request.ts'
import { type CallContext, tell, type Watcher } from '../kernel/observer.ts'
import { createTraceId, parseTraceId } from '../kernel/trace-context.ts'

/** The trace id is that which telemetry follows; else it is read, or begun, when somebody first asks: most requests are served without. */
export class RequestContext implements CallContext {
  readonly observe: CallContext['observe']
  readonly quiet: boolean
  readonly #request: IncomingRequest
  #traceId: string | undefined

  constructor(request: IncomingRequest, watcher: Watcher) {
    this.#request = request
    if (watcher.activeTraceId !== undefined) this.#traceId = watcher.activeTraceId()
    this.quiet = watcher.observer === undefined
    this.observe = this.quiet ? watcher.hear : (event) => tell(watcher, event, this.traceId)
  }

  get traceId(): string {
    return (this.#traceId ??= parseTraceId(singleHeader(this.#request, 'traceparent')) ?? createTraceId())
  }
}
