// What the sidecar counts of itself, by hand since it is little: requests, tokens, calls and failures, and nothing of a person.
import { STATUS_CODES } from 'node:http'
import type { ObservedEvent } from 'midtier'
import { createCounter, createHistogram, createReading, type Family } from './families.ts'

/** What is counted. */
export interface Metrics {
  /** One request, when its answer is over. `route` is the path in the table of routes, never that of the request. */
  readonly countRequest: (route: string, status: string, seconds: number) => void
  /** An event of the identity layer. */
  readonly observe: (event: ObservedEvent) => void
  /** Everything, as Prometheus reads it. @see https://prometheus.io/docs/instrumenting/exposition_formats */
  readonly write: () => string
}

/** What is read when somebody asks. */
export interface Readings {
  readonly isReady: () => boolean
  readonly underWay: () => number
}

/** Counts from now on. */
export function createMetrics({ isReady, underWay }: Readings): Metrics {
  const requests = createCounter('midtier_sidecar_requests_total', 'Requests answered, by route and status.')
  const durations = createHistogram(
    'midtier_sidecar_request_duration_seconds',
    'From the head of a request to the end of its answer.',
  )
  const events = createEventCounters()
  const families: readonly Family[] = [
    requests,
    durations,
    ...events.families,
    createReading('gauge', 'midtier_sidecar_requests_in_flight', 'Requests under way.', underWay),
    createReading('gauge', 'midtier_sidecar_ready', 'Whether it can serve: 1, or 0.', () =>
      Number(isReady()),
    ),
    createReading('counter', 'process_cpu_seconds_total', 'Processor time spent.', () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    }),
    createReading('gauge', 'process_resident_memory_bytes', 'Resident memory.', () =>
      process.memoryUsage.rss(),
    ),
    createReading(
      'gauge',
      'process_start_time_seconds',
      'Start of the process, since the epoch.',
      () => startedAtSeconds,
    ),
  ]
  return {
    countRequest(route, status, seconds) {
      requests.add({ route, status })
      durations.observe({ route }, seconds)
    },
    observe: events.observe,
    write: () => families.map((family) => family.write()).join(''),
  }
}

/** What an API answers is its own affair: statuses that have no name are one, so that none of them is as many series as there are numbers. */
function statusOf(status: number | undefined): string {
  if (status === undefined) return 'none'
  return STATUS_CODES[status] === undefined ? 'other' : String(status)
}

const startedAtSeconds = performance.timeOrigin / 1000

interface EventCounters {
  readonly families: readonly Family[]
  readonly observe: (event: ObservedEvent) => void
}

function createEventCounters(): EventCounters {
  const validated = createCounter(
    'midtier_sidecar_tokens_validated_total',
    'Tokens of callers that were accepted.',
  )
  const refused = createCounter(
    'midtier_sidecar_tokens_refused_total',
    'Tokens of callers that were refused, by reason.',
  )
  const acquired = createCounter(
    'midtier_sidecar_tokens_acquired_total',
    'Tokens acquired, by grant and origin: l1 is this process, l2 the shared cache, authority an exchange.',
  )
  const failed = createCounter(
    'midtier_sidecar_acquisitions_failed_total',
    'Tokens not acquired, by grant and code.',
  )
  const exchanged = createHistogram(
    'midtier_sidecar_token_request_duration_seconds',
    'Requests to the token endpoint, by grant and status.',
  )
  const called = createHistogram(
    'midtier_sidecar_downstream_duration_seconds',
    'Calls of downstream APIs until their head, by API and status.',
  )
  const paused = createCounter(
    'midtier_sidecar_authority_pauses_total',
    'Times that a token endpoint was left alone.',
  )
  const keys = createCounter(
    'midtier_sidecar_key_failures_total',
    'Failures to fetch signing keys, by reason.',
  )
  const store = createCounter(
    'midtier_sidecar_store_failures_total',
    'Failures of the shared cache, by operation.',
  )
  return {
    families: [validated, refused, acquired, failed, exchanged, called, paused, keys, store],
    observe(event) {
      if (event.type === 'token_validated')
        validated.add({ kind: event.kind, cached: String(event.fromCache) })
      else if (event.type === 'token_refused')
        refused.add({ reason: event.reason, status: String(event.status) })
      else if (event.type === 'token_acquired') acquired.add({ grant: event.grant, origin: event.origin })
      else if (event.type === 'acquisition_failed') failed.add({ grant: event.grant, code: event.code })
      else if (event.type === 'token_requested')
        exchanged.observe({ grant: event.grant, status: statusOf(event.status) }, event.durationMs / 1000)
      else if (event.type === 'downstream_called')
        called.observe({ api: event.api, status: statusOf(event.status) }, event.durationMs / 1000)
      else if (event.type === 'authority_paused') paused.add({ reason: event.reason })
      else if (event.type === 'keys_failed') keys.add({ reason: event.reason })
      else if (event.type === 'store_failed') store.add({ operation: event.operation })
    },
  }
}
