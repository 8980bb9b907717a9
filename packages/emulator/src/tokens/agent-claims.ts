// What a token says about agents: who acted, on whose behalf, and below which blueprint.
import type { TokenIssuer } from './token-issuer.ts'
import type { JsonObject } from './compact.ts'
import type { AccessTokenRequest, UserSubject } from './subject.ts'

/** The numbers that Entra gives to an agent identity and to an agent's user account. */
const facets = { agentIdentity: '11', agentUser: '13' }

/** How the subject relates to the tenant. */
const relations = { member: '1', guest: '5', servicePrincipal: '7' }

/**
 * The claims of a token whose actor is an agent; for everybody else none, but that the subject is an agent's user account.
 * The numbers beside 11 and 13 stand for those that Entra may add: readers have to pass over what they do not know.
 */
export function agentClaims(
  { directory }: Pick<TokenIssuer, 'directory'>,
  { client, user }: Pick<AccessTokenRequest, 'client' | 'user'>,
): JsonObject {
  const agent = directory.findAgent(client.id)
  if (agent === undefined) return isAgentUser(user) ? { xms_sub_fct: facetsOf(user) } : {}
  return {
    idtyp: user === undefined ? 'app' : 'user',
    xms_act_fct: `9 3 ${facets.agentIdentity}`,
    xms_idrel: relationOf(user),
    xms_par_app_azp: agent.blueprintId,
    xms_sub_fct: facetsOf(user),
    xms_tnt_fct: '3',
  }
}

/** The scope of an agent that calls by itself: none, which Entra writes as a slash. */
export function agentScope(
  { directory }: Pick<TokenIssuer, 'directory'>,
  { client, user }: Pick<AccessTokenRequest, 'client' | 'user'>,
): JsonObject {
  return user === undefined && directory.findAgent(client.id) !== undefined ? { scp: '/' } : {}
}

function isAgentUser(user: UserSubject | undefined): boolean {
  return user?.account.user.agentIdentityId !== undefined
}

function facetsOf(user: UserSubject | undefined): string {
  if (user === undefined) return `9 3 ${facets.agentIdentity}`
  return isAgentUser(user) ? `${facets.agentUser} 2` : '2'
}

function relationOf(user: UserSubject | undefined): string {
  if (user === undefined) return relations.servicePrincipal
  return user.account.isGuest ? relations.guest : relations.member
}
