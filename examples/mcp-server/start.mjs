// `npm start`: emulator, To Do API, MCP server and the official client, through the whole sign-in. `--inspector`: MCP Inspector instead.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import { createEmulator } from '@midtier/emulator'
import { clientSecret, createWebApi } from 'midtier'
import { webApiOptions } from 'midtier/registration'
import { openInspector } from './inspector.mjs'
import { createPerson } from './person.mjs'
import { clientId, createDirectory, register, tenantId, todoApiId } from './registrations.mjs'
import { createMcpListener, createTodoListener } from './server.mjs'

const say = (who, what) => console.log(`${who.padEnd(7)} ${what}`)
const listen = () => createServer().listen(0, '127.0.0.1')
const [mcp, todo] = [listen(), listen()]
await Promise.all([mcp, todo].map((server) => once(server, 'listening')))
const originOf = (server) => `http://127.0.0.1:${server.address().port}`

const url = `${originOf(mcp)}/mcp`
const emulator = await createEmulator({ directory: createDirectory(url) })
const entra = { tenantId, instance: emulator.origin, clock: { nowMs: () => emulator.clock.now() } }
const api = createWebApi({
  ...webApiOptions(register(url), 'server', { graph: `${emulator.origin}/v1.0/`, todolist: originOf(todo) }),
  ...entra,
  clientCredential: clientSecret('secret-for-local-use-only'),
  resource: { identifier: url, scopes: [`${url}/Todos.Read`, `${url}/Todos.Write`] },
})
todo.on('request', createTodoListener(createWebApi({ ...entra, clientId: todoApiId })))
mcp.on('request', createMcpListener(api))
say('server', url)
await (process.argv.includes('--inspector') ? openInspector(url, clientId) : callTools())
process.exit()

async function callTools() {
  const person = createPerson('alice@contoso.onmicrosoft.com', (address) => {
    const [scope, resource] = ['scope', 'resource'].map((name) => address.searchParams.get(name))
    say('alice', `signs in for ${scope.replaceAll(`${url}/`, '')}, resource=${resource}`)
    return address
  })
  const client = new Client({ name: 'example', version: '1.0.0' })
  let transport
  const connect = () => {
    transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: person })
    return client.connect(transport)
  }
  const signedIn = (work) =>
    work().catch(async (error) => {
      if (!(error instanceof UnauthorizedError)) throw error
      await transport.finishAuth(person.code())
      return work()
    })
  await signedIn(connect)
  const call = async (name, given = {}) => {
    const { content } = await signedIn(() => client.callTool({ name, arguments: given }))
    say('client', `${name}: ${content[0].text}`)
  }
  await call('whoami')
  await call('add_todo', { title: 'Milk' })
  emulator.clock.advance(2 * 3600)
  say('clock', 'two hours later, the token is over')
  await call('list_todos')
}
