// The registrations of the tenant, as Entra wants them for MCP: the URL to the letter, v2.0 tokens, a single tenant.
import { defaultDirectory } from '@midtier/emulator'
import { defineRegistrations, emulatorDirectory } from 'midtier/registration'

export const tenantId = 'c0000000-0000-4000-8000-000000000001'
export const todoApiId = 'a0000000-0000-4000-8000-000000000003'
const serverId = 'a0000000-0000-4000-8000-0000000000f1'
export const clientId = 'a0000000-0000-4000-8000-0000000000f2'
export const redirectUri = 'http://localhost/callback'

export const register = (url) =>
  defineRegistrations({
    name: 'mcp-server',
    tenantId,
    applications: {
      server: {
        displayName: 'To-do list for agents',
        clientId: serverId,
        identifierUris: [url],
        scopes: { 'Todos.Read': 'Read your to-do list', 'Todos.Write': 'Add to your to-do list' },
        downstream: { graph: ['User.Read'], todolist: ['Tasks.ReadWrite'] },
      },
      todolist: {
        displayName: 'To Do API',
        clientId: todoApiId,
        scopes: { 'Tasks.ReadWrite': 'Read and change your tasks' },
      },
      client: {
        displayName: 'MCP client',
        clientId,
        // The second is that of MCP Inspector, which redeems codes in its own process. Ports of localhost are not compared.
        redirectUris: { publicClient: [redirectUri, 'http://localhost/oauth/callback'] },
      },
    },
  })

/** For the real tenant: `npx midtier registration script registrations.mjs`, with the server's URL in MCP_URL. */
export default register(process.env.MCP_URL ?? 'https://mcp.contoso.com/mcp')

const access = [
  { resourceId: '00000003-0000-0000-c000-000000000000', scopes: ['User.Read'] },
  { resourceId: todoApiId, scopes: ['Tasks.ReadWrite'] },
]

export function createDirectory(url) {
  const consents = access.map((each) => ({ tenantId, clientId: serverId, ...each }))
  const secrets = { server: 'secret-for-local-use-only' }
  return emulatorDirectory(register(url), { base: { ...defaultDirectory, consents }, secrets })
}
