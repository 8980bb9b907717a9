// The same MCP server by both generations of the SDK, on the servers that their guides show.
import { randomUUID } from 'node:crypto'
import { callerOf, protectMcp, renderErrors } from 'midtier/mcp'
import express from 'express'
import { Hono } from 'hono'
import { getRequestListener } from '@hono/node-server'
import { McpServer as McpServer1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js'
import { createMcpHandler, McpServer as McpServer2 } from '@modelcontextprotocol/server'
import { toNodeHandler } from '@modelcontextprotocol/node'

const gate = (api) => protectMcp(api, { scopes: ['Mcp.Use'], tools: { send: { scopes: ['Mail.Send'] } } })

function withTools(server) {
  const whoami = async (extra) => {
    const held = extra.requestInfo?.headers.authorization ?? extra.http?.req?.headers.get('authorization')
    if (held) throw new Error('the token is behind the gate') // both generations hand the headers to tools
    const { displayName } = await callerOf(extra).downstream('graph').getJson('me')
    return { content: [{ type: 'text', text: displayName }] }
  }
  server.registerTool('whoami', { description: 'Who you are' }, renderErrors(whoami, { server }))
  server.registerTool(
    'send',
    { description: 'Sends' },
    renderErrors((extra) => ({
      content: [{ type: 'text', text: 'sent by ' + callerOf(extra).principal.scopes.join(' ') }],
    })),
  )
  return server
}

const info = { name: 'who', version: '1.0.0' }

/** Sessions, as the examples of sdk 1.x have them. */
export function sdk1(api, options = {}) {
  const transports = new Map()
  const app = express()
  app.use(gate(api).express)
  app.use(express.json())
  app.all('/mcp', async (req, res) => {
    let transport = transports.get(req.headers['mcp-session-id'])
    if (transport === undefined && isInitializeRequest(req.body)) {
      transport = new StreamableHTTPServerTransport({
        ...options,
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (id) => void transports.set(id, transport),
      })
      await withTools(new McpServer1(info)).connect(transport)
    }
    if (transport === undefined)
      res
        .status(404)
        .json({ jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null })
    else await transport.handleRequest(req, res, req.body)
  })
  return app
}

const handler2 = () => createMcpHandler(() => withTools(new McpServer2(info)))

export const servers = {
  'sdk 1.32 on Express, with sessions': (api) => sdk1(api),
  'server 2.4 on node:http': (api) => gate(api).node(toNodeHandler(handler2())),
  'server 2.4 on Express': (api) => {
    const node = toNodeHandler(handler2())
    return express()
      .use(express.json(), gate(api).express)
      .all('/mcp', (req, res) => void node(req, res, req.body))
  },
  'server 2.4 on Hono': (api) => {
    const { fetch } = handler2()
    const app = new Hono()
    app.use(gate(api).hono)
    app.all('/mcp', (c) => fetch(c.req.raw, { authInfo: c.get('auth'), parsedBody: c.get('parsedBody') }))
    return getRequestListener(app.fetch)
  },
  'server 2.4 on fetch': (api) => getRequestListener(gate(api).fetch(handler2().fetch)),
}
