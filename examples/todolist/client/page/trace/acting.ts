// Who acts for whom, as the claims of a token say it and the API that was called has validated it.
import type { ObservedEvent } from 'midtier'
import type { Claims } from '../token-claims.ts'
import type { CallTrace } from './trace.ts'

type Validated = Extract<ObservedEvent, { readonly type: 'token_validated' }>
type Agent = Validated['agent']

/** Who acts for whom. */
export interface Acting {
  readonly kind: NonNullable<Agent>['kind']
  readonly claims: Claims
}

/** Of the last token that the To Do API has validated; `undefined` when that was no agent's. */
export function actingOf({ todoApi }: Pick<CallTrace, 'todoApi'>): Acting | undefined {
  const seen = todoApi.findLast((event) => event.type === 'token_validated')
  return seen?.agent === undefined ? undefined : { kind: seen.agent.kind, claims: seen.claims }
}

const kinds: Readonly<Record<Acting['kind'], string>> = {
  onBehalfOf: 'agent for a person',
  byItself: 'agent by itself',
  userAccount: 'agent as its user',
}

/** In three words. */
export function nameActing({ kind }: Pick<Acting, 'kind'>): string {
  return kinds[kind]
}

/** In a sentence. `names` says what people call ids. */
export function sayActing({ kind, claims }: Acting, names: Readonly<Record<string, string>>): string {
  const agent = nameOf(claims, 'azp', names)
  return kind === 'byItself'
    ? `${agent} acts by itself, with the roles that it was assigned. No person stands behind it.`
    : `${agent} acts for ${nameOf(claims, 'oid', names)}: the agent is the client, the person the subject, and the scopes are the person’s.`
}

/** What people call the one that a claim names. */
export function nameOf(claims: Claims, claim: string, names: Readonly<Record<string, string>>): string {
  const id = claims[claim]
  return typeof id === 'string' ? (names[id] ?? id) : ''
}

/** Entra's numbers of what an actor (`xms_act_fct`) or a subject (`xms_sub_fct`) is; the others of a list may be passed over. */
export function nameFacets(facets: unknown): string | undefined {
  if (typeof facets !== 'string') return undefined
  const numbers = facets.split(' ')
  if (numbers.includes('11')) return 'has 11: an agent identity'
  return numbers.includes('13') ? 'has 13: the user account of an agent' : 'neither 11 nor 13: a person'
}
