// OpenTelemetry: spans of validating, acquiring, exchanging and calling, and metrics of them. Nothing of it is loaded until it is imported.
import { context, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api'
import type { ObservedEvent } from '../kernel/observer.ts'
import type { Telemetry } from '../kernel/telemetry.ts'
import { createMetrics } from './metrics.ts'
import { createSpans } from './spans.ts'

export type { SpanName, Telemetry, Within } from '../kernel/telemetry.ts'

/** What {@link openTelemetry} takes. */
export interface OpenTelemetryOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider
  /** Default: the global one, as it is when the first event comes: start the SDK before the first request. */
  readonly meterProvider?: MeterProvider
}

/**
 * Follows an API with OpenTelemetry: the spans `midtier.validate`, `midtier.acquire`, `midtier.exchange` and `midtier.downstream`, below
 * whatever span is active, and metrics of the same names. `docs/telemetry.md` lists them with their attributes.
 *
 * No span and no metric holds a token, a secret, a claim or an identifier of a person. Starts no SDK, and records nothing until one runs.
 * With it, the `traceId` of error bodies, events and log lines is that of the active span.
 * @example
 * ```ts
 * const api = createWebApi({
 *   tenantId: 'contoso.onmicrosoft.com',
 *   clientId: 'a0000000-0000-4000-8000-000000000002',
 *   telemetry: openTelemetry(),
 * })
 * ```
 * @see https://opentelemetry.io/docs/specs/semconv/
 */
export function openTelemetry({ tracerProvider, meterProvider }: OpenTelemetryOptions = {}): Telemetry {
  const spans = createSpans(tracerProvider)
  const metrics = createMetrics(meterProvider)
  return {
    observe: (event: ObservedEvent) => {
      spans.observe(event)
      metrics.observe(event)
    },
    within: spans.within,
    activeTraceId: () => trace.getSpanContext(context.active())?.traceId,
  }
}
