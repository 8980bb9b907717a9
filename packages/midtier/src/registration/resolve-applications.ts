// Registrations with every default filled in, and every name turned into the id that it stands for.
import type { ApplicationDefinition, DownstreamPermissions, Registrations } from './definition.ts'
import { deriveGuid } from './derive-guid.ts'

/** Client id of Microsoft Graph, the same in every tenant. */
export const graphClientId = '00000003-0000-0000-c000-000000000000'

/** A permission that an application exposes. */
export interface Exposed {
  readonly value: string
  readonly id: string
  readonly description: string
  readonly adminOnly: boolean
}

/** Permissions of one API. */
export interface Permissions {
  readonly clientId: string
  /** Its name in the file; `undefined` for an API of somebody else. */
  readonly name: string | undefined
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
}

/** An application with its defaults. */
export interface ResolvedApplication {
  readonly name: string
  readonly clientId: string
  readonly displayName: string
  readonly signInAudience: 'AzureADMyOrg' | 'AzureADMultipleOrgs'
  readonly identifierUris: readonly string[]
  /** `undefined`: Entra's default is left alone. */
  readonly tokenVersion: 1 | 2 | undefined
  readonly scopes: readonly Exposed[]
  readonly appRoles: readonly Exposed[]
  readonly optionalClaims: { readonly accessToken: readonly string[]; readonly idToken: readonly string[] }
  readonly groupClaims: ApplicationDefinition['groupClaims']
  readonly redirectUris: Readonly<Record<'spa' | 'web' | 'publicClient', readonly string[]>>
  readonly idTokenIssuance: boolean
  readonly publicClientFlows: boolean
  readonly downstream: readonly Permissions[]
  /** Client ids. */
  readonly knownClients: readonly string[]
  readonly preAuthorizedClients: readonly { readonly clientId: string; readonly scopes: readonly string[] }[]
  /** `undefined`: it is no blueprint. */
  readonly agents: readonly Agent[] | undefined
}

/** An agent identity. */
export interface Agent {
  readonly name: string
  readonly clientId: string
  /** Whether the file says the client id. */
  readonly isKnown: boolean
  readonly displayName: string
}

/** How an application is named by id. */
export type IdOf = (name: string) => string

/** The client id of an application: the given one, or the one that follows from its name. */
export function clientIdOf({ tenantId, applications }: Registrations, name: string): string {
  return applications[name]?.clientId?.toLowerCase() ?? deriveGuid('application', tenantId, name)
}

/** @param idOf Default: {@link clientIdOf}. */
export function resolveApplications(
  registrations: Registrations,
  idOf: IdOf = (name) => clientIdOf(registrations, name),
): readonly ResolvedApplication[] {
  return Object.entries(registrations.applications).map(([name, application]) =>
    resolve(name, application, registrations, idOf),
  )
}

function resolve(
  name: string,
  application: ApplicationDefinition,
  registrations: Registrations,
  idOf: IdOf,
): ResolvedApplication {
  const clientId = idOf(name)
  const exposed = (kind: 'scope' | 'role', given: ApplicationDefinition['scopes'] = {}): readonly Exposed[] =>
    Object.entries(given).map(([value, of]) =>
      expose(value, of, deriveGuid(kind, registrations.tenantId, name, value)),
    )
  const [scopes, appRoles] = [exposed('scope', application.scopes), exposed('role', application.appRoles)]
  const isApi = scopes.length + appRoles.length > 0
  const { accessToken = [], idToken = [] } = application.optionalClaims ?? {}
  const { spa = [], web = [], publicClient = [] } = application.redirectUris ?? {}
  const isKnown = (api: string): boolean => Object.hasOwn(registrations.applications, api)
  return {
    name,
    clientId,
    displayName: application.displayName,
    signInAudience: application.signInAudience ?? 'AzureADMyOrg',
    identifierUris: application.identifierUris ?? (isApi ? [`api://${clientId}`] : []),
    tokenVersion: application.tokenVersion ?? (isApi ? 2 : undefined),
    scopes,
    appRoles,
    optionalClaims: { accessToken, idToken },
    groupClaims: application.groupClaims,
    redirectUris: { spa, web, publicClient },
    idTokenIssuance: application.idTokenIssuance ?? false,
    publicClientFlows: application.publicClientFlows ?? false,
    downstream: Object.entries(application.downstream ?? {}).map(([api, permissions]) => ({
      clientId: isKnown(api) ? idOf(api) : api === 'graph' ? graphClientId : api.toLowerCase(),
      name: isKnown(api) ? api : undefined,
      ...scopesAndRoles(permissions),
    })),
    knownClients: (application.knownClients ?? []).map(idOf),
    preAuthorizedClients: Object.entries(application.preAuthorizedClients ?? {}).map(
      ([client, names = []]) => ({ clientId: idOf(client), scopes: names }),
    ),
    agents:
      application.agents &&
      Object.entries(application.agents).map(([agent, { clientId: id, displayName }]) => ({
        name: agent,
        clientId: id?.toLowerCase() ?? deriveGuid('agent', registrations.tenantId, name, agent),
        isKnown: id !== undefined,
        displayName,
      })),
  }
}

function expose(
  value: string,
  given:
    | string
    | {
        readonly description: string
        readonly adminOnly?: boolean | undefined
        readonly id?: string | undefined
      },
  derived: string,
): Exposed {
  const {
    description,
    adminOnly = false,
    id = derived,
  } = typeof given === 'string' ? { description: given } : given
  return { value, id: id.toLowerCase(), description, adminOnly }
}

/** Both kinds of permissions, however they are written. */
export function scopesAndRoles(
  permissions: DownstreamPermissions = [],
): Pick<Permissions, 'scopes' | 'roles'> {
  if ('map' in permissions) return { scopes: permissions, roles: [] }
  const { scopes = [], roles = [] } = permissions
  return { scopes, roles }
}
