// The official clients, unmodified, as their guides show a sign-in.
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { UnauthorizedError as Unauthorized1 } from '@modelcontextprotocol/sdk/client/auth.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import {
  Client as Client2,
  StreamableHTTPClientTransport as Transport2,
  UnauthorizedError as Unauthorized2,
} from '@modelcontextprotocol/client'

const kinds = {
  'sdk 1.32': {
    Client: Client1,
    Transport: Transport1,
    Unauthorized: Unauthorized1,
    elicit: ElicitRequestSchema,
  },
  'client 2.4': {
    Client: Client2,
    Transport: Transport2,
    Unauthorized: Unauthorized2,
    elicit: 'elicitation/create',
  },
}
/** As they are by default: 2.4 speaks to a server as 1.32 does, until it is told otherwise. */
export const clients = Object.keys(kinds)
const modern = { ...kinds['client 2.4'], options: { versionNegotiation: { mode: 'auto' } } }

/** Connects as a person; whenever the SDK says that it was sent to sign in, the code is handed over and the work is done again. */
export async function connect(kind, url, person, transportOptions = {}, openPage = undefined) {
  const { Client, Transport, Unauthorized, elicit, options = {} } = kinds[kind] ?? modern
  let transport
  const signedIn = async (work) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error
      await transport.finishAuth(person.code)
      return work()
    }
  }
  const capabilities = openPage === undefined ? {} : { elicitation: { url: {} } }
  const client = new Client({ name: 'client', version: '1.0.0' }, { ...options, capabilities })
  if (openPage !== undefined)
    client.setRequestHandler(elicit, async ({ params }) => {
      await openPage(params.url)
      return { action: 'accept' }
    })
  await signedIn(async () => {
    transport = new Transport(new URL(url), { authProvider: person.provider, ...transportOptions })
    await client.connect(transport)
  })
  return {
    get sessionId() {
      return transport.sessionId
    },
    tools: async () => (await signedIn(() => client.listTools())).tools.map(({ name }) => name),
    call: async (name) => {
      const result = await signedIn(() => client.callTool({ name, arguments: {} }))
      return result.content.map(({ text }) => text).join('\n')
    },
    close: () => client.close(),
  }
}
