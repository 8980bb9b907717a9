// A collector of traces: takes what the programs of the scenario send by OTLP over HTTP, and keeps it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A span, of whichever program. */
export interface Span {
  readonly service: string
  readonly name: string
  readonly kind: 'internal' | 'server' | 'client' | 'other'
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>
}

/** A collector that runs. */
export interface Collector {
  readonly url: string
  /** The spans of a trace, in the order in which they began. */
  readonly spansOf: (traceId: string) => readonly Span[]
  /** Everything that was ever sent, as it came. */
  readonly everything: () => string
  readonly stop: () => Promise<void>
}

/** Starts it. */
export async function startCollector(): Promise<Collector> {
  const sent: ExportedTraces[] = []
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      sent.push(body as ExportedTraces)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spansOf: (traceId) =>
      sent
        .flatMap(readSpans)
        .filter((span) => span.traceId === traceId)
        .sort((a, b) => a.startMs - b.startMs),
    everything: () => JSON.stringify(sent),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Value {
  readonly stringValue?: string
  /** 64 bits, which some send as a text. */
  readonly intValue?: number | string
  readonly doubleValue?: number
  readonly boolValue?: boolean
}
type Attributes = readonly { readonly key: string; readonly value: Value }[]

/** `ExportTraceServiceRequest` of OTLP, as JSON. */
interface ExportedTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes }
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[]
  }[]
}

interface ExportedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: Attributes
}

const kinds: Readonly<Record<number, Span['kind']>> = { 1: 'internal', 2: 'server', 3: 'client' }

function readSpans({ resourceSpans }: ExportedTraces): readonly Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(readAttributes(resource.attributes)['service.name'])
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => readSpan(service, span)))
  })
}

function readSpan(service: string, span: ExportedSpan): Span {
  const { name, kind, traceId, spanId, parentSpanId, startTimeUnixNano, endTimeUnixNano, attributes } = span
  return {
    ...{ service, name, traceId, spanId, parentSpanId },
    kind: kinds[kind] ?? 'other',
    startMs: Number(startTimeUnixNano) / 1e6,
    endMs: Number(endTimeUnixNano) / 1e6,
    attributes: readAttributes(attributes),
  }
}

function readAttributes(attributes: Attributes): Span['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [
      key,
      stringValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? boolValue,
    ]),
  )
}
