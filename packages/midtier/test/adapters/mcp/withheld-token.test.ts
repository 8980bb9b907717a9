// The token stays at the gate: what is handed on has no Authorization field, whichever way a transport reads it, and all else is as it was.
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import express from 'express'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { protect } from '../../../src/adapters/express.ts'
import { protect as protectFetch } from '../../../src/adapters/fetch.ts'
import { protect as protectHono } from '../../../src/adapters/hono.ts'
import { webRequest } from '../../../src/adapters/shared/web-exchange.ts'
import type { McpAdmission } from '../../../src/adapters/mcp/web.ts'
import { faces, type ToolContext } from './faces.ts'
import { call, closeAll, listen, post } from './servers.ts'
import { createApi, createMcp, identifier } from './world.ts'

closeAll()

/** Every header of a request, by every way to read one. */
function headersOf({ request }: ToolContext): readonly unknown[] {
  if (request === undefined) return []
  if (request instanceof Request) return [[...request.headers]]
  return [request.headers, request.rawHeaders, request.headersDistinct]
}

describe.each(faces)('$name', (face) => {
  it('hands on the request without its Authorization field, and with all others', async () => {
    const api = createApi()
    const look = (extra: ToolContext): Promise<unknown> => Promise.resolve({ headers: headersOf(extra) })
    const { url } = await face.start(createMcp(api), { tools: { look } })
    const token = api.token({ scopes: ['Mcp.Use'] })
    const { result } = (await (
      await post(url, call('look'), { token, headers: { 'x-other': 'of-the-client' } })
    ).json()) as { result: { headers: readonly object[] } }
    expect(result.headers.length).toBeGreaterThan(0)
    for (const headers of result.headers) {
      const text = JSON.stringify(headers).toLowerCase()
      expect(text).not.toContain(token.toLowerCase())
      expect(text).not.toContain('"authorization"')
      expect(text).toContain('of-the-client')
      expect(text).toContain('application/json, text/event-stream')
    }
  })
})

const header = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

describe('behind the gate', () => {
  it('a request of Node has lost the field however it was read before', async () => {
    const api = createApi()
    const app = express()
    app.use((req, _res, next) => {
      if (req.headers.authorization === req.headersDistinct['authorization']?.[0]) next()
    })
    app.use(createMcp(api).express)
    app.get('/mcp', (req, res) => {
      res.json([req.headers, req.rawHeaders, req.headersDistinct])
    })
    const { url } = await listen(app)
    const token = api.token({ scopes: ['Mcp.Use'] })
    expect(await (await fetch(`${url}/mcp`, { headers: header(token) })).text()).not.toContain(token)
  })

  it('a stand-in for a request of Node may have its headers in one list alone', async () => {
    const api = createApi()
    const headers = header(api.token({ scopes: ['Mcp.Use'] }))
    const request = { method: 'GET', url: '/mcp', headers } as unknown as IncomingMessage
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    let ran = 0
    await createMcp(api).node(() => (ran += 1))(request, response)
    expect([ran, request.headers]).toEqual([1, {}])
  })

  it('a route that is protected as well still knows its caller', async () => {
    const api = createApi()
    const token = api.token({ user: 'alice', scopes: ['Mcp.Use'] })
    const app = express()
    app.use(createMcp(api).express)
    app.get('/me', protect(api), (req, res) => {
      res.json(req.caller.principal.scopes)
    })
    const { url } = await listen(app)
    const ofExpress = await fetch(`${url}/me`, { headers: header(token) })
    const hono = new Hono().use(createMcp(api).hono)
    hono.get('/me', protectHono(api), (c) => c.json(c.get('caller').principal.scopes))
    const ofHono = await hono.request('/me', { headers: header(token) })
    const fetching = createMcp(api).fetch(
      protectFetch(api, {}, (_request, caller) => Response.json(caller.principal.scopes)),
    )
    const ofFetch = await fetching(new Request(identifier, { headers: header(token) }))
    for (const answer of [ofExpress, ofHono, ofFetch])
      expect([answer.status, await answer.json()]).toEqual([200, ['Mcp.Use']])
  })

  it('a web-standard request has its method, its address, its signal and a body that nobody has read', async () => {
    const api = createApi()
    const abort = new AbortController()
    let seen: Request | undefined
    const serve = createMcp(api).fetch((request) => {
      seen = request
      return new Response()
    })
    const init = { headers: header(api.token({ scopes: ['Mcp.Use'] })), signal: abort.signal }
    await serve(new Request(`${identifier}?a=b`, { ...init, method: 'DELETE', body: 'of DELETE' }))
    expect([seen?.method, seen?.url, await seen?.text()]).toEqual([
      'DELETE',
      `${identifier}?a=b`,
      'of DELETE',
    ])
    expect(seen?.signal.aborted).toBe(false)
    abort.abort()
    expect(seen?.signal.aborted).toBe(true)
  })

  it('a body that a middleware of Hono has read and parsed is there as it was parsed', async () => {
    const api = createApi()
    const app = new Hono<{ Variables: { parsedBody: unknown } }>()
    app.use(async (c, next) => {
      c.set('parsedBody', await c.req.raw.json())
      await next()
    })
    app.use(createMcp(api).hono)
    app.post('/mcp', (c) => c.json(c.get('parsedBody')))
    const headers = header(api.token({ scopes: ['Mcp.Use'] }))
    const answer = await app.request('/mcp', { method: 'POST', headers, body: JSON.stringify(call('me')) })
    expect(await answer.json()).toEqual(call('me'))
  })

  it('a request whose headers cannot be changed goes on as another one, body and caller included', async () => {
    const api = createApi()
    const token = api.token({ user: 'alice', scopes: ['Mcp.Use'] })
    const init = { method: 'POST', body: JSON.stringify(call('me')) }
    const request = new Request(identifier, { ...init, headers: header(token) })
    request.headers.delete = () => {
      throw new TypeError('immutable')
    }
    let seen: Request | undefined
    const handler = protectFetch(api, {}, async (it: Request, caller, { parsedBody }: McpAdmission) => {
      seen = it
      return Response.json([await it.json(), parsedBody, caller.principal.scopes])
    })
    const answer = await createMcp(api).fetch(handler)(request)
    expect(await answer.json()).toEqual([call('me'), call('me'), ['Mcp.Use']])
    expect([seen?.headers.get('authorization'), seen === request]).toEqual([null, false])
    expect(request.headers.get('authorization')).toBe(`Bearer ${token}`)
  })

  it('a request that is none of the platform’s own is taken as well', async () => {
    const api = createApi()
    const { url, method, headers, signal } = new Request(identifier, {
      headers: header(api.token({ scopes: ['Mcp.Use'] })),
    })
    const imitation = { url, method, headers, signal, body: null, bodyUsed: false } as unknown as Request
    const serve = createMcp(api).fetch((request) => Response.json([request.url, [...request.headers]]))
    expect(await (await serve(imitation)).json()).toEqual([identifier, []])
  })

  it('the trace of a request that came without one is the same', async () => {
    const api = createApi()
    const traces: unknown[] = []
    const note = (request: Request): unknown => traces.push(webRequest(request).header('traceparent'))
    const serve = createMcp(api).fetch((request) => Response.json(note(request)))
    const request = new Request(identifier, { headers: header(api.token({ scopes: ['Mcp.Use'] })) })
    note(request)
    await serve(request)
    expect(traces[1]).toBe(traces[0])
  })
})

it('a request that is refused stays as it came', async () => {
  const api = createApi()
  const app = new Hono()
  let kept: string | null = null
  app.use(async (c, next) => {
    await next()
    kept = c.req.raw.headers.get('authorization')
  })
  app.use(createMcp(api).hono)
  const headers = header(api.token({ scopes: ['Mail.Search'] }))
  const answer = await app.request('/mcp', { headers })
  expect([answer.status, kept]).toEqual([403, headers['authorization']])
})
