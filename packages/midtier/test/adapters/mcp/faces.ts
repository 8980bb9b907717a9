// The faces of the gate, each in front of the smallest thing that is a transport: it hands a message and its AuthInfo to tools, and answers
// as the SDKs do, with JSON when the tools are done or with a stream that begins before them.
import { serve as serveHono } from '@hono/node-server'
import express5 from 'express'
import express4 from 'express-4'
import { Hono } from 'hono'
import type { McpGate } from '../../../src/adapters/mcp.ts'
import { renderErrors } from '../../../src/adapters/node-http.ts'
import { keep, listen, type Running, urlOf } from './servers.ts'

export interface ToolContext {
  readonly authInfo?: object
}

export type Tool = (extra: ToolContext) => unknown

export interface Server {
  readonly tools: Readonly<Record<string, Tool>>
  /** Whether answers are streams; default JSON. */
  readonly streams?: boolean
}

export interface Face {
  readonly name: string
  readonly start: (mcp: McpGate, server: Server) => Promise<Running>
}

interface Message {
  readonly id?: number
  readonly method: string
  readonly params?: { readonly name: string }
}

async function answerOne({ tools }: Server, message: Message, authInfo: object | undefined): Promise<object> {
  const { id, method, params } = message
  if (method !== 'tools/call') return { jsonrpc: '2.0', id, result: {} }
  const tool = tools[params?.name ?? '']
  const result = await tool?.(authInfo === undefined ? {} : { authInfo })
  return { jsonrpc: '2.0', id, result }
}

function answerAll(server: Server, body: unknown, authInfo: object | undefined): Promise<unknown> {
  return Array.isArray(body)
    ? Promise.all(body.map((each) => answerOne(server, each as Message, authInfo)))
    : answerOne(server, body as Message, authInfo)
}

function respond(server: Server, body: unknown, authInfo: object | undefined): Promise<Response> | Response {
  const done = answerAll(server, body, authInfo)
  if (server.streams !== true) return done.then((value) => Response.json(value))
  const stream = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(await done)}\n\n`))
      controller.close()
    },
  })
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
}

async function answerNode(
  server: Server,
  [body, authInfo]: readonly [unknown, object | undefined],
  response: import('node:http').ServerResponse,
): Promise<void> {
  const done = answerAll(server, body, authInfo)
  if (server.streams === true) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    response.end(`data: ${JSON.stringify(await done)}\n\n`)
    return
  }
  const value = JSON.stringify(await done)
  response.writeHead(200, { 'Content-Type': 'application/json' })
  response.write(value)
  response.end()
}

type Express = typeof express5

const ofExpress = (name: string, express: Express, parser: boolean): Face => ({
  name,
  start: (mcp, server) => {
    const app = express().set('env', 'test')
    if (parser) app.use(express.json({ limit: '5mb' }))
    app.use(mcp.express)
    app.use((req, res) => {
      const { auth } = req as { auth?: object }
      void answerNode(server, [req.body as unknown, auth], res)
    })
    return listen(app)
  },
})

export const faces: readonly Face[] = [
  ofExpress('Express 5', express5, false),
  ofExpress('Express 5 with express.json()', express5, true),
  ofExpress('Express 4', express4, false),
  ofExpress('Express 4 with express.json()', express4, true),
  {
    name: 'node:http',
    start: (mcp, server) =>
      listen(renderErrors(mcp.node((req, res, body) => answerNode(server, [body, req.auth], res)))),
  },
  {
    name: 'Hono',
    start: (mcp, server) => {
      const app = new Hono<{ Variables: { auth: object; parsedBody: unknown } }>()
      app.use(mcp.hono)
      app.all('*', (c) => respond(server, c.get('parsedBody'), c.get('auth')))
      return startFetch((request) => app.fetch(request))
    },
  },
  {
    name: 'fetch',
    start: (mcp, server) =>
      startFetch(mcp.fetch((_request, { authInfo, parsedBody }) => respond(server, parsedBody, authInfo))),
  },
]

async function startFetch(fetch: (request: Request) => Response | Promise<Response>): Promise<Running> {
  const listening = await new Promise<ReturnType<typeof serveHono>>((resolve) => {
    const server = serveHono({ fetch, port: 0, hostname: '127.0.0.1' }, () => {
      resolve(server)
    })
  })
  return keep({
    url: urlOf(listening),
    close: () => {
      if ('closeAllConnections' in listening) listening.closeAllConnections()
      listening.close()
    },
  })
}
