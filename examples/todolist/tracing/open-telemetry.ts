// Loaded before each program of the scenario when its traces are wanted: what one click leads to in all processes is one trace.
import { register } from 'node:module'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { detectResources, envDetector } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)

// Names and addresses are those of the environment: OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_ENDPOINT.
const exporter = new OTLPTraceExporter()
new NodeTracerProvider({
  resource: detectResources({ detectors: [envDetector] }),
  spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500 })],
}).register()

registerInstrumentations({
  instrumentations: [
    new HttpInstrumentation({
      // The page begins traces, nobody else: its files, preflights and the sign-in, with names in its addresses, are part of none.
      ignoreIncomingRequestHook: ({ headers }) => headers['traceparent'] === undefined,
      requireParentforOutgoingSpans: true,
    }),
    new UndiciInstrumentation({
      // What is looked up in the emulator for the demonstration's sake (`heed-changes.ts`) is nothing that an API does.
      ignoreRequestHook: ({ path }) => path.startsWith('/_emulator/'),
      requireParentforSpans: true,
    }),
  ],
})
