// Follows each request from its start to its record in the request log.
import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { describeRequest } from './describe-request.ts'
import type { Emulation } from '../endpoints/emulation.ts'
import type { EmulatorContext, EmulatorEnv, Exchange } from '../http/exchange.ts'
import { formOf } from '../http/form.ts'
import { planOf } from '../kernel/checks.ts'
import { Decision } from '../kernel/decision.ts'
import type { RequestCheck } from '../kernel/request-check.ts'
import { maskParameters, type Masked, withoutTokens } from '../kernel/masked.ts'
import type { Endpoint, NewRequestRecord, RequestRecord } from '../kernel/request-log.ts'

const maximumPathLength = 300
const maximumClaimsLength = 16_384

/** Gives a request its exchange, and records it when it has been answered. */
export function observe(emulation: Emulation, endpoint: Endpoint): MiddlewareHandler<EmulatorEnv> {
  return async (c, next) => {
    const started = performance.now()
    const { exchange, conclude } = await beginExchange(c, emulation, endpoint)
    c.set('exchange', exchange)
    await next()
    if (endpoint === 'emulator') return
    const durationMs = Math.round((performance.now() - started) * 10) / 10
    const isCut = c.res.headers.has('x-hono-already-sent')
    const status = isCut ? undefined : c.res.status
    const record = buildRecord(c, exchange, { endpoint, durationMs, status, checks: conclude(status) })
    emulation.requests.add({ ...record, application: nameClient(emulation, record) })
  }
}

interface BegunExchange {
  readonly exchange: Exchange
  /** The checks, now that the request has been answered. */
  readonly conclude: (status: number | undefined) => readonly RequestCheck[]
}

async function beginExchange(
  c: EmulatorContext,
  emulation: Emulation,
  endpoint: Endpoint,
): Promise<BegunExchange> {
  const described = await describeRequest(c, emulation, endpoint)
  const traceId = randomUUID()
  const decision = new Decision(planOf(endpoint, described.facts.grantType))
  const outside = endpoint === 'emulator' ? {} : await readOutside(c, described.parameters)
  const facts: Partial<RequestRecord> = { ...described.facts, ...outside }
  let isAsked = false
  const exchange: Exchange = {
    traceId,
    correlationId: described.facts.correlationId ?? traceId,
    time: emulation.clock.now(),
    resourceNames: described.resourceNames,
    facts,
    note: (more) => void Object.assign(facts, more),
    look: decision.look,
    ask: () => {
      isAsked = true
    },
  }
  const conclude = (status = 500): readonly RequestCheck[] => {
    const isRefused = status >= 400 || (facts.error ?? []).length > 0
    return decision.conclude(isRefused ? 'failed' : isAsked ? 'asked' : 'passed')
  }
  return { exchange, conclude }
}

const shownHeaders = ['origin', 'user-agent', 'content-type', 'accept', 'traceparent'] as const

// What came from outside, masked before anybody keeps it.
async function readOutside(
  c: EmulatorContext,
  parameters: URLSearchParams,
): Promise<{ readonly parameters: Masked; readonly headers: Masked }> {
  const headers = shownHeaders.map((name) => [name, c.req.header(name)] as const)
  const isForm = c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded') === true
  const form = isForm ? await formOf(c) : []
  const proof = /^(\w+) /.exec(c.req.header('authorization') ?? '')?.[1]
  return {
    parameters: maskParameters(new Map([...parameters, ...form])),
    headers: maskHeaders([...headers, ['authorization', proof && `${proof} •••`]]),
  }
}

function maskHeaders(headers: readonly (readonly [string, string | undefined])[]): Masked {
  return Object.fromEntries(
    headers.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, withoutTokens(value).slice(0, 200)]],
    ),
  )
}

function nameClient({ directory }: Emulation, { clientId = '' }: NewRequestRecord): string | undefined {
  return directory.findApplication(clientId)?.displayName ?? directory.findAgent(clientId)?.displayName
}

function buildRecord(
  c: EmulatorContext,
  exchange: Exchange,
  outcome: Pick<RequestRecord, 'endpoint' | 'durationMs' | 'status' | 'checks'>,
): NewRequestRecord {
  const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(c.req.header('traceparent') ?? '')?.[1]
  return {
    id: exchange.traceId,
    time: new Date(exchange.time).toISOString(),
    method: c.req.method,
    path: withoutTokens(new URL(c.req.url).pathname).slice(0, maximumPathLength),
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
