// Checks a directory that someone wrote by hand; a mistake is named by its path.
import * as v from 'valibot'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { isGuid } from '../kernel/guid.ts'
import { parsePolicies } from './policy-schema.ts'
import { checkAgents } from './agents.ts'
import { checkIdentifierUris } from './identifier-uris.ts'
import { graphId, defaultDirectory } from './default-directory.ts'
import { entraTenant } from './entra-issuer.ts'
import { checkManagedIdentities } from './managed-identities.ts'
import { checkReferences } from './references.ts'
import type { AgentIdentity, Consent, DirectoryData } from './model.ts'

const guid = v.pipe(
  v.string(),
  v.check(isGuid, 'must be a GUID'),
  v.transform((value) => value.toLowerCase()),
)
const textOf = (most: number) =>
  v.pipe(
    v.string(),
    v.minLength(1, 'must not be empty'),
    v.maxLength(most, `at most ${String(most)} characters`),
  )
// Names and values of permissions are as long as Entra lets them be; nothing else is so long that a page could not show it.
const text = textOf(4096)
/** What people sign in by is one line. */
const username = v.pipe(text, v.regex(/^\P{Cc}*$/u, 'must have no control character'))
const displayName = textOf(256)
const permissionName = textOf(120)
const pem = textOf(65_536)
const texts = v.array(text)
const permissionNames = v.array(permissionName)
const optional = v.exactOptional
const redirectUri = v.pipe(text, v.url('must be an absolute URL'))
const redirectUris = v.pipe(v.array(redirectUri), v.maxLength(256, 'at most 256 redirect URIs'))

const tenant = v.strictObject({
  id: guid,
  displayName,
  domains: v.pipe(v.array(textOf(253)), v.minLength(1, 'a tenant needs a domain')),
})

const user = v.strictObject({
  id: guid,
  tenantId: guid,
  username,
  password: optional(text),
  agentIdentityId: optional(guid),
  displayName,
  givenName: optional(text),
  surname: optional(text),
  mail: optional(text),
  jobTitle: optional(text),
  officeLocation: optional(text),
  mobilePhone: optional(text),
  businessPhones: optional(texts),
  preferredLanguage: optional(text),
  accountEnabled: optional(v.boolean()),
  administrator: optional(v.boolean()),
  groups: optional(texts),
  guestIn: optional(v.array(v.strictObject({ tenantId: guid, id: guid }))),
})

const optionalClaim = v.union([text, v.strictObject({ name: text, additionalProperties: optional(texts) })])
const permission = v.strictObject({
  value: permissionName,
  description: optional(text),
  adminOnly: optional(v.boolean()),
  enabled: optional(v.boolean()),
  id: optional(guid),
})
const isoDate = v.pipe(
  text,
  v.check((value) => !Number.isNaN(Date.parse(value)), 'must be an ISO 8601 date'),
)
const federatedCredential = v.pipe(
  v.strictObject({
    issuer: text,
    subject: text,
    audience: optional(text),
    jwks: optional(v.object({ keys: v.array(v.record(v.string(), v.unknown())) })),
  }),
  v.check(
    ({ issuer, jwks }) => jwks !== undefined || entraTenant(issuer) !== undefined,
    'needs its keys (jwks), unless the issuer is https://login.microsoftonline.com/{tenant id}/v2.0',
  ),
)

const managedIdentity = v.strictObject({
  principalId: guid,
  resourceId: text,
  assignedBy: optional(v.picklist(['system', 'user'])),
})

const noCredential = v.exactOptional(
  v.never('AgentIdentity_CredentialsNotSupported: credentials belong to the blueprint'),
)

const agentIdentity = v.strictObject({
  id: guid,
  displayName,
  blueprintId: guid,
  tenantId: guid,
  enabled: optional(v.boolean()),
  secrets: noCredential,
  certificates: noCredential,
  federatedCredentials: noCredential,
})

const inheritablePermission = v.strictObject({
  resourceId: guid,
  scopes: v.union([v.literal('all'), texts], "must be 'all' or a list of scopes"),
})

const application = v.strictObject({
  id: guid,
  displayName,
  tenantId: optional(guid),
  signInAudience: optional(v.picklist(['AzureADMyOrg', 'AzureADMultipleOrgs'])),
  provisionedIn: optional(v.array(guid)),
  publisher: optional(text),
  enabled: optional(v.boolean()),
  redirectUris: optional(
    v.strictObject({
      spa: optional(redirectUris),
      web: optional(redirectUris),
      publicClient: optional(redirectUris),
    }),
  ),
  frontChannelLogoutUrl: optional(v.pipe(redirectUri, v.regex(/^https?:/i, 'must be of http or https'))),
  isFallbackPublicClient: optional(v.boolean()),
  enableIdTokenIssuance: optional(v.boolean()),
  secrets: optional(v.array(v.strictObject({ value: text, expires: optional(isoDate) }))),
  certificates: optional(
    v.array(v.pipe(pem, v.includes('BEGIN CERTIFICATE', 'must be a certificate in PEM'))),
  ),
  federatedCredentials: optional(v.array(federatedCredential)),
  identifierUris: optional(texts),
  scopes: optional(v.array(permission)),
  appRoles: optional(
    v.array(v.strictObject({ value: permissionName, description: optional(text), id: optional(guid) })),
  ),
  requiredResourceAccess: optional(
    v.array(
      v.strictObject({
        resourceId: guid,
        scopes: optional(permissionNames),
        roles: optional(permissionNames),
      }),
    ),
  ),
  accessTokenAcceptedVersion: optional(v.picklist([1, 2])),
  optionalClaims: optional(
    v.strictObject({
      accessToken: optional(v.array(optionalClaim)),
      idToken: optional(v.array(optionalClaim)),
    }),
  ),
  groupMembershipClaims: optional(v.picklist(['SecurityGroup', 'DirectoryRole', 'ApplicationGroup', 'All'])),
  preAuthorizedApplications: optional(v.array(v.strictObject({ id: guid, scopes: permissionNames }))),
  knownClientApplications: optional(v.array(guid)),
  agentBlueprint: optional(
    v.strictObject({ inheritablePermissions: optional(v.array(inheritablePermission)) }),
  ),
  managedIdentity: optional(managedIdentity),
  appRoleAssignmentRequired: optional(v.boolean()),
  accessTokenLifetimeSeconds: optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

const grant = { tenantId: guid, resourceId: guid }

const consent = v.strictObject({
  ...grant,
  clientId: guid,
  scopes: permissionNames,
  userId: optional(guid),
})

const directory = v.strictObject({
  tenants: v.pipe(v.array(tenant), v.minLength(1, 'a directory needs a tenant')),
  users: v.array(user),
  applications: v.array(application),
  groups: optional(v.array(v.strictObject({ id: guid, displayName: text }))),
  agentIdentities: optional(v.array(agentIdentity)),
  consents: optional(v.array(consent)),
  appRoleAssignments: optional(
    v.array(v.strictObject({ ...grant, principalId: guid, role: permissionName })),
  ),
  // Their shape depends on their kind, and is checked where policies are.
  policies: optional(v.array(v.unknown())),
})

/** A consent that arrives as JSON, or the sentence that says what is wrong with it. */
export function parseConsent(value: unknown): Consent | string {
  const result = v.safeParse(consent, value)
  if (result.success) return result.output
  const [issue] = result.issues
  return `${v.getDotPath(issue) ?? 'consent'}: ${issue.message}`
}

/**
 * Parses an agent identity that is to be added to a directory.
 * @throws {EmulatorOptionsError} naming the member that is wrong
 */
export function parseAgentIdentity(value: unknown, path: string): AgentIdentity {
  const result = v.safeParse(agentIdentity, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const member = v.getDotPath(issue)
  throw new EmulatorOptionsError(member === null ? path : `${path}.${member}`, issue.message)
}

/**
 * Parses a directory and checks that what it refers to exists. Microsoft Graph is added when it is missing.
 * @throws {EmulatorOptionsError} naming the path of the first mistake
 */
export function parseDirectory(value: unknown): DirectoryData {
  const result = v.safeParse(directory, value)
  if (!result.success) throw describe(result.issues[0])
  const { policies = [], ...rest } = result.output
  const complete = withGraph(rest)
  checkReferences(complete)
  checkIdentifierUris(complete)
  checkAgents(complete)
  checkManagedIdentities(complete)
  return { ...complete, policies: parsePolicies(policies, complete, 'directory.policies') }
}

function describe(issue: v.BaseIssue<unknown>): EmulatorOptionsError {
  return new EmulatorOptionsError(path('directory', v.getDotPath(issue) ?? ''), issue.message)
}

function path(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('.')
}

function withGraph(data: DirectoryData): DirectoryData {
  if (data.applications.some(({ id }) => id === graphId)) return data
  const graph = defaultDirectory.applications.filter(({ id }) => id === graphId)
  return { ...data, applications: [...data.applications, ...graph] }
}
