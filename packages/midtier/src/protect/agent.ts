// Entra's agent identities among callers: which agent acts, and whether a person stands behind it.
import { readText } from '../jwt/claims.ts'
import type { JsonObject } from '../kernel/json.ts'

/** The agent identity that a token was issued to. */
export interface AgentPrincipal {
  /** Client id of the agent identity: `azp` (v2) or `appid` (v1). Whatever is allowed is allowed by this one. */
  readonly id: string
  /**
   * `xms_par_app_azp`: the blueprint that the agent was made from, for records. One blueprint has many agents, and to decide by it would
   * let in all of them, those of tomorrow too.
   */
  readonly blueprintId: string | undefined
  /**
   * For whom it acts. `onBehalfOf`: a person, who is the subject of the token. `byItself`: nobody. `userAccount`: nobody either, through a
   * user account of its own; the subject is a user of the directory and no person.
   */
  readonly kind: 'onBehalfOf' | 'byItself' | 'userAccount'
}

/** The kinds in words, for the owner. */
export const agentKinds: Readonly<Record<AgentPrincipal['kind'], string>> = {
  onBehalfOf: 'on behalf of a person',
  byItself: 'by itself',
  userAccount: 'through its user account',
}

const agentIdentity = 11
const agentUserAccount = 13

/**
 * Reads the agent of validated claims; `undefined` for every other caller.
 *
 * Any of the claims that only agents have makes one, and with a doubt whether a person stands behind it there is none: what may be
 * refused must not come to look like somebody else because a claim is missing.
 */
export function readAgent(
  claims: JsonObject,
  kind: 'user' | 'app',
  clientId: string | undefined,
): AgentPrincipal | undefined {
  const actor = readFacets(claims['xms_act_fct'])
  const subject = readFacets(claims['xms_sub_fct'])
  const blueprintId = readText(claims['xms_par_app_azp'])
  const isSubject = subject.has(agentIdentity) || subject.has(agentUserAccount)
  if (!actor.has(agentIdentity) && !isSubject && blueprintId === undefined) return undefined
  const forNobody = kind === 'app' ? 'byItself' : 'userAccount'
  return Object.freeze({
    id: clientId ?? '',
    blueprintId,
    kind: isSubject || kind === 'app' ? forNobody : 'onBehalfOf',
  })
}

const noFacets: ReadonlySet<number> = new Set()
/** Longest text of facets that is read, in characters: there are a few dozen of them, of two digits. */
const longestFacets = 256

/** Numbers separated by blanks, in any order; with anything else among them there are none. */
export function readFacets(value: unknown): ReadonlySet<number> {
  return parseFacets(value) ?? noFacets
}

/**
 * Whether the facets of the actor or of the subject are there and cannot be read. They count as absent, and so the caller may look like a
 * person: what a route lets in because nobody says that it is an agent, it must not let in for that.
 */
export function hasUnclearFacets(claims: JsonObject): boolean {
  return isUnclear(claims['xms_act_fct']) || isUnclear(claims['xms_sub_fct'])
}

function isUnclear(facets: unknown): boolean {
  return facets !== undefined && parseFacets(facets) === undefined
}

/** `undefined` for what is no list of facets. */
function parseFacets(value: unknown): ReadonlySet<number> | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || text.length > longestFacets) return undefined
  const words = text.split(/\s+/).filter((word) => word !== '')
  return words.every((word) => /^\d+$/.test(word)) ? new Set(words.map(Number)) : undefined
}
