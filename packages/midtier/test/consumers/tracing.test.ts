// Under instrumentation every exchange with an authority succeeds, and has its client span below the request that needed it; and a call of
// a downstream API belongs to one trace alone.
import { describe, expect } from 'vitest'
import { consumer, type Consumer, test } from './consumer.ts'

const openTelemetry = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/instrumentation': '0.223.0',
  '@opentelemetry/instrumentation-http': '0.223.0',
  '@opentelemetry/instrumentation-undici': '0.33.0',
  '@opentelemetry/sdk-metrics': '2.12.1',
  '@opentelemetry/sdk-trace-node': '2.12.1',
}
/** The last one for Node 20; it brings all of OpenTelemetry along. */
const azureMonitor = { '@azure/monitor-opentelemetry': '1.17.0' }

const files = {
  'tracing.cjs': `
    const { registerInstrumentations } = require('@opentelemetry/instrumentation')
    const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
    const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node')
    const exporter = new InMemorySpanExporter()
    const tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    tracerProvider.register()
    registerInstrumentations({ tracerProvider, instrumentations: [new HttpInstrumentation()] })
    globalThis.finishedSpans = () => exporter.getFinishedSpans()
  `,
  'tracing.mjs': `
    import { register } from 'node:module'
    register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
    await import('./tracing.cjs')
  `,
  'monitor.cjs': `
    const { InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base')
    const { useAzureMonitor } = require('@azure/monitor-opentelemetry')
    const exporter = new InMemorySpanExporter()
    useAzureMonitor({
      azureMonitorExporterOptions: {
        connectionString: 'InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:1/',
        disableOfflineStorage: true,
      },
      enableLiveMetrics: false,
      enableStandardMetrics: false,
      samplingRatio: 1,
      // By default a limit by time, which leaves it to chance whether a fresh process is traced at all.
      tracesPerSecond: 0,
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    })
    globalThis.finishedSpans = () => exporter.getFinishedSpans()
  `,
  'both.mjs': `
    import { register } from 'node:module'
    register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
    await import('./both.cjs')
  `,
  'both.cjs': `
    const { registerInstrumentations } = require('@opentelemetry/instrumentation')
    const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici')
    require('./tracing.cjs')
    registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] })
  `,
  'undici.cjs': `
    const { registerInstrumentations } = require('@opentelemetry/instrumentation')
    const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici')
    const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node')
    const exporter = new InMemorySpanExporter()
    const tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    tracerProvider.register()
    registerInstrumentations({ tracerProvider, instrumentations: [new UndiciInstrumentation()] })
    globalThis.finishedSpans = () => exporter.getFinishedSpans()
  `,
  // A call of an API for a caller, and the traceparents with which it got there.
  'call.mjs': `
    import { once } from 'node:events'
    import http from 'node:http'
    import { clientSecret, createWebApi } from 'midtier'
    import { createEmulator } from '@midtier/emulator'

    const received = []
    const todolist = http.createServer(({ rawHeaders }, response) => {
      received.push(rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1].toLowerCase() === 'traceparent'))
      response.end('{}')
    })
    todolist.listen(0, '127.0.0.1')
    await once(todolist, 'listening')
    const baseUrl = 'http://127.0.0.1:' + todolist.address().port + '/'
    const emulator = await createEmulator()
    const api = createWebApi({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
      instance: emulator.origin,
      downstreamApis: { todolist: { baseUrl, scopes: ['User.Read'] } },
    })
    const token = await emulator.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: 'a0000000-0000-4000-8000-000000000001',
      audience: 'a0000000-0000-4000-8000-000000000002',
      scopes: ['access_as_user'],
    })
    const headers = { authorization: 'Bearer ' + token, traceparent: '00-${'a'.repeat(32)}-${'b'.repeat(16)}-01' }
    const caller = await api.authenticate({ method: 'GET', url: '/', header: (name) => headers[name] })
    await caller.downstream('todolist').getJson('todos')
    await (await caller.fetch('todolist')('todos')).text()
    const finished = () =>
      (globalThis.finishedSpans?.() ?? []).filter(({ attributes }) => attributes['url.full'].startsWith(baseUrl))
    // A span may end a moment after its answer was read.
    const isTraced = globalThis.finishedSpans !== undefined
    for (const end = Date.now() + 20_000; isTraced && Date.now() < end && finished().length < received.length; )
      await new Promise((resolve) => setTimeout(resolve, 5))
    const called = finished()
    const traceparents = called.map((span) => {
      const { traceId, spanId } = span.spanContext()
      return ['00-' + traceId + '-' + spanId + '-01']
    })
    console.log(JSON.stringify({ received, traceparents }))
    process.exit()
  `,
  // The same for a caller of an API that is followed: the names of spans, each with that above it, and the metrics.
  'followed.mjs': `
    import { metrics, trace } from '@opentelemetry/api'
    import {
      AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader,
    } from '@opentelemetry/sdk-metrics'
    import { clientSecret, createWebApi } from 'midtier'
    import { openTelemetry } from 'midtier/opentelemetry'
    import { createEmulator } from '@midtier/emulator'

    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 86_400_000 })
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
    const emulator = await createEmulator()
    const api = createWebApi({
      ...emulator.registration('To Do list middle tier'),
      downstreamApis: { graph: { baseUrl: emulator.origin + '/v1.0/', scopes: ['User.Read'] } },
      telemetry: openTelemetry(),
    })
    const token = await emulator.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: 'a0000000-0000-4000-8000-000000000001',
      audience: 'a0000000-0000-4000-8000-000000000002',
      scopes: ['access_as_user'],
    })
    await trace.getTracer('front').startActiveSpan('front', async (front) => {
      const header = (name) => (name === 'authorization' ? 'Bearer ' + token : undefined)
      const caller = await api.authenticate({ method: 'GET', url: '/', header })
      await caller.downstream('graph').getJson('me')
      front.end()
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    await reader.forceFlush()
    const spans = globalThis.finishedSpans()
    const nameOf = (id) => spans.find((span) => span.spanContext().spanId === id)?.name
    const tree = spans.map((span) => nameOf(span.parentSpanContext?.spanId) + ' > ' + span.name)
    const measured = exporter.getMetrics().at(-1).scopeMetrics.flatMap((each) => each.metrics)
    console.log(JSON.stringify({ tree: [...new Set(tree)], metrics: measured.map((each) => each.descriptor.name).sort() }))
    process.exit()
  `,
  // A front that needs a token, the authority, and what was traced of both.
  'index.mjs': `
    import { once } from 'node:events'
    import { createRequire } from 'node:module'
    import { clientSecret, createWebApi } from 'midtier'
    import { createEmulator } from '@midtier/emulator'
    // As Express does it: the hook for require sees what is required.
    const http = createRequire(import.meta.url)('node:http')

    const secret = 'middle-tier-secret-for-local-use-only'
    const emulator = await createEmulator()
    const api = createWebApi({
      tenantId: 'c0000000-0000-4000-8000-000000000001',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      clientCredential: clientSecret(secret),
      instance: emulator.origin,
    })
    const scopes = ['api://a0000000-0000-4000-8000-000000000003/.default']
    let token = ''
    const front = http.createServer(async (request, response) => {
      await api.warmUp()
      token = (await api.acquireTokenForClient({ scopes })).accessToken
      response.end('acquired')
    })
    front.listen(0, '127.0.0.1')
    await once(front, 'listening')
    const [answer] = await once(http.get({ port: front.address().port, path: '/front' }), 'response')
    answer.resume()
    await once(answer, 'end')
    const isFront = ({ kind, attributes }) => kind === 1 && JSON.stringify(attributes).includes('/front')
    // The span of a server ends when its answer has left, which may be after the client has it.
    for (const end = Date.now() + 20_000; Date.now() < end && !globalThis.finishedSpans().some(isFront); )
      await new Promise((resolve) => setTimeout(resolve, 5))
    const spans = globalThis.finishedSpans()
    const fronts = spans.filter(isFront)
    const asked = spans.filter(({ kind, attributes }) => kind === 2 && JSON.stringify(attributes).includes(emulator.origin))
    const told = JSON.stringify(spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]))
    const isBelow = (span) => fronts.some((front) =>
      front.spanContext().spanId === (span.parentSpanContext?.spanId ?? span.parentSpanId))
    const nameOf = ({ attributes }) => (attributes['url.full'] ?? attributes['http.url']).split('/').at(-1)
    console.log(JSON.stringify({
      acquired: token.length > 100,
      asked: [...new Set(asked.filter(isBelow).map(nameOf))].sort(),
      orphans: asked.filter((span) => (span.parentSpanContext?.spanId ?? span.parentSpanId) === undefined).map(nameOf),
      secrets: [secret, token, 'client_secret'].filter((each) => told.includes(each)),
    }))
    process.exit()
  `,
}

/** Where both hooks are at work a request may be traced twice, once inside the other. */
const everyExchange = {
  acquired: true,
  asked: ['keys', 'openid-configuration', 'token'],
  orphans: [],
  secrets: [],
}

const project = (dependencies: Readonly<Record<string, string>>): Consumer =>
  consumer({ dependencies, files })

const trace = (made: Consumer, ...args: readonly string[]): Promise<unknown> =>
  told(made, ...args, 'index.mjs')

async function told(made: Consumer, ...args: readonly string[]): Promise<unknown> {
  const told = await made.run('node', args, { APPLICATION_INSIGHTS_NO_STATSBEAT: 'true' })
  return JSON.parse(told.trim().split('\n').at(-1) ?? '')
}

describe('an exchange with an authority is traced', () => {
  test('by @opentelemetry/instrumentation-http and its hook for require', async () => {
    expect(await trace(project(openTelemetry), '--require', './tracing.cjs')).toEqual(everyExchange)
  })

  test('by @opentelemetry/instrumentation-http and its hook for ES modules', async () => {
    expect(await trace(project(openTelemetry), '--import', './tracing.mjs')).toEqual(everyExchange)
  })

  test('by @azure/monitor-opentelemetry, as it is', async () => {
    expect(await trace(project(azureMonitor), '--require', './monitor.cjs')).toEqual(everyExchange)
  })

  test('by @azure/monitor-opentelemetry and its loader for ES modules', async () => {
    const loader = ['--import', '@azure/monitor-opentelemetry/loader', '--require', './monitor.cjs']
    expect(await trace(project(azureMonitor), ...loader)).toEqual(everyExchange)
  })
})

describe('an API that is followed', () => {
  test('has spans of its own between the request and what it sends', async () => {
    const followed = await told(project(openTelemetry), '--import', './both.mjs', 'followed.mjs')
    const { tree, metrics } = followed as Readonly<Record<'tree' | 'metrics', readonly string[]>>
    expect(tree).toEqual(
      expect.arrayContaining([
        'front > midtier.validate',
        'midtier.validate > GET',
        'front > midtier.acquire',
        'midtier.acquire > midtier.exchange',
        'midtier.exchange > POST',
        'front > midtier.downstream',
        'midtier.downstream > GET',
      ]),
    )
    expect(metrics).toEqual([
      'midtier.acquisition.duration',
      'midtier.downstream.duration',
      'midtier.exchange.duration',
      'midtier.keys.fetches',
      'midtier.token.remaining_lifetime',
      'midtier.validation.duration',
    ])
  })
})

interface Called {
  /** The traceparents of each request. */
  readonly received: readonly (readonly string[])[]
  /** Those of the spans that were finished. */
  readonly traceparents: readonly (readonly string[])[]
}

describe('a downstream request has one traceparent', () => {
  test('that of its span, under @opentelemetry/instrumentation-undici', async () => {
    const made = project(openTelemetry)
    const { received, traceparents } = (await told(made, '--require', './undici.cjs', 'call.mjs')) as Called
    expect(received).toHaveLength(2)
    expect(received).toEqual(traceparents)
  })

  test('ours, in the trace of the request, without any', async () => {
    const { received } = (await told(project(openTelemetry), 'call.mjs')) as Called
    const ours = [expect.stringMatching(/^00-a{32}-[0-9a-f]{16}-01$/)]
    expect(received).toEqual([ours, ours])
  })
})
