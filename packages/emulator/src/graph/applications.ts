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

type Handler = (c: EmulatorContext, authority: TokenIssuer) => Promise<Response>

interface ListedKind extends EntityKind {
  readonly entities: (directory: Directory, caller: GraphCaller) => readonly Entity[]
}

const applicationKind: ListedKind = {
  path: 'applications',
  entities: (directory, { tenant }) =>
    directory.applications.filter(({ tenantId }) => tenantId === tenant.id).map(toApplication),
}

const principalKind: ListedKind = {
  path: 'servicePrincipals',
  entities: (directory, { tenant }) => [
    ...directory.applications
      .filter((each) => directory.isPresent(each, tenant))
      .map((each) => toPrincipal(each, directory.servicePrincipalId(each, tenant), tenant)),
    ...directory.agentIdentities
      .filter(({ tenantId }) => tenantId === tenant.id)
      .map((agent) => toAgentPrincipal(agent, tenant)),
  ],
}

function list(c: EmulatorContext, authority: TokenIssuer, kind: ListedKind): Promise<Response> {
  return answer(c, authority, needed, (caller) =>
    sendPage(c, authority, kind, {
      items: kind.entities(authority.directory, caller),
      toEntity: (entity) => entity,
    }),
  )
}

function one(c: EmulatorContext, authority: TokenIssuer, kind: ListedKind): Promise<Response> {
  return answer(c, authority, needed, (caller) => {
    const wanted = routeParameter(c, 'id')
    const found = kind.entities(authority.directory, caller).find(({ id }) => id === wanted)
    if (found === undefined) throw notFound(wanted)
    return sendEntity(c, authority, kind, found)
  })
}

function toApplication(application: Application): Entity {
  const { id, displayName, redirectUris = {}, secrets = [], certificates = [] } = application
  return {
    id: deriveGuid('application', id),
    appId: id,
    displayName,
    signInAudience: application.signInAudience ?? 'AzureADMyOrg',
    identifierUris: application.identifierUris ?? [],
    api: {
      requestedAccessTokenVersion: application.accessTokenAcceptedVersion ?? null,
      oauth2PermissionScopes: scopesOf(application),
      knownClientApplications: application.knownClientApplications ?? [],
      preAuthorizedApplications: (application.preAuthorizedApplications ?? []).map((client) => ({
        appId: client.id,
        delegatedPermissionIds: client.scopes.map((value) => deriveGuid('scope', id, value)),
      })),
    },
    isFallbackPublicClient: application.isFallbackPublicClient ?? false,
    optionalClaims: {
      accessToken: claimsOf(application.optionalClaims?.accessToken),
      idToken: claimsOf(application.optionalClaims?.idToken),
      saml2Token: [],
    },
    appRoles: rolesOf(application),
    requiredResourceAccess: requiredBy(application),
    spa: { redirectUris: redirectUris.spa ?? [] },
    web: { redirectUris: redirectUris.web ?? [] },
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

function scopesOf({ id, scopes = [] }: Application): readonly Entity[] {
  return scopes.map(({ value, description, adminOnly = false }) => ({
    id: deriveGuid('scope', id, value),
    value,
    type: adminOnly ? 'Admin' : 'User',
    adminConsentDisplayName: description ?? value,
    isEnabled: true,
  }))
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

function rolesOf({ id, appRoles = [] }: Application): readonly Entity[] {
  return appRoles.map(({ value, description }) => ({
    id: deriveGuid('role', id, value),
    value,
    displayName: description ?? value,
    allowedMemberTypes: ['Application', 'User'],
    isEnabled: true,
  }))
}

function requiredBy({ requiredResourceAccess = [] }: Application): readonly Entity[] {
  return requiredResourceAccess.map(({ resourceId, scopes = [], roles = [] }) => ({
    resourceAppId: resourceId,
    resourceAccess: [
      ...scopes.map((value) => ({ id: deriveGuid('scope', resourceId, value), type: 'Scope' })),
      ...roles.map((value) => ({ id: deriveGuid('role', resourceId, value), type: 'Role' })),
    ],
  }))
}
