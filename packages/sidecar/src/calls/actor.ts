// Who acts: the caller, the application, an agent, or the account that an agent acts through.
import type { AccessToken, AcquireOptions, Agent, Caller, DownstreamApi, WebApi } from 'midtier'
import { Refusal } from '../kernel/refusals.ts'
import { isGuid } from './parameters.ts'
import type { AgentChoice, Plan } from './plan.ts'

/** Acquires tokens, and calls APIs with them. */
export interface Actor {
  readonly acquireToken: (options: AcquireOptions) => Promise<AccessToken>
  readonly fetch: (api: string) => DownstreamApi['fetch']
}

/** The web APIs that tokens are acquired with. */
export interface Identities {
  readonly api: WebApi
  /** The same with a managed identity of the host. */
  readonly managedIdentity: (clientId: string) => WebApi
}

/** @throws Refusal 400 for a combination that means nothing. */
export function chooseActor(identities: Identities, plan: Plan, caller: Caller | undefined): Actor {
  const { api } = identities
  if (plan.managedIdentity !== undefined) return managedIdentity(identities, plan, plan.managedIdentity)
  if (plan.agent !== undefined) return actAsAgent(api, plan, plan.agent, caller)
  if (caller === undefined || plan.requestAppToken) return asApplication(api.application(tenantOf(plan)))
  checkTenant(plan, caller)
  return caller
}

function managedIdentity({ managedIdentity }: Identities, plan: Plan, clientId: string): Actor {
  if (!isGuid(clientId))
    throw new Refusal(
      400,
      'ManagedIdentity.UserAssignedClientId must be the client id (a GUID) of a managed identity.',
    )
  if (plan.agent !== undefined)
    throw new Refusal(
      400,
      'A managed identity is no agent: leave out either ManagedIdentity or AgentIdentity.',
    )
  return asApplication(managedIdentity(clientId).application())
}

function actAsAgent(api: WebApi, plan: Plan, choice: AgentChoice, caller: Caller | undefined): Actor {
  if (!isGuid(choice.id))
    throw new Refusal(400, 'AgentIdentity must be the client id (a GUID) of an agent identity.')
  const account = accountOf(choice)
  if (account !== undefined) {
    if (plan.requestAppToken)
      throw new Refusal(
        400,
        'RequestAppToken asks for a token of the agent itself, AgentUsername and AgentUserId for one of its user account: leave out one of the two.',
      )
    return api.agent(choice.id, tenantOf(plan)).asUser(account)
  }
  if (caller === undefined || plan.requestAppToken) return asApplication(api.agent(choice.id, tenantOf(plan)))
  checkTenant(plan, caller)
  const agent: Agent = api.agent(choice.id)
  return agent.onBehalfOf(caller)
}

/** The user name goes first, and an id that is none is nobody's. */
function accountOf({ username, userId }: AgentChoice): Parameters<Agent['asUser']>[0] | undefined {
  if (username !== undefined) {
    if (!/^[^\s@]+@[^\s@]+$/.test(username))
      throw new Refusal(400, 'AgentUsername must be a user name: name@domain.')
    return { userPrincipalName: username }
  }
  return userId !== undefined && isGuid(userId) ? { objectId: userId } : undefined
}

// `common` and its like are left to the library, which says what is wrong with them.
const nameOfTenant =
  /^(?:common|organizations|consumers|(?=.{3,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d])$/i

function tenantOf({ tenant: { id: tenant } }: Plan): { readonly tenantId?: string } {
  if (tenant === undefined) return {}
  if (isGuid(tenant) || nameOfTenant.test(tenant)) return { tenantId: tenant }
  throw new Refusal(400, 'AcquireTokenOptions.Tenant must be a tenant: a GUID or a domain.')
}

/** A token is exchanged where it was issued, and nowhere else. */
function checkTenant({ tenant: { id: tenant } }: Plan, { principal }: Caller): void {
  if (tenant !== undefined && tenant.toLowerCase() !== principal.tenantId)
    throw new Refusal(
      400,
      'AcquireTokenOptions.Tenant is another tenant than the caller’s: on behalf of a caller a token is acquired in that caller’s tenant alone.',
    )
}

/** An application asks for all that it was granted of an API, whichever scopes name the API. */
function asApplication(actor: Actor): Actor {
  return {
    acquireToken: (options) => actor.acquireToken({ ...options, scopes: defaultScopes(options.scopes) }),
    fetch: (api) => actor.fetch(api),
  }
}

// By its id, which is the same in every cloud.
const graph = '00000003-0000-0000-c000-000000000000'

function defaultScopes(scopes: readonly string[]): readonly string[] {
  const resources = new Set(scopes.map((scope) => scope.slice(0, Math.max(scope.lastIndexOf('/'), 0))))
  return [...resources].map((resource) => `${resource === '' ? graph : resource}/.default`)
}

/** The token that a plan asks for. */
export function acquire(actor: Actor, plan: Plan): Promise<AccessToken> {
  return actor.acquireToken(optionsOf(plan))
}

/** How it is asked for. */
export function optionsOf({ scopes, forceRefresh, claims, correlationId }: Plan): AcquireOptions {
  return {
    scopes,
    ...(forceRefresh ? { forceRefresh } : {}),
    ...(claims === undefined ? {} : { claims }),
    ...(correlationId === undefined ? {} : { correlationId }),
  }
}
