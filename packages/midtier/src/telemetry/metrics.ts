// Metrics: how often, how long, from where and why not. Durations in seconds, as OpenTelemetry has them.
import {
  metrics,
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type MeterProvider,
} from '@opentelemetry/api'
import type { Observer } from '../kernel/observer.ts'
import { attributesOf, given } from './attributes.ts'
import { byType, type ByType } from './by-type.ts'

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
  readonly observe: Observer
} {
  let observe: Observer | undefined
  return {
    observe: (event) => {
      observe ??= byType(measures(makeInstruments((provider ?? metrics).getMeter('midtier'))))
      observe(event)
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

/** How each kind of event is measured. */
function measures(made: Instruments): ByType {
  const count =
    <Event>(counter: Counter, attributes: (event: Event) => Attributes) =>
    (event: Event): void => {
      counter.add(1, given(attributes(event)))
    }
  const time =
    <Event extends { readonly durationMs: number }>(
      histogram: Histogram,
      attributes: (event: Event) => Attributes,
    ) =>
    (event: Event): void => {
      histogram.record(event.durationMs / 1000, attributes(event))
    }
  const acquisition = time(made.acquisition, attributesOf.token_acquired)
  return {
    token_validated: time(made.validation, attributesOf.token_validated),
    token_refused: count(made.refusal, attributesOf.token_refused),
    authentication_failed: count(made.failure, attributesOf.authentication_failed),
    token_acquired: (event) => {
      acquisition(event)
      made.lifetime.record((event.expiresAtMs - event.atMs) / 1000, { 'midtier.origin': event.origin })
    },
    acquisition_failed: count(made.acquisitionFailure, attributesOf.acquisition_failed),
    token_requested: time(made.exchange, attributesOf.token_requested),
    downstream_called: time(made.downstream, attributesOf.downstream_called),
    ...countsOf(made, count),
  }
}

type Counting = <Event>(counter: Counter, attributes: (event: Event) => Attributes) => (event: Event) => void

/** What has no duration. */
function countsOf(made: Instruments, count: Counting): ByType {
  return {
    downstream_retried: count(made.retry, ({ api, status }) => ({
      'midtier.api': api,
      'http.response.status_code': status,
    })),
    downstream_challenged: count(made.challenge, ({ api, next }) => ({
      'midtier.api': api,
      'midtier.next': next,
    })),
    operation_failed: count(made.operationFailure, ({ operation, code, reason, api }) => ({
      'midtier.operation': operation,
      'error.type': code,
      'midtier.reason': reason,
      'midtier.api': api,
    })),
    authority_paused: count(made.pause, ({ whom, reason }) => ({
      'midtier.whom': whom,
      'midtier.reason': reason,
    })),
    keys_refreshed: count(made.keys, () => ({ 'midtier.outcome': 'refreshed' })),
    keys_failed: count(made.keys, ({ reason }) => ({
      'midtier.outcome': 'failed',
      'midtier.reason': reason,
    })),
    clock_differs: count(made.clock, ({ reason }) => ({ 'midtier.reason': reason })),
    store_failed: count(made.store, ({ operation }) => ({ 'midtier.operation': operation })),
  }
}
