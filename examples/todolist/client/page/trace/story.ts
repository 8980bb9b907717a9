// Turns everyone's account of a call into one story: hops in the order in which they happened, and the tokens that travelled.
import type { ObservedEvent, TokenOrigin } from 'midtier'
import type { CallTrace } from './trace.ts'

/** Who takes part, from left to right. */
export const parties = ['browser', 'middleTier', 'authority', 'todoApi', 'graph'] as const
export type Party = (typeof parties)[number]

/** The APIs that a token can be for; a token is named after its audience. */
export type Audience = 'middleTier' | 'todoApi' | 'graph'

/** One line of the drawing: from one party to another, or inside one. */
export interface Hop {
  readonly from: Party
  readonly to: Party
  readonly direction: 'request' | 'answer' | 'inside'
  readonly label: string
  readonly tone: 'plain' | 'exchange' | 'cache' | 'refused'
  /** The token that travels on this hop, or that was found. */
  readonly token?: Audience
  readonly durationMs?: number | undefined
}

/** One call of the browser. */
export interface Story {
  readonly title: string
  readonly status: number | undefined
  readonly durationMs: number
  readonly hops: readonly Hop[]
  /** Token requests that the authority granted. */
  readonly exchanges: number
  /** Downstream tokens that needed no token request. */
  readonly cacheHits: number
}

/** Tells a call. `audienceOf` says which API a set of scopes belongs to. */
export function tellStory(trace: CallTrace, audienceOf: (scopes: readonly string[]) => Audience): Story {
  const { call, middleTier } = trace
  const atTodoApi = [...trace.todoApi]
  const hops = middleTier.flatMap((event) => tellEvent(event, audienceOf, atTodoApi))
  return {
    title: `${call.method} ${shortPath(call.path)}`,
    status: call.status,
    durationMs: call.durationMs,
    hops: [...tellBeginning(trace), ...hops, tellEnd(trace)],
    exchanges: middleTier.filter((event) => event.type === 'token_requested' && event.status === 200).length,
    cacheHits: middleTier.filter((event) => event.type === 'token_acquired' && event.origin !== 'authority')
      .length,
  }
}

function tellBeginning({ call }: CallTrace): readonly Hop[] {
  const { token, method, path } = call
  const obtained: readonly Hop[] = token.fromCache
    ? [inside('browser', "from MSAL's cache", 'cache', 'middleTier')]
    : [
        { from: 'browser', to: 'authority', direction: 'request', label: 'refresh token', tone: 'exchange' },
        {
          from: 'authority',
          to: 'browser',
          direction: 'answer',
          label: 'new token',
          tone: 'exchange',
          token: 'middleTier',
          durationMs: token.durationMs,
        },
      ]
  return [...obtained, request('browser', 'middleTier', `${method} ${shortPath(path)}`, 'middleTier')]
}

function tellEnd({ call }: CallTrace): Hop {
  return answer('middleTier', 'browser', call.status, call.durationMs)
}

function tellEvent(
  event: ObservedEvent,
  audienceOf: (scopes: readonly string[]) => Audience,
  atTodoApi: ObservedEvent[],
): readonly Hop[] {
  switch (event.type) {
    case 'token_validated':
    case 'token_refused':
      return [tellValidation(event, 'middleTier')]
    case 'token_requested':
      return tellExchange(event, audienceOf(event.scopes))
    case 'token_acquired':
      return event.origin === 'authority'
        ? []
        : [inside('middleTier', originLabels[event.origin], 'cache', audienceOf(event.scopes))]
    case 'acquisition_failed':
      return [inside('middleTier', event.code.replaceAll('_', ' '), 'refused')]
    case 'downstream_called':
      return tellDownstream(event, atTodoApi)
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
type Exchange = Extract<ObservedEvent, { readonly type: 'token_requested' }>
type Downstream = Extract<ObservedEvent, { readonly type: 'downstream_called' }>

function tellValidation(event: Validation, party: Party): Hop {
  if (event.type === 'token_refused')
    return inside(party, `refused: ${event.reason.replaceAll('_', ' ')}`, 'refused')
  const label = event.fromCache ? 'still valid' : 'token valid'
  return { ...inside(party, label, 'plain'), durationMs: event.durationMs }
}

function tellExchange(event: Exchange, audience: Audience): readonly Hop[] {
  const granted = event.status === 200
  const label = event.grant === 'on_behalf_of' ? 'on behalf of' : event.grant.replaceAll('_', ' ')
  return [
    { ...request('middleTier', 'authority', label, 'middleTier'), tone: 'exchange' },
    granted
      ? {
          ...answer('authority', 'middleTier', 200, event.durationMs),
          label: 'new token',
          tone: 'exchange',
          token: audience,
        }
      : {
          ...answer('authority', 'middleTier', event.status, event.durationMs),
          label:
            event.errorNumbers[0] === undefined
              ? (event.error ?? 'no answer')
              : `AADSTS${event.errorNumbers[0]}`,
        },
  ]
}

function tellDownstream(event: Downstream, atTodoApi: ObservedEvent[]): readonly Hop[] {
  const party = event.api === 'graph' ? 'graph' : 'todoApi'
  const validation = party === 'todoApi' ? takeValidation(atTodoApi) : undefined
  return [
    request('middleTier', party, `${event.method} ${shortPath(event.path)}`, party),
    ...(validation === undefined ? [] : [tellValidation(validation, party)]),
    answer(party, 'middleTier', event.status, event.durationMs),
  ]
}

/** The To Do API validates once per request, so its events belong to the calls in order. */
function takeValidation(events: ObservedEvent[]): Validation | undefined {
  const event = events.shift()
  return event?.type === 'token_validated' || event?.type === 'token_refused' ? event : undefined
}

function request(from: Party, to: Party, label: string, token?: Audience): Hop {
  return { from, to, direction: 'request', label, tone: 'plain', ...(token !== undefined && { token }) }
}

function answer(from: Party, to: Party, status: number | undefined, durationMs: number): Hop {
  const tone = status !== undefined && status < 400 ? 'plain' : 'refused'
  return {
    from,
    to,
    direction: 'answer',
    label: status === undefined ? 'no answer' : String(status),
    tone,
    durationMs,
  }
}

function inside(party: Party, label: string, tone: Hop['tone'], token?: Audience): Hop {
  return { from: party, to: party, direction: 'inside', label, tone, ...(token !== undefined && { token }) }
}

/** A UUID in a path says nothing to a person; its first digits are enough. */
function shortPath(path: string): string {
  return path.replace(/([0-9a-f]{4})[0-9a-f]{4}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '$1…')
}
