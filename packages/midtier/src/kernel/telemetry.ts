// Telemetry that follows work while it goes on: what an observer is told afterwards, and spans that are open meanwhile.
import { isPromise } from './errors/other-realms.ts'
import type { Observer } from './observer.ts'

/** Work that is a span of its own: a request let in, a token acquired, a token endpoint asked, a downstream API asked. */
export type SpanName = 'validate' | 'acquire' | 'exchange' | 'downstream'

/**
 * Begins work at once, and once; what it gives or throws is that of the work, whatever becomes of the span, which ends with the work: when
 * a promise that it gave is settled.
 */
export type Within = <Result>(span: SpanName, work: () => Result) => Result

/** Follows an API: made by `openTelemetry` of `midtier/opentelemetry`. */
export interface Telemetry {
  /** Is told of every event, as {@link Observer} is. */
  readonly observe: Observer
  readonly within: Within
  /** The trace id of what is going on, 32 hexadecimal digits; `undefined` when nothing is traced. */
  readonly activeTraceId: () => string | undefined
}

/**
 * Telemetry of somebody else's, which may throw, never settle or forget the work: what a request gives or throws is that of its work, which
 * is run once, and a trace id is one or none.
 */
export function guarded({ observe, within, activeTraceId }: Telemetry): Telemetry {
  return {
    observe,
    within: <Result>(span: SpanName, work: () => Result): Result => {
      let outcome: { readonly give: () => Result } | undefined
      const once = (): Result => (outcome ??= outcomeOf(work)).give()
      try {
        const followed: unknown = within(span, once)
        if (isPromise(followed)) followed.then(undefined, () => undefined) // the caller has the work's own
      } catch {
        // What the work threw is thrown below; what telemetry threw is its owner's bug.
      }
      return once()
    },
    activeTraceId: () => {
      try {
        const traceId = activeTraceId()
        return typeof traceId === 'string' && /^[0-9a-f]{32}$/.test(traceId) ? traceId : undefined
      } catch {
        return undefined
      }
    },
  }
}

function outcomeOf<Result>(work: () => Result): { readonly give: () => Result } {
  try {
    const result = work()
    return { give: () => result }
  } catch (error) {
    return {
      give: () => {
        throw error
      },
    }
  }
}
