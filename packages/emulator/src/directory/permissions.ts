// Decides which delegated permissions a client has, and which ones the user still has to consent to.
import { graphId } from './default-directory.ts'
import type { Account, Directory } from './directory.ts'
import type { Application } from './model.ts'
import { openIdScopes, type RequestedScopes, type ResourceScopes } from './scopes.ts'

/** Scopes of one API for one client. */
export interface Permission {
  readonly client: Application
  readonly resource: Application
  readonly scopes: readonly string[]
  /** Application roles, which only an administrator grants; default: none. */
  readonly roles?: readonly string[]
}

/** The scopes of an API that a client may use for an account: consented, or pre-authorized by the API. */
function grantedScopes(
  directory: Directory,
  account: Account,
  client: Application,
  resource: Application,
): ReadonlySet<string> {
  const query = { tenantId: account.tenant.id, clientId: client.id, userId: account.user.id }
  const preAuthorized = resource.preAuthorizedApplications?.find(({ id }) => id === client.id)?.scopes ?? []
  // An application needs nobody's leave to call itself.
  const own = client.id === resource.id ? (resource.scopes ?? []).map(({ value }) => value) : []
  const inherited = inheritedScopes(directory, account, client, resource)
  return new Set([
    ...directory.consents.scopesFor(query, resource.id),
    ...preAuthorized,
    ...own,
    ...inherited,
  ])
}

// An agent has what its blueprint was granted in the same tenant, as far as the blueprint hands it down.
function inheritedScopes(
  directory: Directory,
  account: Account,
  client: Application,
  resource: Application,
): readonly string[] {
  const blueprintId = directory.findAgent(client.id)?.blueprintId
  if (blueprintId === undefined) return []
  const permissions = directory.findApplication(blueprintId)?.agentBlueprint?.inheritablePermissions ?? []
  const handedDown = permissions.filter(({ resourceId }) => resourceId === resource.id)
  const query = { tenantId: account.tenant.id, clientId: blueprintId, userId: account.user.id }
  const granted = [...directory.consents.scopesFor(query, resource.id)]
  return granted.filter((name) => handedDown.some(({ scopes }) => scopes === 'all' || scopes.includes(name)))
}

/** The names that a request would get a token for; `undefined` when consent is missing. */
export function resolveGrant(
  directory: Directory,
  account: Account,
  client: Application,
  requested: ResourceScopes,
): readonly string[] | undefined {
  const granted = grantedScopes(directory, account, client, requested.resource)
  if (requested.isDefault) {
    const names = [...granted].filter((name) => !openIdScopes.has(name))
    return names.length === 0 ? undefined : names
  }
  return requested.names.every((name) => granted.has(name)) ? requested.names : undefined
}

/** What the user has to be asked for before the request can be granted; empty when nothing is missing. */
export function missingPermissions(
  directory: Directory,
  account: Account,
  client: Application,
  requested: RequestedScopes,
): readonly Permission[] {
  const wanted = wantedPermissions(directory, client, requested)
  const missing = wanted.map((permission) => withoutGranted(directory, account, permission))
  const basics = missingBasics(directory, account, client, requested)
  return [...basics, ...missing].filter(({ scopes }) => scopes.length > 0)
}

/** Everything that a request asks for, whether it is granted already or not: for `prompt=consent`. */
export function wantedPermissions(
  directory: Directory,
  client: Application,
  requested: RequestedScopes,
): readonly Permission[] {
  return requested.resources.flatMap((scopes) => {
    if (!scopes.isDefault) return [{ client, resource: scopes.resource, scopes: scopes.names }]
    return [
      ...registeredPermissions(directory, client),
      ...combinedPermissions(directory, client, scopes.resource),
    ]
  })
}

/** What an administrator is asked for: the same, and with `.default` the application roles of the registration. */
export function administratorPermissions(
  directory: Directory,
  client: Application,
  requested: RequestedScopes,
): readonly Permission[] {
  const wanted = wantedPermissions(directory, client, requested)
  const basics = basicPermissions(directory, client, requested)
  if (!requested.resources.some(({ isDefault }) => isDefault)) return [...basics, ...wanted]
  const roles = new Map(client.requiredResourceAccess?.map((access) => [access.resourceId, access.roles]))
  const withRoles = wanted.map((permission) => {
    const ofClient = permission.client === client ? roles.get(permission.resource.id) : undefined
    return ofClient === undefined ? permission : { ...permission, roles: ofClient }
  })
  return [...basics, ...withRoles]
}

// `.default` asks for what the registration lists, for all APIs at once.
function registeredPermissions(directory: Directory, client: Application): readonly Permission[] {
  return (client.requiredResourceAccess ?? []).flatMap(({ resourceId, scopes = [] }) => {
    const resource = directory.findApplication(resourceId)
    return resource === undefined ? [] : [{ client, resource, scopes }]
  })
}

// An API that knows the client is consented to together with it (knownClientApplications).
function combinedPermissions(
  directory: Directory,
  client: Application,
  api: Application,
): readonly Permission[] {
  const isKnown = api.knownClientApplications?.includes(client.id) === true
  return isKnown ? registeredPermissions(directory, api) : []
}

function withoutGranted(directory: Directory, account: Account, permission: Permission): Permission {
  const granted = grantedScopes(directory, account, permission.client, permission.resource)
  return { ...permission, scopes: permission.scopes.filter((name) => !granted.has(name)) }
}

// The OpenID scopes are asked for once: with the first consent that a client gets.
function missingBasics(
  directory: Directory,
  account: Account,
  client: Application,
  requested: RequestedScopes,
): readonly Permission[] {
  const query = { tenantId: account.tenant.id, clientId: client.id, userId: account.user.id }
  return directory.consents.hasAny(query) ? [] : basicPermissions(directory, client, requested)
}

function basicPermissions(
  directory: Directory,
  client: Application,
  { openid }: RequestedScopes,
): readonly Permission[] {
  const graph = directory.findApplication(graphId)
  if (graph === undefined || openid.size === 0) return []
  return [{ client, resource: graph, scopes: [...openid] }]
}
