// Spans: open while work goes on, so that what it sends is below them; what events tell becomes their attributes.
import {
  context,
  createContextKey,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import { isError } from '../kernel/errors/other-realms.ts'
import type { ObservedEvent } from '../kernel/observer.ts'
import type { SpanName, Telemetry, Within } from '../kernel/telemetry.ts'
import { attributesOf, given } from './attributes.ts'

/** Our span that is open, below which others' may be active. */
const openSpanKey = createContextKey('midtier.open-span')

interface OpenSpan {
  readonly name: SpanName
  readonly span: Span
}

/** Errors that are no failure of the API: its caller is told what to do. They stay visible as `error.type`. */
const answers: ReadonlySet<string> = new Set(['bearer_refused', 'interaction_required'])

/** Spans by the tracer of this provider. */
export function createSpans(provider: TracerProvider | undefined): Pick<Telemetry, 'observe' | 'within'> {
  const tracer = (provider ?? trace).getTracer('midtier')
  return {
    within: createWithin(tracer),
    observe: (event) => {
      describe(tracer, event)
    },
  }
}

function createWithin(tracer: Tracer): Within {
  return async (name, work) => {
    const span = tracer.startSpan(`midtier.${name}`)
    const open: OpenSpan = { name, span }
    try {
      return await context.with(trace.setSpan(context.active().setValue(openSpanKey, open), span), work)
    } catch (error) {
      describeError(span, error)
      throw error
    } finally {
      span.end()
    }
  }
}

/** Which code an error has that is ours; for others the name, never the message: it may hold anything. */
function describeError(span: Span, error: unknown): void {
  const code = isMidtierError(error) ? error.code : isError(error) ? error.name : 'unknown'
  if (code !== 'bearer_refused') span.setAttribute('error.type', code) // which said already what is wrong with the token
  if (!answers.has(code)) span.setStatus({ code: SpanStatusCode.ERROR })
}

function describe(tracer: Tracer, event: ObservedEvent): void {
  switch (event.type) {
    case 'token_validated':
      return tell('validate', attributesOf.token_validated(event))
    case 'token_refused':
      return tell('validate', attributesOf.token_refused(event))
    case 'token_acquired':
      return acquired(tracer, event)
    case 'acquisition_failed':
      return tell('acquire', {
        ...attributesOf.acquisition_failed(event),
        ...given({ 'midtier.aadsts': listOf(event.errorNumbers) }),
      })
    case 'token_requested':
      return tell('exchange', {
        ...attributesOf.token_requested(event),
        ...given({ 'midtier.aadsts': listOf(event.errorNumbers) }),
        'midtier.client_request_id': event.correlationId,
        'midtier.tenant': event.tenantId,
      })
    case 'downstream_called':
      return tell('downstream', {
        ...attributesOf.downstream_called(event),
        'midtier.attempt': event.attempt,
      })
    case 'downstream_challenged':
      trace.getActiveSpan()?.addEvent('midtier.downstream_challenged', {
        'midtier.api': event.api,
        'midtier.claims': [...event.claims],
        'midtier.next': event.next,
      })
      return
    default:
  }
}

function listOf(numbers: readonly number[]): number[] | undefined {
  return numbers.length === 0 ? undefined : [...numbers]
}

/** The span of that name that is open here. */
function openSpan(name: SpanName): Span | undefined {
  const open = context.active().getValue(openSpanKey) as OpenSpan | undefined
  return open?.name === name ? open.span : undefined
}

function tell(name: SpanName, attributes: Attributes): void {
  openSpan(name)?.setAttributes(attributes)
}

/** A token that was at hand was not waited for: it has a span without extent. */
function acquired(tracer: Tracer, event: Extract<ObservedEvent, { type: 'token_acquired' }>): void {
  const attributes = {
    ...attributesOf.token_acquired(event),
    'midtier.client_request_id': event.correlationId,
  }
  const open = openSpan('acquire')
  if (open !== undefined) open.setAttributes(attributes)
  else tracer.startSpan('midtier.acquire', { attributes }).end()
}
