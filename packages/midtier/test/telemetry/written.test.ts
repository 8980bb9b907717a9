// What telemetry makes of each kind of event, written down: the instruments, the metrics, and the attributes of the span that is open.
import type { Meter, MeterProvider, Span, Tracer, TracerProvider } from '@opentelemetry/api'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AcquisitionError, BearerError } from '../../src/index.ts'
import type { ObservedEvent, ObserverEvent } from '../../src/kernel/observer.ts'
import { openTelemetry, type SpanName } from '../../src/telemetry/opentelemetry.ts'
import { expectWritten } from '../written.ts'

// Its context manager knows which span is open.
const contexts = new NodeTracerProvider()
beforeAll(() => {
  contexts.register()
})
afterAll(() => contexts.shutdown())

/** Providers that note what they are told. */
function noting(): { lines: string[]; tracerProvider: TracerProvider; meterProvider: MeterProvider } {
  const lines: string[] = []
  const note = (...parts: readonly unknown[]): void =>
    void lines.push(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '))
  const instrument = (kind: string) => (name: string, options: object) => {
    note(kind, name, options)
    const measure = (value: number, attributes: object): void => {
      note(name, String(value), attributes)
    }
    return { add: measure, record: measure }
  }
  const tracer = {
    startSpan: (name: string, options: object = {}): Span => {
      note('begin', name, options)
      const span = {
        setAttribute: (key: string, value: unknown) => (note(name, { [key]: value }), span),
        setAttributes: (attributes: object) => (note(name, attributes), span),
        setStatus: (status: object) => (note(name, 'status', status), span),
        addEvent: (event: string, attributes: object) => (note(name, 'event', event, attributes), span),
        end: () => {
          note('end', name)
        },
      }
      return span as unknown as Span
    },
  }
  return {
    lines,
    tracerProvider: { getTracer: (name) => (note('tracer', name), tracer as unknown as Tracer) },
    meterProvider: {
      getMeter: (name) => {
        note('meter', name)
        const meter = { createCounter: instrument('counter'), createHistogram: instrument('histogram') }
        return meter as unknown as Meter
      },
    },
  }
}

const agent = { id: 'agent', blueprintId: undefined, kind: 'byItself' } as const
const acquired = {
  type: 'token_acquired',
  grant: 'on_behalf_of',
  scopes: ['User.Read'],
  accountId: 'a.b',
  agentId: undefined,
  correlationId: 'correlation',
  expiresAtMs: 3_600_000,
  durationMs: 250,
} as const
const requested = {
  type: 'token_requested',
  grant: 'client_credentials',
  agentId: undefined,
  tenantId: 'tenant',
  scopes: [],
  correlationId: 'correlation',
  durationMs: 1,
} as const
const called = {
  type: 'downstream_called',
  api: 'graph',
  path: 'me',
  durationMs: 40,
  token: 'app',
  attempt: 2,
} as const

const wireErrors =
  'invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope invalid_resource invalid_target interaction_required login_required consent_required access_denied temporarily_unavailable server_error authorization_pending slow_down expired_token use_dpop_nonce authority_unavailable'

const events: readonly ObserverEvent[] = [
  { type: 'token_validated', kind: 'user', agent: undefined, claims: {}, fromCache: false, durationMs: 2 },
  { type: 'token_validated', kind: 'app', agent, claims: {}, fromCache: true, durationMs: 0 },
  { type: 'token_refused', status: 401, error: undefined, reason: 'token_missing' },
  { type: 'token_refused', status: 403, error: 'insufficient_scope', reason: 'scopes' },
  { type: 'authentication_failed', code: 'authority_unavailable', reason: undefined },
  { type: 'authentication_failed', code: 'token_store_failed', reason: 'silent' },
  { ...acquired, origin: 'l1', reason: undefined },
  { ...acquired, origin: 'authority', reason: 'claims', agentId: 'agent' },
  {
    ...{ type: 'acquisition_failed', grant: 'user_fic', agentId: undefined, scopes: [], remedy: undefined },
    ...{ code: 'interaction_required', reason: 'blocked', errorNumbers: [50057, 1], renewal: false },
  } as const,
  {
    ...{ type: 'acquisition_failed', grant: 'refresh_token', agentId: undefined, scopes: [], remedy: 'x' },
    ...{ code: 'authority_unavailable', reason: undefined, errorNumbers: [], renewal: true },
  } as const,
  { ...requested, status: 200, error: undefined, errorNumbers: [] },
  { ...requested, status: undefined, error: 'ETIMEDOUT', errorNumbers: [] },
  ...wireErrors.split(' ').map((error) => ({ ...requested, status: 400, error, errorNumbers: [7] })),
  { type: 'authority_paused', tenantId: 'tenant', whom: 'caller', reason: 'throttled', pauseMs: 1 },
  { type: 'authority_recovered', tenantId: 'tenant' },
  {
    ...{ type: 'operation_failed', operation: 'relay', code: 'downstream_failed' },
    ...{ reason: undefined, api: 'graph', downstreamStatus: 500 },
  } as const,
  ...'CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE get BREW'
    .split(' ')
    .map((method) => ({ ...called, method, status: 200 })),
  { ...called, method: 'GET', status: 399 },
  { ...called, method: 'GET', status: 400 },
  { ...called, method: 'GET', status: undefined },
  { type: 'downstream_retried', api: 'graph', method: 'GET', path: 'me', status: 429, waitMs: 1 },
  { type: 'downstream_redirected', api: 'graph', host: 'x', status: 200, durationMs: 1 },
  { type: 'downstream_challenged', api: 'graph', path: 'me', claims: ['acrs'], next: 'relay' },
  { type: 'keys_refreshed', authority: 'a', kids: ['k'] },
  { type: 'keys_failed', authority: 'a', reason: 'unavailable', message: 'm', remedy: undefined },
  { type: 'clock_differs', authority: 'a', differenceMs: 600_000, reason: 'expired' },
  { type: 'store_failed', operation: 'get', message: 'm' },
]
const observed = (event: ObserverEvent): ObservedEvent => ({ ...event, atMs: 600_000, traceId: undefined })

it('metrics are as they are written', async () => {
  const { lines, meterProvider } = noting()
  const { observe } = openTelemetry({ meterProvider })
  expect(lines).toEqual([])
  for (const event of events) observe(observed(event))
  await expectWritten(lines, new URL('written/metrics.txt', import.meta.url))
})

it('spans are as they are written', async () => {
  const { lines, tracerProvider } = noting()
  const { observe, within } = openTelemetry({ tracerProvider })
  const names: readonly SpanName[] = ['validate', 'acquire', 'exchange', 'downstream']
  for (const event of events) {
    lines.push('', JSON.stringify(event))
    observe(observed(event)) // where no span is open
    for (const name of names)
      within(name, () => {
        observe(observed(event))
      })
  }
  // A span that was told nothing is as every other.
  const isBare = (index: number): boolean => {
    const [line = '', next = ''] = lines.slice(index)
    return line.startsWith('begin ') && next === `end ${line.split(' ')[1] ?? ''}` && line.endsWith(' {}')
  }
  const told = lines.filter((_, index) => !isBare(index) && !(index > 0 && isBare(index - 1)))
  await expectWritten(told, new URL('written/spans.txt', import.meta.url))
})

it('spans of work that fails are as they are written', async () => {
  const { lines, tracerProvider } = noting()
  const { within } = openTelemetry({ tracerProvider })
  const odd = Object.assign(new Error('secret'), { name: 'secret Error' })
  const long = Object.assign(new Error('x'), { name: `A${'b'.repeat(30)}Error` })
  const longer = Object.assign(new Error('x'), { name: `A${'b'.repeat(31)}Error` })
  const refused = new BearerError({
    status: 401,
    error: 'invalid_token',
    reason: 'expired',
    description: 'd',
  })
  const ours = new AcquisitionError('app_only_caller', 'needs a user')
  const errors: readonly unknown[] = [
    new TypeError('secret'),
    odd,
    long,
    longer,
    'text',
    undefined,
    refused,
    ours,
  ]
  for (const error of errors) {
    lines.push('', String(error))
    const fail = (): never => {
      throw error as Error
    }
    expect(() => within('acquire', fail)).toThrow()
    const rejection = within('exchange', () => Promise.reject(error as Error))
    expect(await rejection.catch((reason: unknown) => reason)).toBe(error)
  }
  lines.push('', 'none')
  expect(within('validate', () => 7)).toBe(7)
  expect(await within('downstream', () => Promise.resolve(8))).toBe(8)
  await expectWritten(lines, new URL('written/failed-spans.txt', import.meta.url))
})
