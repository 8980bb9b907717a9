// The bodies that Microsoft Graph takes, member by member as it documents them: what is not here, it answers 400 to.
export type Json = Record<string, unknown>

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const isGuid = (value: unknown): boolean => typeof value === 'string' && guid.test(value)
export const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const listOf =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(check)
type Shape = Readonly<Record<string, (value: unknown) => boolean>>

/** No member that Graph does not have: it answers 400 to those. */
const shaped =
  (shape: Shape) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, member]) => shape[name]?.(member) === true)

const redirectUris = listOf((value) => URL.canParse(String(value)))
const platform = shaped({ redirectUris })
const claims = listOf(shaped({ name: isText, essential: isFlag }))
const permission = {
  id: isGuid,
  value: isText,
  isEnabled: isFlag,
  description: isText,
  displayName: isText,
  type: (value: unknown) => value === 'User' || value === 'Admin',
  adminConsentDisplayName: isText,
  adminConsentDescription: isText,
  userConsentDisplayName: isText,
  userConsentDescription: isText,
  allowedMemberTypes: listOf(isText),
}

/** Required where a blueprint or an agent is made. */
export const sponsors = listOf((value) =>
  /^https:\/\/graph\.microsoft\.com\/v1\.0\/users\/[0-9a-f-]{36}$/.test(String(value)),
)

/** What blueprints have, too. @see https://learn.microsoft.com/graph/api/resources/agentidentityblueprint */
const shared: Shape = {
  displayName: isText,
  signInAudience: (value) => value === 'AzureADMyOrg' || value === 'AzureADMultipleOrgs',
  groupMembershipClaims: (value) =>
    ['None', 'SecurityGroup', 'DirectoryRole', 'ApplicationGroup', 'All'].includes(String(value)),
  identifierUris: listOf((value) => URL.canParse(String(value))),
  api: shaped({
    requestedAccessTokenVersion: (value) => value === 1 || value === 2,
    oauth2PermissionScopes: listOf(shaped(permission)),
    knownClientApplications: listOf(isGuid),
    preAuthorizedApplications: listOf(shaped({ appId: isGuid, delegatedPermissionIds: listOf(isGuid) })),
  }),
  appRoles: listOf(shaped(permission)),
  optionalClaims: shaped({ accessToken: claims, idToken: claims }),
  web: platform,
  requiredResourceAccess: listOf(
    shaped({ resourceAppId: isGuid, resourceAccess: listOf(shaped({ id: isGuid, type: isText })) }),
  ),
}

/** @see https://learn.microsoft.com/graph/api/resources/application */
export const application = shaped({
  ...shared,
  isFallbackPublicClient: isFlag,
  spa: platform,
  web: shaped({
    redirectUris,
    implicitGrantSettings: shaped({ enableIdTokenIssuance: isFlag, enableAccessTokenIssuance: isFlag }),
  }),
  publicClient: platform,
})
export const blueprint = shaped({ ...shared, 'sponsors@odata.bind': sponsors })
export const inheritable = shaped({
  resourceAppId: isGuid,
  inheritableScopes: shaped({ '@odata.type': (value) => value === 'microsoft.graph.allAllowedScopes' }),
})
