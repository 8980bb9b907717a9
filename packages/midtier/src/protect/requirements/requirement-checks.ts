// Checks of a route's requirements, as rows of one ordered list: a 403 that says what the caller lacks (RFC 6750 §3.1).
import { readTexts } from '../../jwt/claims.ts'
import { BearerError } from '../../kernel/errors/errors.ts'
import { noteRefused, understandsClaimsChallenges } from '../challenged-token.ts'
import { agentKinds } from '../agent.ts'
import { quote, quoteAll, type Check } from '../checks/check.ts'
import { traitsOf } from '../claimed.ts'
import type { Principal } from '../principal.ts'
import type { NameRule, ResolvedRequirements } from './requirements.ts'

/** A valid caller and what the route demands. */
export interface RequirementEvidence {
  readonly principal: Principal
  readonly requirements: ResolvedRequirements
}

type RequirementCheck = Check<RequirementEvidence>

const refused = { status: 403, error: 'insufficient_scope' } as const

/** An application doing unattended what only people may do, or a person in a route made for a daemon. */
const caller: RequirementCheck = {
  ...refused,
  name: 'caller',
  passes: ({ principal, requirements }) =>
    requirements.caller === undefined ||
    (requirements.caller === principal.kind && !passesAsUser(principal, requirements)),
  description:
    'This operation is not available to this kind of caller: users and applications are told apart',
  expected: ({ requirements }) => requirements.caller ?? 'user or app',
  actual: ({ principal }) =>
    principal.agent?.kind === 'userAccount' ? 'the user account of an agent' : principal.kind,
  mistake: ({ principal, requirements }) =>
    requirements.caller === 'user' && passesAsUser(principal, requirements)
      ? principal.agent?.kind === 'userAccount'
        ? "nobody stands behind the user account of an agent: where it may do what people may, say agents: 'allow' or list the agent"
        : unclearFacets
      : undefined,
}

/** Whether this is an agent's user account, or may be one for all that its facets say, on a route that says nothing of agents. */
function passesAsUser(principal: Principal, { agents: rule }: ResolvedRequirements): boolean {
  if (rule !== undefined) return false
  return principal.agent?.kind === 'userAccount' || traitsOf(principal).hasUnclearFacets
}

const unclearFacets =
  'xms_act_fct or xms_sub_fct of the token is no list of numbers: nobody knows whether it is an agent’s'

/** An agent where only people, or other agents, are meant to be. By the agent alone: a blueprint would let in all that are made from it. */
const agents: RequirementCheck = {
  ...refused,
  name: 'agents',
  passes: ({ principal, requirements: { agents: rule } }) => {
    if (rule === undefined) return true
    const { agent } = principal
    const { hasUnclearFacets } = traitsOf(principal)
    if (agent === undefined) return isForAll(rule) || !hasUnclearFacets
    if (rule.ids?.has(agent.id.toLowerCase()) === false) return false
    return !rule.humanRequired || (agent.kind === 'onBehalfOf' && !hasUnclearFacets)
  },
  description:
    'This operation is not available to this agent, or to an agent that does not act on behalf of a person',
  expected: ({ requirements: { agents: rule } }) => describeAgents(rule),
  actual: ({ principal: { agent } }) =>
    agent === undefined ? 'no agent' : quote(`${agent.id} ${agentKinds[agent.kind]}`),
  mistake: ({ principal, requirements: { agents: rule } }) => {
    const { agent } = principal
    if (agent?.blueprintId !== undefined && rule?.ids?.has(agent.blueprintId.toLowerCase()) === true)
      return 'the id in agents is the blueprint: list the client id of the agent identity'
    return rule !== undefined && traitsOf(principal).hasUnclearFacets ? unclearFacets : undefined
  },
}

/** Whether a rule keeps nobody out. */
function isForAll({ ids, humanRequired }: NonNullable<ResolvedRequirements['agents']>): boolean {
  return ids === undefined && !humanRequired
}

function describeAgents(rule: ResolvedRequirements['agents']): string {
  if (rule === undefined) return 'any'
  if (rule.ids?.size === 0) return 'no agent'
  const ids = rule.ids === undefined ? 'any' : quoteAll(rule.ids)
  return rule.humanRequired ? `${ids}, on behalf of a person` : ids
}

/** A user acting beyond what the client was granted. Applications have no scopes: with `roles` beside, they are measured by those. */
const scopes: RequirementCheck = {
  ...refused,
  name: 'scopes',
  passes: ({ principal, requirements }) =>
    !isMeasuredByScopes(principal, requirements) || meets(principal.scopes, requirements.scopes),
  description: 'The token lacks a scope that this operation needs',
  scopes: ({ requirements }) => requirements.scopes?.names,
  expected: ({ requirements }) => describe(requirements.scopes),
  actual: ({ principal }) => quote(principal.scopes.join(' ') || 'none'),
  mistake: ({ principal }) =>
    principal.kind === 'app' ? 'applications have roles, not scopes: accept a role on this route' : undefined,
}

function isMeasuredByScopes(principal: Principal, { match, roles: roleRule }: ResolvedRequirements): boolean {
  return match === 'both' || roleRule === undefined || principal.kind === 'user'
}

/** A caller without the role; for a user with scopes beside, the scopes decide, since the two vocabularies never mix. */
const roles: RequirementCheck = {
  ...refused,
  name: 'roles',
  passes: ({ principal, requirements }) =>
    !isMeasuredByRoles(principal, requirements) || meets(principal.roles, requirements.roles),
  description: 'The caller lacks an app role that this operation needs',
  expected: ({ requirements }) => describe(requirements.roles),
  actual: ({ principal }) => quote(principal.roles.join(' ') || 'none'),
}

function isMeasuredByRoles(
  principal: Principal,
  { match, scopes: scopeRule }: ResolvedRequirements,
): boolean {
  return match === 'both' || scopeRule === undefined || principal.kind === 'app'
}

/** A tenant that is a customer of the API, but not of this operation. */
const tenants: RequirementCheck = {
  ...refused,
  name: 'tenants',
  passes: ({ principal: { tenantId }, requirements: { allowedTenants, deniedTenants } }) =>
    (allowedTenants?.has(tenantId) ?? true) && deniedTenants?.has(tenantId) !== true,
  description: 'This operation is not available to the tenant of the caller',
  expected: ({ requirements: { allowedTenants, deniedTenants } }) =>
    (allowedTenants ?? deniedTenants) === undefined
      ? 'any'
      : 'a tenant in allowedTenants and not in deniedTenants',
  actual: ({ principal }) => quote(principal.tenantId),
}

/** Another client of the same tenant calling an API that was made for one. */
const clients: RequirementCheck = {
  ...refused,
  name: 'clients',
  passes: ({ principal: { clientId }, requirements: { allowedClients } }) =>
    allowedClients === undefined || (clientId !== undefined && allowedClients.has(clientId.toLowerCase())),
  description: 'This operation is not available to the calling application',
  expected: ({ requirements }) => quoteAll(requirements.allowedClients ?? ['any']),
  actual: ({ principal }) => quote(principal.clientId),
}

/** Somebody else's employee, invited for another purpose. */
const guests: RequirementCheck = {
  ...refused,
  name: 'guests',
  passes: ({ principal, requirements }) => !requirements.refuseGuests || !traitsOf(principal).isGuest,
  description: 'This operation is not available to guests of the tenant',
  expected: ({ requirements }) => (requirements.refuseGuests ? 'a member of the tenant' : 'any'),
  actual: ({ principal }) => (traitsOf(principal).isGuest ? 'a guest' : 'a member'),
}

/** A public client: anybody can take its client id, so the user may be somewhere else than they think. */
const clientStrength: RequirementCheck = {
  ...refused,
  name: 'client_strength',
  passes: ({ principal, requirements }) => traitsOf(principal).clientStrength >= requirements.clientStrength,
  description: 'The calling application has to prove its identity more strongly',
  expected: ({ requirements }) => `azpacr or appidacr of at least ${requirements.clientStrength}`,
  actual: ({ principal }) => String(traitsOf(principal).clientStrength),
}

/** A member of none of the groups; told apart from a member of so many that the token lists none. */
const groups: RequirementCheck = {
  ...refused,
  name: 'groups',
  passes: ({ principal, requirements }) =>
    requirements.groups === undefined || isInGroup(principal, requirements.groups),
  description:
    'The caller is in none of the groups that may do this, or in too many for the token to list them',
  expected: ({ requirements }) => quoteAll(requirements.groups ?? ['any']),
  actual: ({ principal, requirements }) => {
    if (isInGroup(principal, requirements.groups ?? nobody)) return 'one of them'
    return hasGroupsOverage(principal.claims) ? 'overage' : 'none of them'
  },
  mistake: ({ principal }) =>
    hasGroupsOverage(principal.claims)
      ? 'groups overage: emit only groups assigned to the application, or have Microsoft Graph asked by a check (caller.downstream) in place of groups'
      : undefined,
}

const nobody: ReadonlySet<string> = new Set()

function isInGroup({ claims }: Principal, wanted: ReadonlySet<string>): boolean {
  return readTexts(claims['groups']).some((group) => wanted.has(group.toLowerCase()))
}

/** Whether the user is in so many groups that the token points to a place instead of listing them. */
function hasGroupsOverage(claims: Principal['claims']): boolean {
  const names = claims['_claim_names']
  return (
    claims['hasgroups'] === true ||
    (typeof names === 'object' && names !== null && Object.hasOwn(names, 'groups'))
  )
}

/** In their order; the authentication context, whose refusal carries a challenge, comes after them. */
export const requirementChecks: readonly RequirementCheck[] = [
  caller,
  agents,
  tenants,
  clients,
  guests,
  clientStrength,
  scopes,
  roles,
  groups,
]

/** Whether the token was issued for the authentication context that the route demands. */
export function hasAuthenticationContext({
  principal,
  requirements: { authenticationContext },
}: RequirementEvidence): boolean {
  return (
    authenticationContext === undefined ||
    traitsOf(principal).authenticationContexts.includes(authenticationContext)
  )
}

/**
 * The step-up: a claims challenge for a client that says it understands one (`xms_cc` with `cp1`), a plain 403 for any other,
 * which could not do anything with it.
 */
export function refuseAuthenticationContext({ principal, requirements }: RequirementEvidence): BearerError {
  const { authenticationContext: context } = requirements
  const capable = understandsClaimsChallenges(principal)
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: context } } })
  const refusal = new BearerError({
    status: capable ? 401 : 403,
    error: capable ? 'insufficient_claims' : 'insufficient_scope',
    reason: 'authentication_context',
    description: 'This operation needs a stronger sign-in of the user',
    expected: context,
    actual: quote(principal.claims['acrs']),
    ...(capable ? { claims } : {}),
  })
  return noteRefused(refusal, principal)
}

function meets(held: readonly string[], rule: NameRule | undefined): boolean {
  if (rule === undefined) return true
  return rule.all
    ? rule.names.every((name) => held.includes(name))
    : rule.names.some((name) => held.includes(name))
}

function describe(rule: NameRule | undefined): string {
  return rule === undefined ? 'any' : rule.names.join(rule.all ? ' and ' : ' or ')
}
