// The tenant: a blueprint, its agent, the agent's user account, what they may, and Alice with the application that she uses.

export const tenantId = 'c0000000-0000-4000-8000-000000000001'
export const blueprintId = 'a0000000-0000-4000-8000-0000000000b1'
export const agentId = 'a0000000-0000-4000-8000-0000000000b2'
export const tripsApiId = 'a0000000-0000-4000-8000-0000000000b3'
export const clientId = 'a0000000-0000-4000-8000-0000000000b4'
export const redirectUri = 'http://localhost/callback'
export const secret = 'blueprint-secret-for-local-use-only'

const alice = 'c0000000-0000-4000-8000-0000000000a1'
const account = 'c0000000-0000-4000-8000-0000000000a2'
export const accountName = 'booking@contoso.onmicrosoft.com'

// Holds the credential for its agents, is what clients ask a token for, and hands down what was consented to.
const blueprint = {
  id: blueprintId,
  displayName: 'Travel agents',
  tenantId,
  identifierUris: [`api://${blueprintId}`],
  secrets: [{ value: secret }],
  scopes: [{ value: 'access_agent', description: 'Ask the booking agent to act on your behalf' }],
  accessTokenAcceptedVersion: 2,
  preAuthorizedApplications: [{ id: clientId, scopes: ['access_agent'] }],
  agentBlueprint: { inheritablePermissions: [{ resourceId: tripsApiId, scopes: 'all' }] },
}

const tripsApi = {
  id: tripsApiId,
  displayName: 'Trips API',
  tenantId,
  identifierUris: [`api://${tripsApiId}`],
  scopes: [{ value: 'Trips.ReadWrite', description: 'Read and change your trips' }],
  appRoles: [{ value: 'Trips.Read.All', description: 'Read the trips of all users' }],
  accessTokenAcceptedVersion: 2,
}

const client = {
  id: clientId,
  displayName: 'Travel app',
  tenantId,
  redirectUris: { publicClient: [redirectUri] },
}

export const directory = {
  tenants: [{ id: tenantId, displayName: 'Contoso', domains: ['contoso.onmicrosoft.com'] }],
  applications: [blueprint, tripsApi, client],
  agentIdentities: [{ id: agentId, displayName: 'Booking agent', blueprintId, tenantId }],
  users: [
    {
      id: alice,
      tenantId,
      username: 'alice@contoso.onmicrosoft.com',
      password: 'Passw0rd!',
      displayName: 'Alice Adams',
    },
    // Nobody signs in as this one: it has no password, and the agent alone acts as it.
    {
      id: account,
      tenantId,
      username: accountName,
      displayName: 'Booking agent, the user',
      agentIdentityId: agentId,
    },
  ],
  // For the person and for its user account the agent has what the blueprint was given; by itself, what it was assigned.
  consents: [{ tenantId, clientId: blueprintId, resourceId: tripsApiId, scopes: ['Trips.ReadWrite'] }],
  appRoleAssignments: [{ tenantId, principalId: agentId, resourceId: tripsApiId, role: 'Trips.Read.All' }],
}

/** What an id is called. */
export const nameOf = (wanted) =>
  [...directory.users, ...directory.applications, ...directory.agentIdentities].find(
    ({ id }) => id === wanted,
  )?.displayName ?? wanted
