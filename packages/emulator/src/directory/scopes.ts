// Reads a `scope` parameter the way Entra does: OpenID scopes beside the scopes of one API.
import { AadstsError } from '../kernel/aadsts-error.ts'
import { graphId } from './default-directory.ts'
import type { Directory } from './directory.ts'
import type { Application, Tenant } from './model.ts'

/** The scopes of one API, in the form in which they were asked for. */
export interface ResourceScopes {
  readonly resource: Application
  /** The identifier by which the API was named: an application ID URI or a GUID; bare names mean Graph. */
  readonly identifier: string
  /** What stands before a scope's name on the wire: `api://x/`, or nothing for bare names. */
  readonly prefix: string
  /** Names without prefix; empty for `.default`. */
  readonly names: readonly string[]
  readonly isDefault: boolean
}

/** A `scope` parameter, understood. */
export interface RequestedScopes {
  /** openid, profile, email, offline_access. */
  readonly openid: ReadonlySet<string>
  /** One entry per API, in the order of the request. */
  readonly resources: readonly ResourceScopes[]
}

/** The scopes that belong to OpenID Connect. */
export const openIdScopes: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access'])

const graphUri = 'https://graph.microsoft.com'

/**
 * Parses a `scope` parameter.
 * @param context.forItself whether a client may ask for a token for itself by another name than its id, as one without a user may
 * @throws {AadstsError} 500011 unknown API, 650053 unknown scope, 70011 `.default` beside named scopes, 90009
 */
export function parseScopes(
  scope: string,
  directory: Directory,
  {
    tenant,
    client,
    forItself = false,
  }: { readonly tenant?: Tenant | undefined; readonly client: Application; readonly forItself?: boolean },
): RequestedScopes {
  const tokens = [...new Set(scope.split(/\s+/).filter((token) => token !== ''))]
  const openid = new Set(tokens.filter((token) => openIdScopes.has(token)))
  const resources = new Map<string, ResourceScopes>()
  for (const token of tokens.filter((each) => !openIdScopes.has(each))) {
    const read = readScope(token, directory, tenant, client)
    if (!forItself && read.resource.id === client.id && read.identifier !== client.id)
      throw new AadstsError(90009)
    addScope(resources, read, token)
  }
  return { openid, resources: [...resources.values()] }
}

/** What a request without any API's scope asks for: Graph, for the userinfo endpoint. */
export function withoutScopes(directory: Directory): ResourceScopes {
  const resource = directory.findResource(graphId)
  if (resource === undefined) throw new AadstsError(500011, { resource: graphUri })
  return { resource, identifier: graphUri, prefix: '', names: [], isDefault: false }
}

function readScope(
  token: string,
  directory: Directory,
  tenant: Tenant | undefined,
  client: Application,
): ResourceScopes {
  const { identifier, prefix, name } = splitScope(token)
  const resource = directory.findResource(identifier)
  if (resource === undefined || (tenant !== undefined && !directory.isPresent(resource, tenant))) {
    throw new AadstsError(500011, { resource: identifier, tenant: nameTenant(directory, tenant, client) })
  }
  if (resource.enabled === false) throw new AadstsError(500014, { resource: identifier })
  if (name === '.default') return { resource, identifier, prefix, names: [], isDefault: true }
  if (resource.scopes?.some(({ value, enabled }) => value === name && enabled !== false) !== true) {
    throw new AadstsError(650053, { name: client.displayName, scope: name, resource: resource.id })
  }
  return { resource, identifier, prefix, names: [name], isDefault: false }
}

/** Before the user is known, the request is about the tenant of the application. */
function nameTenant(directory: Directory, tenant: Tenant | undefined, { tenantId }: Application): string {
  const named = tenant ?? (tenantId === undefined ? undefined : directory.findTenant(tenantId))
  return named?.displayName ?? ''
}

function splitScope(token: string): { identifier: string; prefix: string; name: string } {
  const slash = token.lastIndexOf('/')
  if (slash < 0) return { identifier: graphUri, prefix: '', name: token }
  return {
    identifier: token.slice(0, slash),
    prefix: token.slice(0, slash + 1),
    name: token.slice(slash + 1),
  }
}

function addScope(resources: Map<string, ResourceScopes>, added: ResourceScopes, token: string): void {
  const known = resources.get(added.resource.id)
  if (known !== undefined && known.isDefault !== added.isDefault) {
    const reason = ".default scope can't be combined with resource-specific scopes."
    throw new AadstsError(70011, { scope: token, reason })
  }
  const names = [...new Set([...(known?.names ?? []), ...added.names])]
  resources.set(added.resource.id, { ...(known ?? added), names })
}
