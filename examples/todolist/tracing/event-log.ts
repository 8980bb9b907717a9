// Remembers the library's observer events by trace, so that the page can draw what happened; wired as `observer`, not in handlers.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestHandler } from 'express'
import type { ObservedEvent, Observer } from 'midtier'
import { Problem } from '../web-server/problem.ts'

/** How much is remembered. */
export interface EventLogLimits {
  /** Traces; the oldest gives way. Default 200. */
  readonly traces?: number
  /** Events of one trace; later ones are dropped. Default 100. */
  readonly eventsPerTrace?: number
}

/** A bounded memory of events. */
export interface EventLog {
  /** For `createWebApi({ observer })`. */
  readonly observer: Observer
  /** Work for a request with this `traceparent` header: its events are of that call, and of that trace where they name none. */
  readonly during: <Result>(traceparent: string | undefined, work: () => Result) => Result
  /** The events of one trace, oldest first; of one of its calls, if its span id is given. */
  readonly eventsOf: (traceId: string, call?: string) => readonly ObservedEvent[]
  /**
   * What is answered at `/trace/:traceId?call=…`. Whoever made up the 128 random bits of the trace id may read; the events hold claims,
   * never a token. A window for learning: production sends events to its own telemetry instead.
   *
   * @throws Problem when that is no trace id.
   */
  readonly read: (traceId: unknown, call?: unknown) => { readonly events: readonly ObservedEvent[] }
  /** The same on Express: `app.get('/trace/:traceId', …)`. */
  readonly route: RequestHandler
}

/** Creates an empty log. */
export function createEventLog({ traces = 200, eventsPerTrace = 100 }: EventLogLimits = {}): EventLog {
  const byTrace = new Map<string, Told[]>()
  const current = new AsyncLocalStorage<Call | undefined>()

  const remember = (traceId: string, told: Told): void => {
    const events = byTrace.get(traceId) ?? []
    if (events.length < eventsPerTrace) events.push(told)
    byTrace.set(traceId, events)
    const oldest = byTrace.size > traces ? byTrace.keys().next().value : undefined
    if (oldest !== undefined) byTrace.delete(oldest)
  }

  const eventsOf: EventLog['eventsOf'] = (traceId, call) =>
    (byTrace.get(traceId) ?? []).flatMap((told) =>
      call === undefined || told.call === call ? [told.event] : [],
    )

  const read: EventLog['read'] = (traceId, call) => {
    if (typeof traceId !== 'string' || !/^[0-9a-f]{32}$/.test(traceId))
      throw new Problem(400, 'Not a trace id', 'A trace id has 32 lower-case hexadecimal digits.')
    return { events: eventsOf(traceId, typeof call === 'string' ? call : undefined) }
  }

  return {
    observer: (event) => {
      const call = current.getStore()
      const traceId = event.traceId ?? call?.traceId
      if (traceId !== undefined) remember(traceId, { event, call: call?.spanId })
    },
    during: (traceparent, work) => current.run(callOf(traceparent), work),
    eventsOf,
    read,
    route: (request, response) => void response.json(read(request.params['traceId'], request.query['call'])),
  }
}

/** The call of another party that work is done for. */
interface Call {
  readonly traceId: string
  readonly spanId: string
}

interface Told {
  readonly event: ObservedEvent
  /** Span id of the call. */
  readonly call: string | undefined
}

function callOf(traceparent: string | undefined): Call | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(traceparent ?? '') ?? []
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId }
}
