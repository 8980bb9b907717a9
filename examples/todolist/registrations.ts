// The app registrations and tenants of the scenario: what the emulator is started with, and what the APIs take their options from. None of this is secret.
import { defineRegistrations } from 'midtier/registration'

/** Contoso, home of the registrations, and Fabrikam, another organisation whose people may sign in. */
export const tenants = {
  contoso: 'c0000000-0000-4000-8000-000000000001',
  fabrikam: 'f0000000-0000-4000-8000-000000000001',
} as const

/** Client ids. */
export const clientIds = {
  webClient: 'a0000000-0000-4000-8000-000000000001',
  middleTier: 'a0000000-0000-4000-8000-000000000002',
  todoApi: 'a0000000-0000-4000-8000-000000000003',
  graph: '00000003-0000-0000-c000-000000000000',
  /** What the agent was made from: holds its credential, and is the API that the page calls to ask it. */
  blueprint: 'a0000000-0000-4000-8000-000000000006',
  /** An agent identity of Contoso. */
  agent: 'a0000000-0000-4000-8000-000000000007',
} as const

/** Policies of the To Do API that the page can switch. */
export const policyIds = {
  mfa: 'b0000000-0000-4000-8000-000000000001',
  block: 'b0000000-0000-4000-8000-000000000003',
} as const

/** Work against the emulator alone: a real registration's secret comes from the environment. */
export const emulatorOnlySecret = 'middle-tier-secret-for-local-use-only'
export const blueprintEmulatorOnlySecret = 'blueprint-secret-for-local-use-only'

/** What a person calls the things that claims name by id. */
export const displayNames: Readonly<Record<string, string>> = {
  [clientIds.webClient]: 'this page',
  [clientIds.middleTier]: 'middle-tier API',
  [clientIds.todoApi]: 'To Do API',
  [clientIds.graph]: 'Microsoft Graph',
  [clientIds.blueprint]: 'Assistant blueprint',
  [clientIds.agent]: 'Contoso Assistant',
  'https://graph.microsoft.com': 'Microsoft Graph',
  [tenants.contoso]: 'Contoso',
  [tenants.fabrikam]: 'Fabrikam',
}

const multiTenant = { signInAudience: 'AzureADMultipleOrgs' } as const
const webApiClaims = { accessToken: ['xms_cc', 'idtyp', 'acrs', 'sid'] }

/** The scenario as a tenant has to have it: `npx midtier registration script` makes a script of it, and `diff` compares. */
export default defineRegistrations({
  name: 'todolist',
  tenantId: tenants.contoso,
  applications: {
    webClient: {
      ...multiTenant,
      clientId: clientIds.webClient,
      displayName: 'To Do list web client',
      redirectUris: { spa: ['http://localhost:3000/', 'http://localhost:3000/redirect.html'] },
      downstream: { middleTier: ['access_as_user'] },
    },
    middleTier: {
      ...multiTenant,
      clientId: clientIds.middleTier,
      displayName: 'To Do list middle tier',
      scopes: { access_as_user: 'Read and change your to-do list on your behalf' },
      optionalClaims: webApiClaims,
      downstream: { todolist: ['Tasks.ReadWrite'], graph: ['User.Read'] },
      knownClients: ['webClient'],
      preAuthorizedClients: { commandLine: ['access_as_user'] },
    },
    todolist: {
      ...multiTenant,
      clientId: clientIds.todoApi,
      displayName: 'To Do API',
      scopes: { 'Tasks.ReadWrite': 'Read and change your tasks' },
      appRoles: { 'Tasks.Read.All': 'Read the tasks of all users' },
      optionalClaims: webApiClaims,
    },
    commandLine: {
      ...multiTenant,
      clientId: 'a0000000-0000-4000-8000-000000000008',
      displayName: 'To Do list command line',
      redirectUris: { publicClient: ['http://localhost'] },
      publicClientFlows: true,
      downstream: { middleTier: ['access_as_user'] },
    },
    blueprint: {
      ...multiTenant,
      clientId: clientIds.blueprint,
      displayName: 'Assistant blueprint',
      redirectUris: { web: ['http://localhost:3000/consented'] },
      scopes: { access_agent: 'Ask the assistant to act on your behalf' },
      optionalClaims: webApiClaims,
      downstream: { todolist: ['Tasks.ReadWrite'], graph: ['User.Read'] },
      preAuthorizedClients: { webClient: ['access_agent'] },
      agents: { assistant: { displayName: 'Contoso Assistant', clientId: clientIds.agent } },
    },
  },
})
