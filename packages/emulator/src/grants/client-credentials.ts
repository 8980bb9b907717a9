// The client_credentials grant: a token for the application itself, with the roles that it was assigned.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Tenant } from '../directory/model.ts'
import { parseScopes, type ResourceScopes } from '../directory/scopes.ts'
import { findAgentBlock } from '../policies/demands.ts'
import { policyError } from '../policies/policy-error.ts'
import { issueAccessToken } from '../tokens/access-token.ts'
import { describeAppOnly } from './app-only-response.ts'
import { grantExchangeToken, isExchangeScope } from './exchange-token.ts'
import { checkIndicatorOf } from './resource-indicator.ts'
import { readScope, type TokenRequest, type TokenResponse } from './token-request.ts'

/** Issues an app-only token: no refresh token, no id_token, no `scope` and no `client_info`. */
export function grantClientCredentials(request: TokenRequest): TokenResponse {
  const { authority, client, claims } = request
  if (client.level === '0') throw new AadstsError(7000216)
  if (request.tenant === undefined) throw new AadstsError(90019)
  if (isExchangeScope(request)) return grantExchangeToken(request, request.tenant)
  const requested = readResource(request, request.tenant)
  checkPolicies(request, requested)
  const roles = assignedRoles(request, request.tenant, requested)
  const access = issueAccessToken(authority, {
    tenant: request.tenant,
    client: client.application,
    clientLevel: client.level,
    resource: requested.resource,
    identifier: requested.identifier,
    scopes: [],
    roles,
    capabilities: claims.capabilities,
  })
  const { resource, identifier } = requested
  return describeAppOnly(request, access, { name: resource.displayName, identifier })
}

function readResource(request: TokenRequest, tenant: Tenant): ResourceScopes {
  const { authority, client } = request
  const scope = readScope(request).replace(/^openid ?/, '')
  request.look('resource', { expected: 'one API/.default', actual: scope })
  if (scope === '') throw new AadstsError(900144, { parameter: request.version === 2 ? 'scope' : 'resource' })
  const named = scope.split(/\s+/).filter((token) => !token.endsWith('/.default'))
  if (named.length > 0) throw new AadstsError(1002012, { scope })
  const context = { tenant, client: client.application, forItself: true }
  const [resource, ...others] = parseScopes(scope, authority.directory, context).resources
  if (resource === undefined || others.length > 0) throw new AadstsError(28000, { scope })
  checkIndicatorOf(request, [resource])
  return resource
}

// Of applications that act by themselves, agents alone are subject to policies.
function checkPolicies({ authority, client, note, look }: TokenRequest, { resource }: ResourceScopes): void {
  look('policies', client.agent ? {} : { actual: 'applications that act by themselves are subject to none' })
  const demand = client.agent && findAgentBlock(authority.policies, { agent: client.agent, resource })
  if (demand === undefined) return
  note({ policies: demand.policies.map(({ name }) => name) })
  throw policyError(demand, { resource, session: { authTime: 0 }, endpoint: 'token' })
}

// Without any role the token is issued all the same, unless the API requires an assignment.
function assignedRoles(
  { authority, client, look }: TokenRequest,
  tenant: Tenant,
  { resource }: ResourceScopes,
): readonly string[] {
  const { application } = client
  const roles = authority.directory.rolesOf(application.id, tenant, resource)
  const demanded = resource.appRoleAssignmentRequired === true ? 'at least one' : 'any, or none'
  look('roles', { expected: demanded, actual: roles.length === 0 ? 'none' : roles.join(', ') })
  if (roles.length > 0 || resource.appRoleAssignmentRequired !== true) return roles
  const names = { app: application.id, name: application.displayName }
  throw new AadstsError(501051, { ...names, resource: resource.id, resourceName: resource.displayName })
}
