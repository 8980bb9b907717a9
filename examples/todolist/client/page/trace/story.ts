// Turns everyone's account of a call into one story: hops in the order in which they happened, and the tokens that travelled.
import type { ObservedEvent, TokenOrigin } from 'midtier'
import type { CalledApi } from '../session.ts'
import {
  answer,
  inside,
  newToken,
  request,
  type AudienceOf,
  type Hop,
  type Party,
  type Story,
} from './hop.ts'
import { actingOf, nameActing } from './acting.ts'
import { tellExchange } from './exchange-story.ts'
import type { CallTrace } from './trace.ts'

/** Tells a call. */
export function tellStory(trace: CallTrace, audienceOf: AudienceOf): Story {
  const { call, middleTier } = trace
  const atTodoApi = [...trace.todoApi]
  const acting = actingOf(trace)
  const hops = middleTier.flatMap((event) => tellEvent(event, audienceOf, atTodoApi, call.api))
  return {
    kind: 'call',
    title: `${call.method} ${shortPath(call.path)}`,
    outcome: call.status === undefined ? 'no answer' : String(call.status),
    failed: call.status === undefined || call.status >= 400,
    durationMs: call.durationMs,
    hops: [...tellBeginning(trace), ...hops, tellEnd(trace)],
    ...(acting !== undefined && { acting }),
    exchanges: middleTier.filter((event) => event.type === 'token_requested' && event.status === 200).length,
    cacheHits: middleTier.filter((event) => event.type === 'token_acquired' && event.origin !== 'authority')
      .length,
  }
}

function tellBeginning({ call }: CallTrace): readonly Hop[] {
  const { api, token, method, path } = call
  const obtained: readonly Hop[] = token.fromCache
    ? [inside('browser', "from MSAL's cache", 'cache', api)]
    : [
        { ...request('browser', 'authority', 'refresh token'), tone: 'exchange' },
        newToken('browser', api, token.durationMs),
      ]
  return [...obtained, request('browser', 'middleTier', `${method} ${shortPath(path)}`, api)]
}

function tellEnd({ call: { status, challenge, durationMs } }: CallTrace): Hop {
  const end = answer('middleTier', 'browser', status, durationMs)
  return challenge === undefined ? end : { ...end, label: `${end.label} ${challenge}` }
}

function tellEvent(
  event: ObservedEvent,
  audienceOf: AudienceOf,
  atTodoApi: ObservedEvent[],
  api: CalledApi,
): readonly Hop[] {
  switch (event.type) {
    case 'token_validated':
    case 'token_refused':
      return [tellValidation(event, 'middleTier')]
    case 'token_requested':
      return tellExchange(event, audienceOf(event))
    case 'token_acquired':
      return event.origin === 'authority'
        ? []
        : [inside('middleTier', originLabels[event.origin], 'cache', audienceOf(event))]
    case 'acquisition_failed':
      return [inside('middleTier', nameFailure(event), 'refused')]
    case 'downstream_called':
      return tellDownstream(event, atTodoApi, api)
    case 'downstream_challenged':
      return event.next === 'acquire'
        ? [inside('middleTier', `asked for ${event.claims.join(', ')}: a new token`, 'plain')]
        : []
    case 'downstream_redirected':
      return [inside('middleTier', 'fetched from where the API sent it', 'plain')]
    case 'downstream_retried':
      return [{ ...inside('middleTier', 'asked to wait', 'plain'), durationMs: event.waitMs }]
    case 'store_failed':
      return [inside('middleTier', 'token store failed', 'refused')]
    case 'keys_refreshed':
      return [request('middleTier', 'authority', 'signing keys')]
    case 'keys_failed':
      return [inside('middleTier', 'no signing keys', 'refused')]
    case 'authority_paused':
      return [inside('middleTier', 'authority left alone', 'refused')]
    case 'authority_recovered':
      return [inside('middleTier', 'authority is back', 'plain')]
    case 'clock_differs':
      return [inside('middleTier', 'clock differs from the authority’s', 'refused')]
    case 'authentication_failed':
    case 'operation_failed':
      return [] // the failure behind it has an event of its own, and the answer tells the rest
    default:
      // An event that a later version of the library tells and this drawing does not know.
      return []
  }
}

const originLabels: Readonly<Record<Exclude<TokenOrigin, 'authority'>, string>> = {
  l1: 'from memory',
  l2: 'from the shared store',
}

type Validation = Extract<ObservedEvent, { readonly type: 'token_validated' | 'token_refused' }>
type Failure = Extract<ObservedEvent, { readonly type: 'acquisition_failed' }>
type Downstream = Extract<ObservedEvent, { readonly type: 'downstream_called' }>

function nameFailure({ code, errorNumbers }: Failure): string {
  if (code !== 'interaction_required') return code.replaceAll('_', ' ')
  return errorNumbers.includes(blocked) ? 'no sign-in helps' : 'the person is needed'
}

/** AADSTS number of a policy that says no to everybody it is about. */
const blocked = 53003

function tellValidation(event: Validation, party: Party): Hop {
  if (event.type === 'token_refused')
    return inside(
      party,
      `refused: ${refusalLabels[event.reason] ?? event.reason.replaceAll('_', ' ')}`,
      'refused',
    )
  const label = event.fromCache ? 'still valid' : 'token valid'
  return { ...inside(party, label, 'plain'), durationMs: event.durationMs }
}

const refusalLabels: Readonly<Record<string, string>> = { authentication_context: 'step-up needed' }

function tellDownstream(event: Downstream, atTodoApi: ObservedEvent[], api: CalledApi): readonly Hop[] {
  const party = event.api === 'graph' ? 'graph' : 'todoApi'
  const token = party === 'todoApi' && api === 'assistant' ? 'agentTodoApi' : party
  const validation = party === 'todoApi' ? takeValidation(atTodoApi) : undefined
  return [
    request('middleTier', party, `${event.method} ${shortPath(event.path)}`, token),
    ...(validation === undefined ? [] : [tellValidation(validation, party)]),
    ...tellAgent(validation, party),
    answer(party, 'middleTier', event.status, event.durationMs),
  ]
}

/** Whom the API has seen, where an agent called. */
function tellAgent(event: Validation | undefined, party: Party): readonly Hop[] {
  if (event?.type !== 'token_validated' || event.agent === undefined) return []
  return [inside(party, nameActing(event.agent), 'person')]
}

/** The To Do API validates once per request, so its events belong to the calls in order. */
function takeValidation(events: ObservedEvent[]): Validation | undefined {
  const event = events.shift()
  return event?.type === 'token_validated' || event?.type === 'token_refused' ? event : undefined
}

/** A UUID in a path says nothing to a person; its first digits are enough. */
function shortPath(path: string): string {
  return path.replace(/([0-9a-f]{4})[0-9a-f]{4}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '$1…')
}
