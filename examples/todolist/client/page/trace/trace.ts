// All that is known about a call or a sign-in, gathered from those who took part: the browser, both APIs, and the authority.
import type { RequestRecord } from '@midtier/emulator'
import type { ObservedEvent } from 'midtier'
import type { PageConfiguration } from '../../page-configuration.ts'
import type { BrowserCall } from '../middle-tier.ts'
import type { SignIn } from './chapter.ts'

/** One call and everyone's account of it; an account that could not be had is empty. */
export interface CallTrace {
  readonly call: BrowserCall
  /** Observer events of the middle tier, oldest first. */
  readonly middleTier: readonly ObservedEvent[]
  /** Observer events of the To Do API, oldest first: of all that the click led to, which asks that API once. */
  readonly todoApi: readonly ObservedEvent[]
  /** The emulator's records of this trace and of the exchanges behind its tokens. */
  readonly emulator: readonly RequestRecord[]
}

/** A visit to the authority, and its account of it. */
export interface SignInTrace {
  readonly signIn: SignIn
  /** The emulator's records of the visit, oldest first; empty when they could not be had. */
  readonly records: readonly RequestRecord[]
}

const patienceMs = 5_000

/** Gathers the accounts of one call. Never fails: the drawing shows what could be had. */
export async function gatherTrace(call: BrowserCall, configuration: PageConfiguration): Promise<CallTrace> {
  const { middleTierUrl, todoApiUrl, emulatorUrl } = configuration
  const [middleTier, todoApi, graph] = await Promise.all([
    fetchEvents(middleTierUrl, `${call.traceId}?call=${call.spanId}`),
    fetchEvents(new URL(todoApiUrl).origin, call.traceId),
    fetchRecords(emulatorUrl, `traceId=${call.traceId}`),
  ])
  const exchanges = await Promise.all(
    correlationIds(middleTier).map((id) =>
      fetchRecords(emulatorUrl, `correlationId=${encodeURIComponent(id)}`),
    ),
  )
  return { call, middleTier, todoApi, emulator: withoutDoubles([...graph, ...exchanges.flat()]) }
}

/** Gathers the authority's account of a visit: what the page asked for, and what the person did in between. */
export async function gatherSignIn(
  signIn: SignIn,
  { clientId, emulatorUrl }: PageConfiguration,
): Promise<SignInTrace> {
  const records = await fetchRecords(emulatorUrl, `clientId=${clientId}`)
  const isOurs = ({ correlationId }: RequestRecord): boolean => correlationId === signIn.correlationId
  const first = records.findIndex(isOurs)
  const last = records.findLastIndex((record) => record.endpoint === 'token' && isOurs(record))
  const during = first === -1 ? [] : records.slice(first, last === -1 ? undefined : last + 1)
  // The forms of the authority's pages carry no id of ours; another visit of the same page carries another.
  return { signIn, records: during.filter((record) => isOurs(record) || record.endpoint === 'interaction') }
}

/** The exchanges of this call, and the earlier ones that its cached tokens came from. */
function correlationIds(events: readonly ObservedEvent[]): readonly string[] {
  const ids = events.flatMap((event) => ('correlationId' in event ? [event.correlationId] : []))
  return [...new Set(ids)]
}

function withoutDoubles(records: readonly RequestRecord[]): readonly RequestRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()]
}

async function fetchEvents(apiUrl: string, which: string): Promise<readonly ObservedEvent[]> {
  const answer = await fetchJson(`${apiUrl}/trace/${which}`)
  return (answer as { readonly events?: readonly ObservedEvent[] } | undefined)?.events ?? []
}

async function fetchRecords(
  emulatorUrl: string | undefined,
  query: string,
): Promise<readonly RequestRecord[]> {
  if (emulatorUrl === undefined) return []
  const answer = await fetchJson(`${emulatorUrl}/_emulator/requests?${query}`)
  return (answer as { readonly requests?: readonly RequestRecord[] } | undefined)?.requests ?? []
}

async function fetchJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    return response.ok ? await response.json() : undefined
  } catch (error) {
    // Whoever does not answer (TypeError), or not in time (DOMException), is missing from the drawing.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)
      return undefined
    throw error
  }
}
