// Follows each request from its start to its record in the request log.
import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { describeRequest } from './describe-request.ts'
import type { Emulation } from '../endpoints/emulation.ts'
import type { EmulatorContext, EmulatorEnv, Exchange } from '../http/exchange.ts'
import type { Endpoint, RequestRecord } from '../kernel/request-log.ts'

const maximumPathLength = 300
const maximumClaimsLength = 16_384

/** Gives a request its exchange, and records it when it has been answered. */
export function observe(emulation: Emulation, endpoint: Endpoint): MiddlewareHandler<EmulatorEnv> {
  return async (c, next) => {
    const started = performance.now()
    const exchange = await beginExchange(c, emulation, endpoint)
    c.set('exchange', exchange)
    await next()
    if (endpoint === 'emulator') return
    const durationMs = Math.round((performance.now() - started) * 10) / 10
    const isCut = c.res.headers.has('x-hono-already-sent')
    const status = isCut ? undefined : c.res.status
    emulation.requests.add(buildRecord(c, exchange, { endpoint, durationMs, status }))
  }
}

async function beginExchange(
  c: EmulatorContext,
  emulation: Emulation,
  endpoint: Endpoint,
): Promise<Exchange> {
  const described = await describeRequest(c, emulation, endpoint)
  const traceId = randomUUID()
  let facts: Partial<RequestRecord> = described.facts
  return {
    traceId,
    correlationId: described.facts.correlationId ?? traceId,
    time: emulation.clock.now(),
    resourceNames: described.resourceNames,
    get facts() {
      return facts
    },
    note: (more) => {
      facts = { ...facts, ...more }
    },
  }
}

function buildRecord(
  c: EmulatorContext,
  exchange: Exchange,
  outcome: Pick<RequestRecord, 'endpoint' | 'durationMs' | 'status'>,
): RequestRecord {
  const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(c.req.header('traceparent') ?? '')?.[1]
  return {
    id: exchange.traceId,
    time: new Date(exchange.time).toISOString(),
    method: c.req.method,
    path: new URL(c.req.url).pathname.slice(0, maximumPathLength),
    traceId: traceparent,
    ...exchange.facts,
    presented: bounded(exchange.facts.presented),
    ...outcome,
  }
}

// What a caller presents is the caller's choice, size included.
function bounded(claims: RequestRecord['presented']): RequestRecord['presented'] {
  return JSON.stringify(claims ?? {}).length > maximumClaimsLength ? { omitted: 'too many claims' } : claims
}
