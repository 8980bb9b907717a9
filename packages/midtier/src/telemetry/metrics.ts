// Metrics: how often, how long, from where and why not. Durations in seconds, as OpenTelemetry has them.
import {
  metrics,
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type MeterProvider,
} from '@opentelemetry/api'
import type { ObservedEvent } from '../kernel/observer.ts'
import { attributesOf, given } from './attributes.ts'

/** A row of what is measured: kind, name, unit, what it says. */
type Row = readonly [kind: 'histogram' | 'counter', name: string, unit: string, says: string]

const rows = {
  validation: ['histogram', 'midtier.validation.duration', 's', 'Duration of letting a caller in'],
  refusal: [
    'counter',
    'midtier.refusals',
    '{request}',
    'Callers that were refused, by the check that refused',
  ],
  failure: [
    'counter',
    'midtier.validation.failures',
    '{request}',
    'Tokens that could be neither accepted nor refused',
  ],
  acquisition: [
    'histogram',
    'midtier.acquisition.duration',
    's',
    'Duration of acquiring a token, by where it came from',
  ],
  lifetime: [
    'histogram',
    'midtier.token.remaining_lifetime',
    's',
    'Lifetime that an acquired token had left',
  ],
  acquisitionFailure: [
    'counter',
    'midtier.acquisition.failures',
    '{token}',
    'Tokens that could not be acquired',
  ],
  exchange: ['histogram', 'midtier.exchange.duration', 's', 'Duration of one request to a token endpoint'],
  downstream: [
    'histogram',
    'midtier.downstream.duration',
    's',
    'Duration of one request to a downstream API, until its headers',
  ],
  retry: [
    'counter',
    'midtier.downstream.retries',
    '{request}',
    'Requests that a downstream API asked to be sent again',
  ],
  challenge: [
    'counter',
    'midtier.downstream.challenges',
    '{challenge}',
    'Claims challenges of downstream APIs, by what became of them',
  ],
  operationFailure: [
    'counter',
    'midtier.operation.failures',
    '{operation}',
    'Errors that were thrown at the application',
  ],
  pause: ['counter', 'midtier.authority.pauses', '{pause}', 'Times that a token endpoint is left alone'],
  keys: ['counter', 'midtier.keys.fetches', '{fetch}', 'Fetches of signing keys, by how they ended'],
  clock: [
    'counter',
    'midtier.clock.differences',
    '{issuer}',
    'Times that the clocks of this machine and an authority were found to differ',
  ],
  store: ['counter', 'midtier.store.failures', '{operation}', 'Operations of the shared store that failed'],
} as const satisfies Record<string, Row>

/** What is measured. */
export const instruments: readonly Row[] = Object.values(rows)

/** Bounds of buckets, in seconds: from a token at hand to a time limit; lifetimes from a minute to a day. */
const durationBounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const lifetimeBounds = [60, 300, 600, 1200, 1800, 2700, 3600, 5400, 7200, 14_400, 28_800, 86_400]

type Instruments = {
  readonly [Name in keyof typeof rows]: (typeof rows)[Name][0] extends 'histogram' ? Histogram : Counter
}

/** Metrics by the meter of this provider, which is asked for one when the first event comes. */
export function createMetrics(provider: MeterProvider | undefined): {
  readonly observe: (event: ObservedEvent) => void
} {
  let made: Instruments | undefined
  return {
    observe: (event) => {
      made ??= makeInstruments((provider ?? metrics).getMeter('midtier'))
      measure(made, event)
    },
  }
}

function makeInstruments(meter: Meter): Instruments {
  const entries = Object.entries(rows).map(([name, [kind, metric, unit, description]]) => {
    if (kind === 'counter') return [name, meter.createCounter(metric, { unit, description })]
    const bounds = name === 'lifetime' ? lifetimeBounds : durationBounds
    const advice = { explicitBucketBoundaries: bounds }
    return [name, meter.createHistogram(metric, { unit, description, advice })]
  })
  return Object.fromEntries(entries) as Instruments
}

function measure(made: Instruments, event: ObservedEvent): void {
  switch (event.type) {
    case 'token_validated':
      return made.validation.record(event.durationMs / 1000, attributesOf.token_validated(event))
    case 'token_refused':
      return made.refusal.add(1, attributesOf.token_refused(event))
    case 'authentication_failed':
      return made.failure.add(1, attributesOf.authentication_failed(event))
    case 'token_acquired':
      made.acquisition.record(event.durationMs / 1000, attributesOf.token_acquired(event))
      return made.lifetime.record((event.expiresAtMs - event.atMs) / 1000, { 'midtier.origin': event.origin })
    case 'acquisition_failed':
      return made.acquisitionFailure.add(1, attributesOf.acquisition_failed(event))
    case 'token_requested':
      return made.exchange.record(event.durationMs / 1000, attributesOf.token_requested(event))
    case 'downstream_called':
      return made.downstream.record(event.durationMs / 1000, attributesOf.downstream_called(event))
    default:
      count(made, event)
  }
}

/** What has no duration. */
function count(made: Instruments, event: ObservedEvent): void {
  const add = (counter: Counter, attributes: Attributes): void => {
    counter.add(1, given(attributes))
  }
  switch (event.type) {
    case 'downstream_retried':
      return add(made.retry, { 'midtier.api': event.api, 'http.response.status_code': event.status })
    case 'downstream_challenged':
      return add(made.challenge, { 'midtier.api': event.api, 'midtier.next': event.next })
    case 'operation_failed':
      return add(made.operationFailure, {
        'midtier.operation': event.operation,
        'error.type': event.code,
        'midtier.reason': event.reason,
        'midtier.api': event.api,
      })
    case 'authority_paused':
      return add(made.pause, { 'midtier.whom': event.whom, 'midtier.reason': event.reason })
    case 'keys_refreshed':
      return add(made.keys, { 'midtier.outcome': 'refreshed' })
    case 'keys_failed':
      return add(made.keys, { 'midtier.outcome': 'failed', 'midtier.reason': event.reason })
    case 'clock_differs':
      return add(made.clock, { 'midtier.reason': event.reason })
    case 'store_failed':
      return add(made.store, { 'midtier.operation': event.operation })
    default:
  }
}
