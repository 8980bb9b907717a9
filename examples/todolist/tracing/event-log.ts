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
  /** Work that belongs to no request, told as a part of the trace of a `traceparent` header all the same. */
  readonly during: <Result>(traceparent: string | undefined, work: () => Result) => Result
  /** The events of one trace, oldest first. */
  readonly eventsOf: (traceId: string) => readonly ObservedEvent[]
  /**
   * What is answered at `/trace/:traceId`. Whoever made up the 128 random bits of the trace id may read; the events hold claims,
   * never a token. A window for learning: production sends events to its own telemetry instead.
   *
   * @throws Problem when that is no trace id.
   */
  readonly read: (traceId: unknown) => { readonly events: readonly ObservedEvent[] }
  /** The same on Express: `app.get('/trace/:traceId', …)`. */
  readonly route: RequestHandler
}

/** Creates an empty log. */
export function createEventLog({ traces = 200, eventsPerTrace = 100 }: EventLogLimits = {}): EventLog {
  const byTrace = new Map<string, ObservedEvent[]>()
  const current = new AsyncLocalStorage<string | undefined>()

  const remember = (traceId: string, event: ObservedEvent): void => {
    const events = byTrace.get(traceId) ?? []
    if (events.length < eventsPerTrace) events.push(event)
    byTrace.set(traceId, events)
    const oldest = byTrace.size > traces ? byTrace.keys().next().value : undefined
    if (oldest !== undefined) byTrace.delete(oldest)
  }

  const eventsOf = (traceId: string): readonly ObservedEvent[] => byTrace.get(traceId) ?? []

  const read: EventLog['read'] = (traceId) => {
    if (typeof traceId !== 'string' || !/^[0-9a-f]{32}$/.test(traceId))
      throw new Problem(400, 'Not a trace id', 'A trace id has 32 lower-case hexadecimal digits.')
    return { events: eventsOf(traceId) }
  }

  return {
    observer: (event) => {
      const traceId = event.traceId ?? current.getStore()
      if (traceId !== undefined) remember(traceId, event)
    },
    during: (traceparent, work) => current.run(/^00-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1], work),
    eventsOf,
    read,
    route: (request, response) => void response.json(read(request.params['traceId'])),
  }
}
