// OpenTelemetry's own SDK with exporters in memory, and what it was given.
import { context, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
} from '@opentelemetry/sdk-metrics'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node'
import { openTelemetry, type Telemetry } from '../../src/telemetry/opentelemetry.ts'

export interface Recorder {
  readonly telemetry: Telemetry
  readonly spans: () => readonly ReadableSpan[]
  /** The spans of a name, in the order in which they ended. */
  readonly named: (name: string) => readonly ReadableSpan[]
  /** The name of the span above. */
  readonly above: (span: ReadableSpan) => string | undefined
  /** The data points of a metric: attributes, and how often it was measured. */
  readonly counted: (metric: string) => Promise<readonly (readonly [object, number])[]>
  /** All that was exported, as text. */
  readonly everything: () => Promise<string>
  /** As instrumentation of a server does it. */
  readonly request: <Result>(work: () => Promise<Result>) => Promise<Result>
  readonly reset: () => void
}

export function createRecorder(): Recorder {
  const exporter = new InMemorySpanExporter()
  const tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  tracerProvider.register()
  const tracer = tracerProvider.getTracer('test')
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 86_400_000,
  })
  const meterProvider = new MeterProvider({ readers: [reader] })

  const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans()
  const collect = async (): Promise<ReturnType<typeof metricExporter.getMetrics>> => {
    metricExporter.reset()
    await reader.forceFlush()
    return metricExporter.getMetrics()
  }
  return {
    telemetry: openTelemetry({ tracerProvider, meterProvider }),
    spans,
    named: (name) => spans().filter((span) => span.name === name),
    above: ({ parentSpanContext }) =>
      spans().find((span) => span.spanContext().spanId === parentSpanContext?.spanId)?.name,
    counted: async (metric) => {
      const metrics = (await collect()).flatMap((each) => each.scopeMetrics).flatMap((each) => each.metrics)
      const points = metrics.find(({ descriptor }) => descriptor.name === metric)?.dataPoints ?? []
      return points.map(({ attributes, value }: DataPoint<unknown>) => [attributes, countOf(value)] as const)
    },
    everything: async () =>
      JSON.stringify([
        spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
        await collect(),
      ]),
    request: async (work) => {
      const span = tracer.startSpan('GET /')
      try {
        return await context.with(trace.setSpan(context.active(), span), work)
      } finally {
        span.end()
      }
    },
    reset: () => {
      exporter.reset()
    },
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' ? value : (value as { count: number }).count
}
