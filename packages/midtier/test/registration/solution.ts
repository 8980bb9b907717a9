// Registrations of every kind: a page, an API that calls others, an API of their own, a nightly job, and an agent's blueprint.
import { defineRegistrations } from '../../src/registration/registration.ts'
import { ids } from '../behaviour/scenario.ts'

export const solution = defineRegistrations({
  name: 'todo',
  tenantId: ids.contoso,
  applications: {
    page: {
      displayName: 'Page',
      redirectUris: { spa: ['http://localhost/', 'http://localhost/redirect.html'] },
      idTokenIssuance: true,
      groupClaims: 'SecurityGroup',
      optionalClaims: { idToken: ['sid'] },
      downstream: { api: ['access_as_user'] },
    },
    api: {
      displayName: "The API of $HOME, `date` and 'quotes'",
      signInAudience: 'AzureADMultipleOrgs',
      scopes: {
        access_as_user: 'Use the API on your behalf',
        'Everything.Delete': { description: 'Delete everything', adminOnly: true },
      },
      optionalClaims: { accessToken: ['xms_cc', 'acrs'] },
      redirectUris: { web: ['https://api.contoso.com/consented'] },
      downstream: { tasks: ['Tasks.ReadWrite'], graph: ['User.Read', 'Mail.Read'] },
      knownClients: ['page'],
      preAuthorizedClients: { page: ['access_as_user'], commandLine: [] },
    },
    tasks: {
      displayName: 'Tasks',
      clientId: 'a0000000-0000-4000-8000-0000000000e1',
      identifierUris: ['api://tasks.contoso.com'],
      tokenVersion: 1,
      scopes: {
        'Tasks.ReadWrite': {
          description: 'Read and change your tasks',
          id: 'A0000000-0000-4000-8000-0000000000E2',
        },
      },
      appRoles: {
        'Tasks.Read.All': {
          description: 'Read the tasks of all users',
          id: 'a0000000-0000-4000-8000-0000000000e3',
        },
        'Tasks.Audit': 'See who changed what',
      },
      preAuthorizedClients: { page: ['Tasks.ReadWrite'] },
    },
    nightly: {
      displayName: 'Nightly job',
      downstream: { tasks: { roles: ['Tasks.Read.All'] }, graph: { roles: ['User.Read.All'] } },
    },
    commandLine: {
      displayName: 'Command line',
      publicClientFlows: true,
      redirectUris: { publicClient: ['http://localhost'] },
      downstream: { api: ['access_as_user'] },
    },
    assistant: {
      displayName: 'Assistant',
      scopes: { access_agent: 'Ask the assistant' },
      downstream: { tasks: ['Tasks.ReadWrite'], graph: ['User.Read'] },
      agents: {
        booking: { displayName: 'Booking agent' },
        travel: { displayName: 'Travel agent' },
      },
    },
  },
})
