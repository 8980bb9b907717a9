import { describe, expect, it } from 'vitest'
import { AccessToken } from '../../src/acquire/token-source.ts'
import {
  createDownstreamApi,
  type DownstreamApi,
  type DownstreamSettings,
} from '../../src/call/downstream-api.ts'
import { AcquisitionError, DownstreamError } from '../../src/kernel/errors.ts'
import type { Fetch } from '../../src/kernel/http.ts'
import { createCallContext, type ObservedEvent } from '../../src/kernel/observer.ts'

const settings: DownstreamSettings = {
  name: 'todolist',
  baseUrl: new URL('https://todolist.contoso.com/api/'),
  scopes: ['api://todolist/.default'],
  timeoutMs: 30_000,
  maxResponseBytes: 1024,
}

const traceId = '0af7651916cd43dd8448eb211c80319c'

interface Sent {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Headers
}

function downstream(answer: () => Response | Promise<Response>): {
  api: DownstreamApi
  sent: Sent[]
  events: ObservedEvent[]
  acquired: string[]
} {
  const sent: Sent[] = []
  const events: ObservedEvent[] = []
  const acquired: string[] = []
  const fetch: Fetch = async (input, init = {}) => {
    sent.push({ url: String(input), init, headers: new Headers(init.headers) })
    return answer()
  }
  const api = createDownstreamApi(settings, {
    fetch,
    nowMs: () => 1_000,
    context: createCallContext(
      (event) => events.push(event),
      () => 1_000,
      traceId,
    ),
    acquire: (scopes) => {
      acquired.push(scopes.join(' '))
      return Promise.resolve(
        new AccessToken({
          accessToken: 'downstream-token',
          tokenType: 'Bearer',
          scopes,
          expiresAtMs: 9e12,
          refreshAtMs: 9e12,
          correlationId: 'c0ffee00-0000-4000-8000-000000000000',
          origin: 'l1',
        }),
      )
    },
  })
  return { api, sent, events, acquired }
}

describe('a downstream API bound to a caller', () => {
  it('sends the token acquired for its scopes to its base URL, and continues the trace', async () => {
    const { api, sent, acquired } = downstream(() => Response.json([{ id: 1 }]))
    expect(await api.getJson('todos')).toEqual([{ id: 1 }])
    expect(acquired).toEqual(['api://todolist/.default'])
    expect(sent[0]?.url).toBe('https://todolist.contoso.com/api/todos')
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer downstream-token')
    expect(sent[0]?.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
  })

  it('posts JSON and gives undefined for an empty answer', async () => {
    const { api, sent } = downstream(() => new Response(null, { status: 204 }))
    expect(await api.postJson('todos', { title: 'Milk' })).toBeUndefined()
    expect(sent[0]?.init.method).toBe('POST')
    expect(sent[0]?.init.body).toBe('{"title":"Milk"}')
    expect(sent[0]?.headers.get('content-type')).toBe('application/json')
  })

  it('turns any other status into a DownstreamError with at most 4096 characters of the body, which its JSON leaves out', async () => {
    const { api } = downstream(() => new Response('x'.repeat(10_000), { status: 409 }))
    const error = await api.getJson('todos').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DownstreamError)
    expect((error as DownstreamError).status).toBe(409)
    expect((error as DownstreamError).body).toHaveLength(4096)
    expect(JSON.stringify(error)).not.toContain('xxx')
  })

  it('refuses an answer longer than maxResponseBytes', async () => {
    const { api } = downstream(() => new Response(JSON.stringify('x'.repeat(2000))))
    await expect(api.getJson('todos')).rejects.toThrow('maxResponseBytes')
  })

  it('refuses an answer that is not JSON', async () => {
    const { api } = downstream(() => new Response('<html>'))
    await expect(api.getJson('todos')).rejects.toBeInstanceOf(DownstreamError)
  })

  it('never follows a redirect with the token', async () => {
    const { api, sent } = downstream(
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
    )
    expect((await api.fetch('todos')).status).toBe(302)
    expect(sent).toHaveLength(1)
    expect(sent[0]?.init.redirect).toBe('manual')
  })

  it.each([
    'Authorization',
    'Host',
    'Cookie',
    'X-Forwarded-For',
    'X-MS-CLIENT-PRINCIPAL-ID',
    'Proxy-Authorization',
  ])('refuses the reserved header %s before a token is acquired', async (name) => {
    const { api, sent, acquired } = downstream(() => Response.json(null))
    await expect(api.getJson('todos', { headers: { [name]: 'x' } })).rejects.toBeInstanceOf(AcquisitionError)
    expect(sent).toHaveLength(0)
    expect(acquired).toHaveLength(0)
  })

  it('reports the call without its query and without the token', async () => {
    const { api, events } = downstream(() => Response.json(null))
    await api.getJson('todos?owner=alice')
    expect(events).toEqual([
      expect.objectContaining({
        type: 'downstream_called',
        api: 'todolist',
        method: 'GET',
        path: '/api/todos',
        status: 200,
        traceId,
      }),
    ])
    expect(JSON.stringify(events)).not.toContain('downstream-token')
    expect(JSON.stringify(events)).not.toContain('alice')
  })

  it('says that the API did not answer when the network fails, and reports it', async () => {
    const { api, events } = downstream(() => Promise.reject(new TypeError('fetch failed')))
    const error = await api.getJson('todos').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DownstreamError)
    expect((error as DownstreamError).status).toBeUndefined()
    expect(events[0]).toMatchObject({ type: 'downstream_called', status: undefined })
  })
})
