// Telemetry that follows work while it goes on: what an observer is told afterwards, and spans that are open meanwhile.
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
