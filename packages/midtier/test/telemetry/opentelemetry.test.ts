// What OpenTelemetry's SDK is given of real requests: spans that nest, metrics that count, and nothing about a person.
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWebApi, type ObservedEvent, type WebApi } from '../../src/index.ts'
import { ids, middleTierOptions, startScenario, type Scenario } from '../behaviour/scenario.ts'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { openTelemetry, type Telemetry } from '../../src/telemetry/opentelemetry.ts'
import { createRecorder, type Recorder } from './recorder.ts'

let recorder: Recorder
let scenario: Scenario
let api: WebApi
const events: ObservedEvent[] = []
let failing = false

/** As instrumentation of `fetch` does it: a client span for each request. */
const tracedFetch: typeof fetch = async (input, init) => {
  const span = trace.getTracer('test').startSpan('client')
  try {
    if (failing) throw new TypeError('fetch failed')
    return await fetch(input, init)
  } finally {
    span.end()
  }
}

beforeAll(async () => {
  recorder = createRecorder()
  scenario = await startScenario()
  api = createWebApi({
    ...middleTierOptions(scenario.emulator, scenario.url),
    telemetry: recorder.telemetry,
    observer: (event) => {
      events.push(event)
      throw new Error('a mistake of the owner')
    },
    logger: false,
    fetch: tracedFetch,
  })
})
afterAll(() => scenario.stop())
beforeEach(() => {
  recorder.reset()
  events.length = 0
  failing = false
})

async function serve(token: string | undefined, use: 'me' | 'nothing' = 'me'): Promise<void> {
  const header = (name: string): string | undefined =>
    name === 'authorization' && token !== undefined ? `Bearer ${token}` : undefined
  const caller = await api.authenticate({ header, method: 'GET', url: '/' })
  if (use === 'me') await caller.downstream('graph').getJson('me')
}

it('a clock that differs is counted by what was refused for it', async () => {
  const authority = 'https://login.microsoftonline.com/contoso/v2.0'
  for (const reason of ['expired', 'expired', 'not_yet_valid'])
    recorder.telemetry.observe({ type: 'clock_differs', authority, differenceMs: 600_000, reason } as never)
  expect(await recorder.counted('midtier.clock.differences')).toEqual([
    [{ 'midtier.reason': 'expired' }, 2],
    [{ 'midtier.reason': 'not_yet_valid' }, 1],
  ])
})

describe('the spans of a request', () => {
  it('nest: the requests that are sent lie below the work that needs them', async () => {
    await recorder.request(async () => serve(await scenario.token()))
    const tree = recorder.spans().map((span) => [recorder.above(span), span.name])
    expect(tree).toEqual(
      expect.arrayContaining([
        ['GET /', 'midtier.validate'],
        ['midtier.validate', 'client'], // the keys
        ['GET /', 'midtier.acquire'],
        ['midtier.acquire', 'midtier.exchange'],
        ['midtier.exchange', 'client'],
        ['GET /', 'midtier.downstream'],
        ['midtier.downstream', 'client'],
      ]),
    )
    expect(recorder.spans().filter(({ name }) => name.startsWith('midtier.'))).toHaveLength(4)
  })

  it('say what happened: who called, by which level of the cache, by which exchange', async () => {
    const token = await scenario.token('bob@contoso.onmicrosoft.com')
    await recorder.request(() => serve(token))
    await recorder.request(() => serve(token))
    const requested = events.find((event) => event.type === 'token_requested')
    expect(recorder.named('midtier.validate').map(({ attributes }) => attributes)).toEqual([
      { 'midtier.caller': 'user', 'midtier.cached': false },
      { 'midtier.caller': 'user', 'midtier.cached': false },
    ])
    expect(recorder.named('midtier.acquire').map(({ attributes }) => attributes)).toMatchObject([
      {
        'midtier.grant': 'on_behalf_of',
        'midtier.origin': 'authority',
        'midtier.reason': 'not_cached',
        'midtier.client_request_id': requested?.correlationId,
      },
      { 'midtier.origin': 'l1', 'midtier.client_request_id': requested?.correlationId },
    ])
    expect(recorder.named('midtier.exchange').map(({ attributes }) => attributes)).toEqual([
      {
        'midtier.grant': 'on_behalf_of',
        'http.response.status_code': 200,
        'midtier.client_request_id': requested?.correlationId,
        'midtier.tenant': ids.contoso,
      },
    ])
    expect(recorder.named('midtier.downstream')[0]?.attributes).toEqual({
      'midtier.api': 'graph',
      'midtier.token': 'onBehalfOf',
      'midtier.attempt': 1,
      'http.request.method': 'GET',
      'http.response.status_code': 200,
    })
  })

  it('name why a caller was refused, which is no error of this API', async () => {
    const stale = await scenario.token(undefined, { lifetimeSeconds: -3600 })
    await expect(recorder.request(() => serve(stale))).rejects.toThrow()
    await expect(recorder.request(() => serve(undefined))).rejects.toThrow()
    const spans = recorder.named('midtier.validate')
    expect(spans.map(({ attributes }) => attributes)).toEqual([
      { 'error.type': 'invalid_token', 'midtier.reason': 'expired', 'http.response.status_code': 401 },
      { 'error.type': 'no_token', 'midtier.reason': 'token_missing', 'http.response.status_code': 401 },
    ])
    expect(spans.map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET])
  })

  it('name what a person has to do, which is none either, and a failure, which is one', async () => {
    const token = await scenario.token()
    scenario.emulator.faults.add({ when: { endpoint: 'token', times: 1 }, then: { aadsts: 50076 } })
    await expect(recorder.request(() => askAnew(token))).rejects.toThrow()
    failing = true
    await expect(recorder.request(() => askAnew(token))).rejects.toThrow()
    const [refused, failed] = recorder.named('midtier.acquire')
    expect(refused?.attributes).toMatchObject({
      'error.type': 'interaction_required',
      'midtier.aadsts': [50076],
    })
    expect(refused?.status.code).toBe(SpanStatusCode.UNSET)
    expect(failed?.attributes).toMatchObject({ 'error.type': 'authority_unavailable' })
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR })
  })

  it('are found by the trace id of events, which is that of the active span', async () => {
    const token = await scenario.token()
    await recorder.request(() => serve(token))
    const { traceId } = recorder.named('GET /')[0]!.spanContext()
    expect(new Set(events.map((event) => event.traceId))).toEqual(new Set([traceId]))
    events.length = 0
    await serve(token) // nothing is active: what comes next has a trace id of its own
    expect(events[0]?.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(events[0]?.traceId).not.toBe(traceId)
  })
})

async function askAnew(token: string): Promise<void> {
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  const caller = await api.authenticate({ header, method: 'GET', url: '/' })
  await caller.acquireToken({ scopes: ['User.Read'], forceRefresh: true })
}

describe('metrics', () => {
  it('count callers, tokens by level of the cache, exchanges, calls and refusals', async () => {
    const token = await scenario.token()
    await serve(token)
    const before = await recorder.counted('midtier.acquisition.duration')
    await serve(token)
    await serve(token)
    await serve(token)
    await expect(serve('nonsense')).rejects.toThrow()
    const after = await recorder.counted('midtier.acquisition.duration')
    const ofLevel = (points: typeof after, origin: string): number =>
      points
        .filter(([attributes]) => (attributes as Record<string, unknown>)['midtier.origin'] === origin)
        .reduce((sum, [, count]) => sum + count, 0)
    expect(ofLevel(after, 'l1') - ofLevel(before, 'l1')).toBe(3)
    expect(await recorder.counted('midtier.refusals')).toEqual(
      expect.arrayContaining([
        [
          { 'error.type': 'invalid_token', 'http.response.status_code': 401, 'midtier.reason': 'not_a_jwt' },
          1,
        ],
      ]),
    )
    for (const metric of [
      'midtier.validation.duration',
      'midtier.exchange.duration',
      'midtier.downstream.duration',
      'midtier.token.remaining_lifetime',
      'midtier.acquisition.failures',
      'midtier.operation.failures',
      'midtier.keys.fetches',
    ])
      expect(await recorder.counted(metric), metric).not.toEqual([])
  })
})

describe('telemetry that fails', () => {
  const broken = (): never => {
    throw new Error('a mistake of the SDK')
  }
  it.each<[string, Partial<Telemetry>]>([
    ['throws before the work', { within: broken }],
    ['throws after the work', { within: (_, work) => [work(), broken()] as never }],
    ['forgets the work', { within: () => undefined as never }],
    ['does the work twice', { within: (_, work) => [work(), work()] as never }],
    [
      'gives something else',
      { within: (_, work) => [work(), Promise.reject(new Error('late'))][1] as never },
    ],
    ['throws when it is asked for the trace', { activeTraceId: broken }],
    ['has a trace id that is none', { activeTraceId: () => 'a\r\nb' }],
    ['throws at events', { observe: broken }],
  ])('changes nothing: %s', async (_, part) => {
    const whole = { observe: () => undefined, within: (__: unknown, work: () => unknown) => work() }
    const telemetry = { ...whole, activeTraceId: () => undefined, ...part } as Telemetry
    const seen: ObservedEvent[] = []
    const other = createWebApi({
      ...middleTierOptions(scenario.emulator, scenario.url),
      observer: (event) => seen.push(event),
      telemetry,
    })
    const ask = async (token: string | undefined): Promise<unknown> => {
      const header = (name: string): string | undefined =>
        name === 'authorization' && token !== undefined ? `Bearer ${token}` : undefined
      const caller = await other.authenticate({ header, method: 'GET', url: '/' })
      return caller.downstream('graph').getJson('me')
    }
    expect(await ask(await scenario.token())).toMatchObject({ displayName: 'Alice Adams' })
    await expect(ask(undefined)).rejects.toMatchObject({ status: 401 })
    expect(seen.map(({ type }) => type)).toEqual([
      ...['keys_refreshed', 'token_validated', 'token_requested', 'token_acquired', 'downstream_called'],
      'token_refused',
    ])
    expect(seen.every(({ traceId }) => traceId === undefined || /^[0-9a-f]{32}$/.test(traceId))).toBe(true)
  })

  it.each(['onStart', 'onEnd'])('ends no process: a span processor whose %s throws', async (method) => {
    const processor = { onStart: () => undefined, onEnd: () => undefined, [method]: broken }
    const done = { forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() }
    const tracerProvider = new NodeTracerProvider({ spanProcessors: [{ ...processor, ...done }] })
    const other = createWebApi({
      ...middleTierOptions(scenario.emulator, scenario.url),
      telemetry: openTelemetry({ tracerProvider }),
    })
    const token = await scenario.token()
    const signedIn = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${token}` : undefined
    const caller = await other.authenticate({ header: signedIn, method: 'GET', url: '/' })
    expect(await caller.downstream('graph').getJson('me')).toMatchObject({ displayName: 'Alice Adams' })
    const header = (): undefined => undefined
    await expect(other.authenticate({ header, method: 'GET', url: '/' })).rejects.toMatchObject({
      status: 401,
    })
    await new Promise((resolve) => setImmediate(resolve)) // vitest fails for a rejection that nobody handles
  })
})

it('counts methods that nobody knows as one', async () => {
  const caller = async (method: string): Promise<void> => {
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${token}` : undefined
    const who = await api.authenticate({ header, method: 'GET', url: '/' })
    await (await who.fetch('graph')('me', { method })).body?.cancel()
  }
  const token = await scenario.token()
  for (const method of ['SPY', 'BREW', 'PROPFIND']) await caller(method)
  const methods = (await recorder.counted('midtier.downstream.duration')).map(
    ([attributes]) => (attributes as Record<string, unknown>)['http.request.method'],
  )
  expect(new Set(methods)).toEqual(new Set(['GET', '_OTHER']))
})

it('says nothing of a person and nothing secret, in spans and in metrics', async () => {
  const token = await scenario.token()
  await recorder.request(() => serve(token))
  const everything = await recorder.everything()
  const [, payload = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, string>
  expect(everything.length).toBeGreaterThan(5000)
  for (const word of [
    'alice',
    'Alice',
    'Bearer',
    'eyJ',
    signature,
    claims['oid']!,
    claims['sub']!,
    'middle-tier-secret',
  ])
    expect(everything).not.toContain(word)
})
