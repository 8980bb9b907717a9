// Which tokens a set of calls used, with their decoded claims and where each one came from.
import type { RequestRecord } from '@midtier/emulator'
import type { ObservedEvent } from 'midtier'
import type { Claims } from '../token-claims.ts'
import { tokens as inOrder, type Audience, type AudienceOf } from './hop.ts'
import type { CallTrace } from './trace.ts'

/** A token that travelled. */
export interface TravelledToken {
  readonly audience: Audience
  readonly claims: Claims | undefined
  /** `exchange`: obtained for this call. The others: it was there already. */
  readonly origin: 'exchange' | 'memory' | 'store' | 'browser_cache' | 'refresh'
  /** The token itself; only of the one that this browser holds. */
  readonly raw?: string
}

/** The tokens of some calls, each audience once, in the order of {@link Audience}. */
export function collectTokens(
  traces: readonly CallTrace[],
  audienceOf: AudienceOf,
): readonly TravelledToken[] {
  const found = new Map<Audience, TravelledToken>()
  for (const trace of traces)
    for (const token of [ownToken(trace), ...downstreamTokens(trace, audienceOf)])
      found.set(token.audience, token)
  return inOrder.map((audience) => found.get(audience)).filter((token) => token !== undefined)
}

function ownToken({ call }: CallTrace): TravelledToken {
  const { api: audience, token } = call
  const { claims, raw, fromCache } = token
  const origin = fromCache ? 'browser_cache' : 'refresh'
  return { audience, claims, origin, ...(raw !== undefined && { raw }) }
}

function downstreamTokens(
  { middleTier, todoApi, emulator }: CallTrace,
  audienceOf: AudienceOf,
): readonly TravelledToken[] {
  return middleTier.flatMap((event) => {
    if (event.type !== 'token_acquired') return []
    const audience = audienceOf(event)
    const claims = seenClaims(audience, { todoApi, emulator }) ?? issuedClaims(emulator, event.correlationId)
    return [{ audience, claims, origin: origins[event.origin] }]
  })
}

const origins = { authority: 'exchange', l1: 'memory', l2: 'store' } as const

/** What the API that a token is for has seen. */
function seenClaims(
  audience: Audience,
  { todoApi, emulator }: Pick<CallTrace, 'todoApi' | 'emulator'>,
): Claims | undefined {
  if (audience === 'graph') return presentedClaims(emulator)
  return audience === 'agentProof' ? undefined : validatedClaims(todoApi)
}

/** What the To Do API has validated. */
function validatedClaims(events: readonly ObservedEvent[]): Claims | undefined {
  return events.findLast((event) => event.type === 'token_validated')?.claims
}

/** What was presented to Graph. */
function presentedClaims(records: readonly RequestRecord[]): Claims | undefined {
  return records.findLast((record) => record.endpoint === 'graph')?.presented
}

/** What the authority put into the token, however long ago. */
function issuedClaims(records: readonly RequestRecord[], correlationId: string): Claims | undefined {
  return records.findLast((record) => record.correlationId === correlationId && record.endpoint === 'token')
    ?.issued
}
