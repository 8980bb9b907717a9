// The app registrations and tenants of the scenario, as the emulator's default directory has them; none of this is secret.

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
