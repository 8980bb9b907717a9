// What it costs to be followed: the warm path without telemetry, with it while no SDK runs, and with OpenTelemetry's SDK, beside what the
// SDK takes by itself for as many spans and measurements.
import { context, createContextKey, metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { openTelemetry } from 'midtier/opentelemetry'
import { createMidtier, midtierUser } from './acquire-contenders.mjs'
import { createUsers } from './acquire-tokens.mjs'
import { median } from './rounds.mjs'
import { listAims } from './report.mjs'

const callsInTurn = 10_000
const usersInTurn = 64

/** Drops what it is handed: what an exporter costs is its own. */
const nowhere = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} }

export async function measure({ rounds, progress = () => {} }) {
  const users = createUsers()
  const header = Array.from({ length: usersInTurn }, (_, index) => {
    const field = `Bearer ${users.assertion(index)}`
    return (name) => (name === 'authorization' ? field : undefined)
  })
  const serve = (api) => async (index) => {
    const caller = await api.authenticate({ method: 'GET', url: '/', header: header[index % usersInTurn] })
    return caller.acquireToken(midtierUser)
  }
  const sdk = startSdk()
  const contenders = {
    off: serve(createMidtier(users.jwks)),
    idle: serve(createMidtier(users.jwks, { more: { telemetry: openTelemetry() } })),
    on: serve(createMidtier(users.jwks, { more: { telemetry: openTelemetry(sdk) } })),
    sdk: byItself(sdk),
  }
  for (const call of Object.values(contenders))
    for (let index = 0; index < 3 * usersInTurn; index += 1) await call(index)
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1}`)
    for (const [name, call] of Object.entries(contenders)) times[name].push(await spent(call))
  }
  const own = median(times.on.map((us, round) => us - times.off[round] - times.sdk[round]))
  const micros = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]))
  return {
    micros,
    own,
    promises: [
      {
        what: 'µs of its own for each request, with the SDK at work',
        most: 3,
        measured: own,
        kept: own <= 3,
      },
    ],
  }
}

function startSdk() {
  const tracerProvider = new NodeTracerProvider({ spanProcessors: [nowhere] })
  tracerProvider.register() // the contexts are global, whichever the provider
  trace.disable()
  metrics.disable()
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 86_400_000 })
  return { tracerProvider, meterProvider: new MeterProvider({ readers: [reader] }) }
}

/** The spans and measurements of one warm request, made by the SDK alone: one span around a promise, one without extent, three histograms. */
function byItself({ tracerProvider, meterProvider }) {
  const tracer = tracerProvider.getTracer('by-itself')
  const meter = meterProvider.getMeter('by-itself')
  const [validation, acquisition, lifetime] = ['a', 'b', 'c'].map((name) =>
    meter.createHistogram(name, { unit: 's' }),
  )
  const key = createContextKey('by-itself')
  return async () => {
    const span = tracer.startSpan('midtier.validate')
    await context.with(trace.setSpan(context.active().setValue(key, span), span), async () => {
      span.setAttributes({ 'midtier.caller': 'user', 'midtier.cached': true })
      validation.record(0.00001, { 'midtier.caller': 'user', 'midtier.cached': true })
    })
    span.end()
    const attributes = { 'midtier.grant': 'on_behalf_of', 'midtier.origin': 'l1', 'midtier.for_agent': false }
    tracer
      .startSpan('midtier.acquire', { attributes: { ...attributes, 'midtier.client_request_id': 'x' } })
      .end()
    acquisition.record(0, attributes)
    lifetime.record(3000, { 'midtier.origin': 'l1' })
  }
}

async function spent(call) {
  const start = process.cpuUsage()
  for (let index = 0; index < callsInTurn; index += 1) await call(index)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / callsInTurn
}

export function render(facts, { micros, own, promises }) {
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. ${usersInTurn} users in turn, tokens at hand; turns of ${callsInTurn} calls of each contender, one`,
    'after the other; microseconds of processor time a call with all collections, medians.',
    '',
    '| header to downstream token | µs |',
    '|---|---:|',
    `| without telemetry | ${micros.off.toFixed(2)} |`,
    `| with \`openTelemetry()\`, no SDK running | ${micros.idle.toFixed(2)} |`,
    `| with \`openTelemetry()\` and the SDK: two spans, three measurements | ${micros.on.toFixed(2)} |`,
    `| the SDK by itself, for as many | ${micros.sdk.toFixed(2)} |`,
    `| ours: with the SDK, less the first and the last | ${own.toFixed(2)} |`,
    '',
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
