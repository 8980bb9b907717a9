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
import { isError, isPromise } from '../kernel/errors/other-realms.ts'
import type { SpanName, Telemetry, Within } from '../kernel/telemetry.ts'
import { attributesOf } from './attributes.ts'
import { byType, type ByType, type EventOf } from './by-type.ts'

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
    observe: byType(tellers(tracer)),
  }
}

function createWithin(tracer: Tracer): Within {
  return (name, work) => {
    const span = tracer.startSpan(`midtier.${name}`)
    const open: OpenSpan = { name, span }
    const end = quietly(() => span.end())
    const fail = quietly((error: unknown) => {
      describeError(span, error)
      span.end()
    })
    let result
    try {
      result = context.with(trace.setSpan(context.active().setValue(openSpanKey, open), span), work)
    } catch (error) {
      fail(error)
      throw error
    }
    if (isPromise(result)) result.then(end, fail)
    else end()
    return result
  }
}

/** A processor of spans that throws is its owner's bug; nobody waits for it, and no process ends by it. */
function quietly<Given extends readonly unknown[]>(
  act: (...given: Given) => void,
): (...given: Given) => void {
  return (...given) => {
    try {
      act(...given)
    } catch {
      // see above
    }
  }
}

/** Which code an error has that is ours; for others a name such as `TypeError`, never a text: that may hold anything. */
function describeError(span: Span, error: unknown): void {
  const code = isMidtierError(error) ? error.code : isError(error) ? nameOf(error) : 'other'
  if (code !== 'bearer_refused') span.setAttribute('error.type', code) // which said already what is wrong with the token
  if (!answers.has(code)) span.setStatus({ code: SpanStatusCode.ERROR })
}

function nameOf({ name }: Error): string {
  return /^[A-Z][A-Za-z]{0,30}Error$/.test(name) ? name : 'other'
}

/** What each kind of event says of the span that is open. */
function tellers(tracer: Tracer): ByType {
  return {
    token_validated: (event) => tell('validate', attributesOf.token_validated(event)),
    token_refused: (event) => tell('validate', attributesOf.token_refused(event)),
    token_acquired: (event) => acquired(tracer, event),
    acquisition_failed: (event) =>
      tell('acquire', { ...attributesOf.acquisition_failed(event), ...aadsts(event.errorNumbers) }),
    token_requested: (event) =>
      tell('exchange', {
        ...attributesOf.token_requested(event),
        ...aadsts(event.errorNumbers),
        'midtier.client_request_id': event.correlationId,
        'midtier.tenant': event.tenantId,
      }),
    downstream_called: (event) =>
      tell('downstream', { ...attributesOf.downstream_called(event), 'midtier.attempt': event.attempt }),
    downstream_challenged: ({ api, claims, next }) =>
      trace.getActiveSpan()?.addEvent('midtier.downstream_challenged', {
        'midtier.api': api,
        'midtier.claims': [...claims],
        'midtier.next': next,
      }),
  }
}

function aadsts(numbers: readonly number[]): Attributes {
  return numbers.length === 0 ? {} : { 'midtier.aadsts': [...numbers] }
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
function acquired(tracer: Tracer, event: EventOf<'token_acquired'>): void {
  const attributes = attributesOf.token_acquired(event)
  attributes['midtier.client_request_id'] = event.correlationId
  const open = openSpan('acquire')
  if (open !== undefined) open.setAttributes(attributes)
  else tracer.startSpan('midtier.acquire', { attributes }).end()
}
