// Applications as Microsoft Graph takes them. What a tenant alone knows, such as ids that it assigns, is handed in as text that stands for it.
import type { Exposed, Permissions, ResolvedApplication } from '../resolve-applications.ts'

/** The id of a permission that an API of somebody else exposes. */
export type PermissionId = (apiId: string, kind: 'scope' | 'role', name: string) => string

/** What it is needed for a body beside the application. */
export interface BodyContext {
  readonly applications: readonly ResolvedApplication[]
  readonly permissionId: PermissionId
}

/** The body of an application. @see https://learn.microsoft.com/graph/api/resources/application */
export function buildApplicationBody(
  application: ResolvedApplication,
  context: BodyContext,
): Readonly<Record<string, unknown>> {
  const { redirectUris, optionalClaims, tokenVersion } = application
  const isBlueprint = application.agents !== undefined
  return {
    displayName: application.displayName,
    signInAudience: application.signInAudience,
    groupMembershipClaims: application.groupClaims ?? 'None',
    identifierUris: application.identifierUris,
    api: {
      ...(tokenVersion === undefined ? {} : { requestedAccessTokenVersion: tokenVersion }),
      oauth2PermissionScopes: application.scopes.map(toScope),
      knownClientApplications: application.knownClients,
    },
    appRoles: application.appRoles.map(toRole),
    optionalClaims: {
      accessToken: optionalClaims.accessToken.map(toClaim),
      idToken: optionalClaims.idToken.map(toClaim),
    },
    web: { redirectUris: redirectUris.web, ...(isBlueprint ? {} : implicitGrant(application)) },
    ...(isBlueprint ? {} : signInSettings(application)),
    requiredResourceAccess: application.downstream.map((permissions) => toRequired(permissions, context)),
  }
}

function implicitGrant({ idTokenIssuance }: ResolvedApplication): object {
  return {
    implicitGrantSettings: { enableIdTokenIssuance: idTokenIssuance, enableAccessTokenIssuance: false },
  }
}

/** Properties that a blueprint does not have: it signs nobody in. */
function signInSettings({ publicClientFlows, redirectUris }: ResolvedApplication): object {
  return {
    isFallbackPublicClient: publicClientFlows,
    spa: { redirectUris: redirectUris.spa },
    publicClient: { redirectUris: redirectUris.publicClient },
  }
}

/**
 * What comes after the scopes are there: Graph refuses pre-authorized clients in the request that makes the scopes they are for.
 */
export function buildPreAuthorizations({
  preAuthorizedClients,
  scopes,
}: ResolvedApplication): Readonly<Record<string, unknown>> {
  const idOf = (name: string): string | undefined => scopes.find(({ value }) => value === name)?.id
  return {
    api: {
      preAuthorizedApplications: preAuthorizedClients.map(({ clientId, scopes: names }) => ({
        appId: clientId,
        delegatedPermissionIds: names.map(idOf),
      })),
    },
  }
}

function toScope({ id, value, description, adminOnly }: Exposed): object {
  const forUsers = adminOnly
    ? {}
    : { userConsentDisplayName: description, userConsentDescription: description }
  return {
    id,
    value,
    type: adminOnly ? 'Admin' : 'User',
    adminConsentDisplayName: description,
    adminConsentDescription: description,
    ...forUsers,
    isEnabled: true,
  }
}

function toRole({ id, value, description }: Exposed): object {
  return {
    id,
    value,
    displayName: value,
    description,
    allowedMemberTypes: ['Application', 'User'],
    isEnabled: true,
  }
}

function toClaim(name: string): object {
  return { name, essential: false }
}

function toRequired(
  { clientId, name, scopes, roles }: Permissions,
  { applications, permissionId }: BodyContext,
): object {
  const api = applications.find((each) => each.name === name)
  const idOf = (kind: 'scope' | 'role', value: string): string =>
    (kind === 'scope' ? api?.scopes : api?.appRoles)?.find((each) => each.value === value)?.id ??
    permissionId(clientId, kind, value)
  return {
    resourceAppId: clientId,
    resourceAccess: [
      ...scopes.map((value) => ({ id: idOf('scope', value), type: 'Scope' })),
      ...roles.map((value) => ({ id: idOf('role', value), type: 'Role' })),
    ],
  }
}
