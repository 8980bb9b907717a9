// The registrations of the tenant, as Entra wants them for MCP: the URL to the letter, v2.0 tokens, a single tenant.
import { defaultDirectory } from '@midtier/emulator'

export const tenantId = 'c0000000-0000-4000-8000-000000000001'
export const todoApiId = 'a0000000-0000-4000-8000-000000000003'
export const serverId = 'a0000000-0000-4000-8000-0000000000f1'
export const clientId = 'a0000000-0000-4000-8000-0000000000f2'
export const redirectUri = 'http://localhost/callback'

const access = [
  { resourceId: '00000003-0000-0000-c000-000000000000', scopes: ['User.Read'] },
  { resourceId: todoApiId, scopes: ['Tasks.ReadWrite'] },
]

export function createDirectory(url) {
  const names = { id: serverId, displayName: 'To-do list for agents', identifierUris: [url] }
  const secrets = [{ value: 'secret-for-local-use-only' }]
  const scopes = [{ value: 'Todos.Read' }, { value: 'Todos.Write' }]
  const server = { ...names, tenantId, secrets, scopes, accessTokenAcceptedVersion: 2 }
  // The second is that of MCP Inspector, which redeems codes in its own process. Ports of localhost are not compared.
  const redirectUris = { publicClient: [redirectUri, 'http://localhost/oauth/callback'] }
  const client = { id: clientId, displayName: 'MCP client', tenantId, redirectUris }
  const consents = access.map((each) => ({ tenantId, clientId: serverId, ...each }))
  return { ...defaultDirectory, applications: [...defaultDirectory.applications, server, client], consents }
}
