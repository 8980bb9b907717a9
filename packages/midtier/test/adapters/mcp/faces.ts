// The faces of the gate, each in front of the smallest thing that is a transport: it hands a message and its AuthInfo to tools, and answers
// as the SDKs do, with JSON when the tools are done or with a stream that begins before them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serve as serveHono } from '@hono/node-server'
import express5 from 'express'
import express4 from 'express-4'
import { Hono } from 'hono'
import type { McpGate } from '../../../src/adapters/mcp.ts'
import { renderErrors } from '../../../src/adapters/node-http.ts'
import { keep, listen, type Running, urlOf } from './servers.ts'

export interface ToolContext {
  readonly authInfo?: object
  /** What the transport was handed: the SDKs hand its headers on. */
  readonly request?: IncomingMessage | Request
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

async function answerOne({ tools }: Server, message: Message, context: ToolContext): Promise<object> {
  const { id, method, params } = message
  if (method !== 'tools/call') return { jsonrpc: '2.0', id, result: {} }
  const tool = tools[params?.name ?? '']
  const result = await tool?.(context)
  return { jsonrpc: '2.0', id, result }
}

function answerAll(server: Server, body: unknown, context: ToolContext): Promise<unknown> {
  return Array.isArray(body)
    ? Promise.all(body.map((each) => answerOne(server, each as Message, context)))
    : answerOne(server, body as Message, context)
}

function respond(server: Server, body: unknown, context: ToolContext): Promise<Response> | Response {
  const done = answerAll(server, body, context)
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
  body: unknown,
  request: IncomingMessage & { readonly auth?: object },
  response: ServerResponse,
): Promise<void> {
  const done = answerAll(server, body, contextOf(request.auth, request))
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

function contextOf(authInfo: object | undefined, request: IncomingMessage | Request): ToolContext {
  return authInfo === undefined ? { request } : { authInfo, request }
}

type Express = typeof express5

const ofExpress = (name: string, express: Express, parser: boolean): Face => ({
  name,
  start: (mcp, server) => {
    const app = express().set('env', 'test')
    if (parser) app.use(express.json({ limit: '5mb' }))
    app.use(mcp.express)
    app.use((req, res) => {
      void answerNode(server, req.body, req, res)
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
      listen(renderErrors(mcp.node((req, res, body) => answerNode(server, body, req, res)))),
  },
  {
    name: 'Hono',
    start: (mcp, server) => {
      const app = new Hono<{ Variables: { auth: object; parsedBody: unknown } }>()
      app.use(mcp.hono)
      app.all('*', (c) => respond(server, c.get('parsedBody'), contextOf(c.get('auth'), c.req.raw)))
      return startFetch((request) => app.fetch(request))
    },
  },
  {
    name: 'fetch',
    start: (mcp, server) =>
      startFetch(
        mcp.fetch((request, { authInfo, parsedBody }) =>
          respond(server, parsedBody, contextOf(authInfo, request)),
        ),
      ),
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
