// Registrations and service principals, read-only from the directory; of credentials no more than Graph tells, which is never the secret.
import { deriveGuid } from '../directory/derive-guid.ts'
import type { Directory } from '../directory/directory.ts'
import type { AgentIdentity, Application, ClientSecret, OptionalClaim, Tenant } from '../directory/model.ts'
import { routeParameter, type EmulatorContext } from '../http/exchange.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { answer } from './answer.ts'
import { sendEntity, sendPage, type EntityKind } from './collection.ts'
import type { Entity } from './entity.ts'
import type { GraphCaller, NeededPermissions } from './graph-caller.ts'
import { permissionId, requiredBy, rolesOf, scopesOf } from './permission-entities.ts'
import { notFound } from './user-entity.ts'

const permissions = ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All']
const needed: NeededPermissions = { scopes: permissions, roles: permissions }

/** GET v1.0/applications: those that are at home in the tenant. */
export const applications: Handler = (c, authority) => list(c, authority, applicationKind)

/** GET v1.0/applications/{object id} */
export const application: Handler = (c, authority) => one(c, authority, applicationKind)

/** GET v1.0/servicePrincipals: every application, and every agent, that is in the tenant. */
export const servicePrincipals: Handler = (c, authority) => list(c, authority, principalKind)

/** GET v1.0/servicePrincipals/{object id} */
export const servicePrincipal: Handler = (c, authority) => one(c, authority, principalKind)

/** GET v1.0/servicePrincipals/microsoft.graph.agentIdentity: agents alone. */
export const agentIdentities: Handler = (c, authority) => list(c, authority, agentKind)

/** GET v1.0/applications/{object id}/microsoft.graph.agentIdentityBlueprint/inheritablePermissions */
export const inheritablePermissions: Handler = (c, authority) =>
  list(c, authority, inheritableKind(routeParameter(c, 'id')))

type Handler = (c: EmulatorContext, authority: TokenIssuer) => Promise<Response>

interface ListedKind extends EntityKind {
  readonly entities: (directory: Directory, caller: Pick<GraphCaller, 'tenant'>) => readonly Entity[]
}

const applicationKind: ListedKind = {
  path: 'applications',
  entities: (directory, { tenant }) =>
    directory.applications
      .filter(({ tenantId }) => tenantId === tenant.id)
      .map((each) => toApplication(each, directory)),
}

const principalKind: ListedKind = {
  path: 'servicePrincipals',
  entities: (directory, { tenant }) => [
    ...directory.applications
      .filter((each) => directory.isPresent(each, tenant))
      .map((each) => toPrincipal(each, directory.servicePrincipalId(each, tenant), tenant)),
    ...agentKind.entities(directory, { tenant }),
  ],
}

const agentKind: ListedKind = {
  path: 'servicePrincipals/microsoft.graph.agentIdentity',
  entities: (directory, { tenant }) =>
    directory.agentIdentities
      .filter(({ tenantId }) => tenantId === tenant.id)
      .map((agent) => toAgentPrincipal(agent, tenant)),
}

const inheritableKind = (blueprint: string): ListedKind => ({
  path: `applications/${blueprint}/microsoft.graph.agentIdentityBlueprint/inheritablePermissions`,
  entities: (directory, { tenant }) => {
    const found = directory.applications.find(
      ({ id, tenantId, agentBlueprint }) =>
        deriveGuid('application', id) === blueprint && tenantId === tenant.id && agentBlueprint !== undefined,
    )
    if (found === undefined) throw notFound(blueprint)
    return (found.agentBlueprint?.inheritablePermissions ?? []).map(({ resourceId, scopes }) => ({
      resourceAppId: resourceId,
      inheritableScopes:
        scopes === 'all'
          ? { '@odata.type': 'microsoft.graph.allAllowedScopes', kind: 'allAllowed' }
          : { '@odata.type': 'microsoft.graph.enumeratedScopes', kind: 'enumerated', scopes },
    }))
  },
})

function list(c: EmulatorContext, authority: TokenIssuer, kind: ListedKind): Promise<Response> {
  return answer(c, authority, needed, (caller) =>
    sendPage(c, authority, kind, {
      items: kind.entities(authority.directory, caller),
      toEntity: (entity) => entity,
    }),
  )
}

/** `applications(appId='…')`, in lower case as every path is here. */
const alternateKey = /\((appid|uniquename)='([^']*)'\)$/

function one(c: EmulatorContext, authority: TokenIssuer, kind: ListedKind): Promise<Response> {
  return answer(c, authority, needed, (caller) => {
    const wanted = routeParameter(c, 'id')
    const [, name, key] = alternateKey.exec(c.req.path) ?? []
    const property = name === undefined ? 'id' : name === 'appid' ? 'appId' : 'uniqueName'
    const found = kind
      .entities(authority.directory, caller)
      .find((entity) => entity[property] === (key ?? wanted))
    if (found === undefined) throw notFound(wanted)
    return sendEntity(c, authority, kind, found)
  })
}

function toApplication(application: Application, directory: Directory): Entity {
  const { id, displayName, redirectUris = {}, secrets = [], certificates = [] } = application
  return {
    ...(application.agentBlueprint !== undefined && {
      '@odata.type': '#microsoft.graph.agentIdentityBlueprint',
    }),
    id: deriveGuid('application', id),
    appId: id,
    // The emulator knows applications by their ids.
    uniqueName: null,
    displayName,
    signInAudience: application.signInAudience ?? 'AzureADMyOrg',
    identifierUris: application.identifierUris ?? [],
    api: {
      requestedAccessTokenVersion: application.accessTokenAcceptedVersion ?? null,
      oauth2PermissionScopes: scopesOf(application),
      knownClientApplications: application.knownClientApplications ?? [],
      preAuthorizedApplications: (application.preAuthorizedApplications ?? []).map((client) => ({
        appId: client.id,
        delegatedPermissionIds: client.scopes.map((value) => permissionId(application, 'scope', value)),
      })),
    },
    groupMembershipClaims: application.groupMembershipClaims ?? null,
    isFallbackPublicClient: application.isFallbackPublicClient ?? false,
    optionalClaims: {
      accessToken: claimsOf(application.optionalClaims?.accessToken),
      idToken: claimsOf(application.optionalClaims?.idToken),
      saml2Token: [],
    },
    appRoles: rolesOf(application),
    requiredResourceAccess: requiredBy(application, directory),
    spa: { redirectUris: redirectUris.spa ?? [] },
    web: {
      redirectUris: redirectUris.web ?? [],
      implicitGrantSettings: {
        enableIdTokenIssuance: application.enableIdTokenIssuance ?? false,
        enableAccessTokenIssuance: false,
      },
    },
    publicClient: { redirectUris: redirectUris.publicClient ?? [] },
    passwordCredentials: secrets.map(toPasswordCredential),
    keyCredentials: certificates.map((_, index) => ({
      keyId: deriveGuid('certificate', id, String(index)),
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      key: null,
    })),
  }
}

function toPrincipal(application: Application, id: string, { id: tenantId }: Tenant): Entity {
  const { id: appId, displayName, identifierUris = [], enabled = true } = application
  return {
    id,
    appId,
    displayName,
    appDisplayName: displayName,
    accountEnabled: enabled,
    appOwnerOrganizationId: application.tenantId ?? null,
    appRoleAssignmentRequired: application.appRoleAssignmentRequired ?? false,
    servicePrincipalType: 'Application',
    servicePrincipalNames: [appId, ...identifierUris],
    signInAudience: application.signInAudience ?? 'AzureADMyOrg',
    isHome: application.tenantId === tenantId,
    appRoles: rolesOf(application),
    oauth2PermissionScopes: scopesOf(application),
  }
}

function toAgentPrincipal(agent: AgentIdentity, tenant: Tenant): Entity {
  const { id, displayName, tenantId, enabled = true, blueprintId } = agent
  return {
    '@odata.type': '#microsoft.graph.agentIdentity',
    ...toPrincipal({ id, displayName, tenantId, enabled }, id, tenant),
    servicePrincipalType: 'ServiceIdentity',
    agentIdentityBlueprintId: blueprintId,
  }
}

function toPasswordCredential({ value, expires }: ClientSecret): Entity {
  return {
    keyId: deriveGuid('secret', value),
    hint: value.slice(0, 3),
    endDateTime: expires === undefined ? null : new Date(expires).toISOString(),
    secretText: null,
  }
}

function claimsOf(claims: readonly OptionalClaim[] = []): readonly Entity[] {
  return claims
    .map((claim) => (typeof claim === 'string' ? { name: claim } : claim))
    .map(({ name, ...more }) => ({
      name,
      source: null,
      essential: false,
      additionalProperties: 'additionalProperties' in more ? more.additionalProperties : [],
    }))
}
