// The ready-made directory: two tenants, three people, the applications of the To Do list scenario, and an agent.
import type { PolicyDefinition } from './policy.ts'
import type { AgentIdentity, Application, Consent, DirectoryData, Tenant, User } from './model.ts'

const contosoId = 'c0000000-0000-4000-8000-000000000001'
const fabrikamId = 'f0000000-0000-4000-8000-000000000001'
const webClientId = 'a0000000-0000-4000-8000-000000000001'
const middleTierId = 'a0000000-0000-4000-8000-000000000002'
const todoApiId = 'a0000000-0000-4000-8000-000000000003'
const daemonId = 'a0000000-0000-4000-8000-000000000004'
const legacyApiId = 'a0000000-0000-4000-8000-000000000005'
const blueprintId = 'a0000000-0000-4000-8000-000000000006'
const commandLineId = 'a0000000-0000-4000-8000-000000000008'
const hostId = 'a0000000-0000-4000-8000-000000000009'
const hostPrincipalId = 'c0000000-0000-4000-8000-0000000000d1'
const agentId = 'a0000000-0000-4000-8000-000000000007'

/** Application id of Microsoft Graph, the same in every tenant. */
export const graphId = '00000003-0000-0000-c000-000000000000'

const tenants: readonly Tenant[] = [
  { id: contosoId, displayName: 'Contoso', domains: ['contoso.onmicrosoft.com', 'contoso.com'] },
  { id: fabrikamId, displayName: 'Fabrikam', domains: ['fabrikam.onmicrosoft.com'] },
]

const password = 'Passw0rd!'

const users: readonly User[] = [
  {
    id: 'c0000000-0000-4000-8000-0000000000a1',
    tenantId: contosoId,
    username: 'alice@contoso.onmicrosoft.com',
    password,
    displayName: 'Alice Adams',
    givenName: 'Alice',
    surname: 'Adams',
    mail: 'alice@contoso.com',
    jobTitle: 'Product Manager',
    officeLocation: 'Building 1',
    mobilePhone: '+1 425 555 0101',
    businessPhones: ['+1 425 555 0100'],
    preferredLanguage: 'en-US',
    administrator: true,
  },
  {
    id: 'c0000000-0000-4000-8000-0000000000b1',
    tenantId: contosoId,
    username: 'bob@contoso.onmicrosoft.com',
    password,
    displayName: 'Bob Brown',
    givenName: 'Bob',
    surname: 'Brown',
    mail: 'bob@contoso.com',
    jobTitle: 'Engineer',
    officeLocation: 'Building 2',
    preferredLanguage: 'en-US',
  },
  {
    id: 'f0000000-0000-4000-8000-0000000000c1',
    tenantId: fabrikamId,
    username: 'carol@fabrikam.onmicrosoft.com',
    password,
    displayName: 'Carol Chen',
    givenName: 'Carol',
    surname: 'Chen',
    mail: 'carol@fabrikam.onmicrosoft.com',
    jobTitle: 'Partner Architect',
    preferredLanguage: 'en-GB',
    guestIn: [{ tenantId: contosoId, id: 'c0000000-0000-4000-8000-0000000000c9' }],
  },
  {
    id: 'c0000000-0000-4000-8000-0000000000e1',
    tenantId: contosoId,
    username: 'assistant@contoso.onmicrosoft.com',
    displayName: 'Contoso Assistant',
    mail: 'assistant@contoso.com',
    agentIdentityId: agentId,
  },
]

const multiTenant = {
  tenantId: contosoId,
  publisher: 'Contoso',
  signInAudience: 'AzureADMultipleOrgs',
  provisionedIn: [fabrikamId],
} as const

const webApiClaims = { accessToken: ['xms_cc', 'idtyp', 'acrs', 'sid'] }

const applications: readonly Application[] = [
  {
    ...multiTenant,
    id: webClientId,
    displayName: 'To Do list web client',
    redirectUris: { spa: ['http://localhost:3000/', 'http://localhost:3000/redirect.html'] },
    requiredResourceAccess: [{ resourceId: middleTierId, scopes: ['access_as_user'] }],
  },
  {
    ...multiTenant,
    id: middleTierId,
    displayName: 'To Do list middle tier',
    identifierUris: [`api://${middleTierId}`],
    secrets: [{ value: 'middle-tier-secret-for-local-use-only' }],
    federatedCredentials: [
      { issuer: `https://login.microsoftonline.com/${contosoId}/v2.0`, subject: hostPrincipalId },
    ],
    scopes: [{ value: 'access_as_user', description: 'Read and change your to-do list on your behalf' }],
    requiredResourceAccess: [
      { resourceId: todoApiId, scopes: ['Tasks.ReadWrite'] },
      { resourceId: graphId, scopes: ['User.Read'] },
    ],
    accessTokenAcceptedVersion: 2,
    optionalClaims: webApiClaims,
    knownClientApplications: [webClientId],
    // Nobody can be asked in a terminal.
    preAuthorizedApplications: [{ id: commandLineId, scopes: ['access_as_user'] }],
  },
  {
    ...multiTenant,
    id: todoApiId,
    displayName: 'To Do API',
    identifierUris: [`api://${todoApiId}`],
    scopes: [{ value: 'Tasks.ReadWrite', description: 'Read and change your tasks' }],
    appRoles: [{ value: 'Tasks.Read.All', description: 'Read the tasks of all users' }],
    accessTokenAcceptedVersion: 2,
    optionalClaims: webApiClaims,
  },
  {
    ...multiTenant,
    id: commandLineId,
    displayName: 'To Do list command line',
    redirectUris: { publicClient: ['http://localhost'] },
    isFallbackPublicClient: true,
    requiredResourceAccess: [{ resourceId: middleTierId, scopes: ['access_as_user'] }],
  },
  {
    id: daemonId,
    displayName: 'Nightly report daemon',
    tenantId: contosoId,
    publisher: 'Contoso',
    secrets: [{ value: 'daemon-secret-for-local-use-only' }],
    requiredResourceAccess: [{ resourceId: todoApiId, roles: ['Tasks.Read.All'] }],
  },
  {
    id: hostId,
    displayName: 'To Do list host',
    tenantId: contosoId,
    managedIdentity: {
      principalId: hostPrincipalId,
      resourceId: `/subscriptions/${contosoId}/resourceGroups/todo/providers/Microsoft.Web/sites/todo`,
      assignedBy: 'system',
    },
  },
  {
    id: legacyApiId,
    displayName: 'Legacy web API',
    tenantId: contosoId,
    publisher: 'Contoso',
    identifierUris: ['api://legacy.contoso.com'],
    scopes: [{ value: 'user_impersonation', description: 'Use the legacy web API on your behalf' }],
    accessTokenAcceptedVersion: 1,
  },
  {
    ...multiTenant,
    id: blueprintId,
    displayName: 'Assistant blueprint',
    identifierUris: [`api://${blueprintId}`],
    // For consent alone: a blueprint signs nobody in.
    redirectUris: { web: ['http://localhost:3000/consented'] },
    secrets: [{ value: 'blueprint-secret-for-local-use-only' }],
    scopes: [{ value: 'access_agent', description: 'Ask the assistant to act on your behalf' }],
    requiredResourceAccess: [
      { resourceId: todoApiId, scopes: ['Tasks.ReadWrite'] },
      { resourceId: graphId, scopes: ['User.Read'] },
    ],
    accessTokenAcceptedVersion: 2,
    optionalClaims: webApiClaims,
    preAuthorizedApplications: [{ id: webClientId, scopes: ['access_agent'] }],
    agentBlueprint: {
      inheritablePermissions: [
        { resourceId: todoApiId, scopes: 'all' },
        { resourceId: graphId, scopes: 'all' },
      ],
    },
  },
  {
    id: graphId,
    displayName: 'Microsoft Graph',
    publisher: 'Microsoft',
    identifierUris: ['https://graph.microsoft.com'],
    scopes: [
      { value: 'User.Read', description: 'Sign you in and read your profile' },
      { value: 'User.ReadBasic.All', description: "Read all users' basic profiles" },
      { value: 'User.Read.All', description: "Read all users' full profiles", adminOnly: true },
      { value: 'GroupMember.Read.All', description: 'Read group memberships', adminOnly: true },
      { value: 'ProfilePhoto.Read.All', description: 'Read all profile photos', adminOnly: true },
      { value: 'Directory.Read.All', description: 'Read directory data', adminOnly: true },
      { value: 'Application.Read.All', description: 'Read applications', adminOnly: true },
      { value: 'Mail.Read', description: 'Read your mail' },
      { value: 'openid', description: 'Sign you in' },
      { value: 'profile', description: 'View your basic profile' },
      { value: 'email', description: 'View your email address' },
      { value: 'offline_access', description: 'Maintain access to data you have given it access to' },
    ],
    appRoles: [
      { value: 'User.Read.All', description: "Read all users' full profiles" },
      { value: 'GroupMember.Read.All', description: 'Read all group memberships' },
      { value: 'ProfilePhoto.Read.All', description: 'Read all profile photos' },
      { value: 'Directory.Read.All', description: 'Read directory data' },
      { value: 'Application.Read.All', description: 'Read all applications' },
      { value: 'AgentIdentity.Create.All', description: 'Create agent identities of any blueprint' },
      { value: 'AgentIdentity.CreateAsManager', description: 'Create agent identities of its own' },
    ],
    optionalClaims: { accessToken: ['xms_cc'] },
    accessTokenAcceptedVersion: 1,
  },
]

const agentIdentities: readonly AgentIdentity[] = [
  { id: agentId, displayName: 'Contoso Assistant', blueprintId, tenantId: contosoId },
]

const consents: readonly Consent[] = tenants.flatMap(({ id: tenantId }) => [
  { tenantId, clientId: middleTierId, resourceId: todoApiId, scopes: ['Tasks.ReadWrite'] },
  { tenantId, clientId: middleTierId, resourceId: graphId, scopes: ['User.Read'] },
  { tenantId, clientId: blueprintId, resourceId: todoApiId, scopes: ['Tasks.ReadWrite'] },
  { tenantId, clientId: blueprintId, resourceId: graphId, scopes: ['User.Read'] },
])

// All switched off: the home page, a test or another process switches them on.
const policies: readonly PolicyDefinition[] = [
  { id: policyId(1), kind: 'require_mfa', resource: todoApiId, enabled: false },
  { id: policyId(2), kind: 'require_registration', resource: todoApiId, enabled: false },
  { id: policyId(3), kind: 'block', resource: todoApiId, enabled: false },
  { id: policyId(4), kind: 'sign_in_frequency', resource: todoApiId, maxAgeSeconds: 3600, enabled: false },
  { id: policyId(5), kind: 'require_auth_context', resource: todoApiId, authContext: 'c1', enabled: false },
  { id: policyId(6), kind: 'require_mfa', resource: graphId, enabled: false },
]

function policyId(number: number): string {
  return `b0000000-0000-4000-8000-00000000000${String(number)}`
}

/** The directory that an emulator starts with when it is given none. */
export const defaultDirectory: DirectoryData = {
  tenants,
  users,
  applications,
  agentIdentities,
  consents,
  policies,
  appRoleAssignments: [
    { tenantId: contosoId, principalId: daemonId, resourceId: todoApiId, role: 'Tasks.Read.All' },
    { tenantId: contosoId, principalId: hostId, resourceId: todoApiId, role: 'Tasks.Read.All' },
    { tenantId: contosoId, principalId: agentId, resourceId: todoApiId, role: 'Tasks.Read.All' },
  ],
}
