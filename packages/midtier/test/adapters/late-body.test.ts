// An answer of `fetch` that is made anew on its way out: the platform gives up the unread body of an answer that is garbage.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendResponse } from '../../src/adapters/hono.ts'
import { outgoingResponse } from '../../src/adapters/shared/outgoing-response.ts'
import { collect } from '../collect.ts'
import { call } from './mcp/servers.ts'
import { createApi, createMcp } from './mcp/world.ts'

let server: Server
let url: string
beforeAll(async () => {
  server = createServer((request, response) => void request.resume().once('end', () => response.end('whole')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const throughHono = (): Promise<Response> => {
  const app = new Hono().get('/report', async (c) => sendResponse(c, await fetch(url)))
  return Promise.resolve(app.request('/report'))
}

/** A gateway: what is behind the gate is asked by `fetch`. */
const throughGate = (): Promise<Response> => {
  const origin = 'https://inspector.example'
  const api = createApi()
  const handle = createMcp(api, { allowedOrigins: [origin] }).fetch(() => fetch(url))
  const authorization = `Bearer ${api.token({ scopes: ['Mcp.Use'] })}`
  const headers = { origin, authorization, 'content-type': 'application/json', accept: 'application/json' }
  return handle(
    new Request('https://mcp.contoso.com/mcp', { method: 'POST', headers, body: JSON.stringify(call('x')) }),
  )
}

describe('an answer of fetch has its whole body however late it is read', () => {
  it.each<[string, () => Promise<Response>]>([
    ['as it goes out', async () => outgoingResponse(await fetch(url), {})],
    ['through Hono', throughHono],
    ['through the gate of an MCP server', throughGate],
  ])('%s', async (_, ask) => {
    const answer = await ask()
    await collect()
    expect([answer.status, await answer.text()]).toEqual([200, 'whole'])
  })
})
