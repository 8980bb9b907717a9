import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import type { DownstreamApi } from '../../src/call/downstream-api.ts'
import { AcquisitionError, DownstreamError } from '../../src/kernel/errors/errors.ts'
import { printed, throwItsRequest } from '../kernel/printed.ts'
import { accessToken, callApi, failureOf, traceId } from './called-api.ts'

describe('a downstream API bound to a caller', () => {
  it('sends the token acquired for its scopes to its base URL, and continues the trace', async () => {
    const { api, received, acquired } = callApi([Response.json([{ id: 1 }])])
    expect(await api.getJson('todos')).toEqual([{ id: 1 }])
    expect(acquired).toEqual([{ scopes: ['api://todolist/.default'], timeoutMs: 30_000 }])
    expect(received[0]?.url).toBe('https://todolist.contoso.com/api/todos')
    expect(received[0]?.token).toBe('token-1')
    expect(received[0]?.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
  })

  it('names the audience to an authority that is told the API by it', async () => {
    const { api, acquired } = callApi([Response.json([])], { audience: 'todolist', scopes: [] })
    await api.getJson('todos')
    expect(acquired[0]).toMatchObject({ scopes: [], audience: 'todolist' })
  })

  it('posts JSON and gives undefined for an empty answer', async () => {
    const { api, received } = callApi([new Response(null, { status: 204 })])
    expect(await api.postJson('todos', { title: 'Milk' })).toBeUndefined()
    expect(received[0]).toMatchObject({ method: 'POST', body: '{"title":"Milk"}' })
    expect(received[0]?.headers.get('content-type')).toBe('application/json')
  })

  it('puts, patches and deletes likewise, and leaves a more exact media type alone', async () => {
    const { api, received } = callApi([() => Response.json({ done: true })])
    expect(await api.putJson('todos/1', {})).toEqual({ done: true })
    expect(
      await api.patchJson('todos/1', [], { headers: { 'content-type': 'application/json-patch+json' } }),
    ).toEqual({
      done: true,
    })
    await api.delete('todos/1')
    expect(received.map(({ method }) => method)).toEqual(['PUT', 'PATCH', 'DELETE'])
    expect(received[1]?.headers.get('content-type')).toBe('application/json-patch+json')
  })

  it('turns any other status into a DownstreamError with at most 4096 characters of the body, which its JSON leaves out', async () => {
    const { api } = callApi([new Response('x'.repeat(10_000), { status: 409 })])
    const error = await failureOf(api.getJson('todos'))
    expect(error).toBeInstanceOf(DownstreamError)
    expect((error as DownstreamError).downstreamStatus).toBe(409)
    expect((error as DownstreamError).body).toHaveLength(4096)
    expect(JSON.stringify(error)).not.toContain('xxx')
  })

  it('tells when to come back, when the API says so', async () => {
    const { api } = callApi([new Response(null, { status: 429, headers: { 'retry-after': '7' } })])
    expect(await failureOf(api.postJson('todos', {}))).toMatchObject({
      downstreamStatus: 429,
      retryAfterSeconds: 7,
    })
  })

  it('says what the API calls the request, where that is an identifier', async () => {
    const graph = {
      'request-id': 'c0ffee00-0000-4000-8000-000000000001',
      'client-request-id': 'c0ffee00-0000-4000-8000-000000000002',
    }
    const { api } = callApi([
      new Response(null, { status: 403, headers: graph }),
      new Response(null, { status: 403, headers: { 'x-ms-request-id': 'abc:1' } }),
      new Response(null, { status: 403, headers: { 'request-id': 'Bearer eyJ0 evil' } }),
    ])
    const seen = [
      await failureOf(api.getJson('todos')),
      await failureOf(api.getJson('todos')),
      await failureOf(api.getJson('todos')),
    ]
    expect(seen).toMatchObject([
      { requestId: graph['request-id'], clientRequestId: graph['client-request-id'] },
      { requestId: 'abc:1', clientRequestId: undefined },
      { requestId: undefined },
    ])
    expect(JSON.parse(JSON.stringify(seen[0]))).toMatchObject({ requestId: graph['request-id'] })
  })

  it('keeps the body of a refusal out of everything that prints an error', async () => {
    const { api } = callApi([new Response('personal data', { status: 409 })])
    const error = (await failureOf(api.getJson('todos'))) as DownstreamError
    expect(error.body).toBe('personal data')
    expect(printed(error)).not.toContain('personal data')
  })

  it('leaves the token out of its errors when a `fetch` of ones own puts the request into them', async () => {
    const { api } = callApi([], {}, { acquire: async () => accessToken('opaque'), fetch: throwItsRequest })
    for (const call of [api.getJson('todos'), api.fetch('todos'), api.relay('todos'), api.delete('todos')]) {
      const error = (await failureOf(call)) as DownstreamError
      expect(error).toMatchObject({ code: 'downstream_failed', cause: { code: 'ECONNRESET' } })
      expect(printed(error)).not.toContain('opaque')
    }
  })

  it('refuses an answer longer than maxResponseBytes', async () => {
    const { api } = callApi([() => new Response(JSON.stringify('x'.repeat(2000)))])
    await expect(api.getJson('todos')).rejects.toThrow('maxResponseBytes')
    await expect(api.getBytes('todos')).rejects.toThrow('maxResponseBytes')
  })

  it('refuses an answer that is not JSON', async () => {
    const { api } = callApi([new Response('<html>')])
    await expect(api.getJson('todos')).rejects.toBeInstanceOf(DownstreamError)
  })

  it('gives bytes as they came, and streams of any length', async () => {
    const long = 'x'.repeat(100_000)
    const { api } = callApi([new Response(new Uint8Array([0, 255, 128])), new Response(long)])
    expect(await api.getBytes('picture')).toEqual(new Uint8Array([0, 255, 128]))
    const report = await api.get('report')
    expect(report.body).toBeInstanceOf(ReadableStream)
    expect(await report.text()).toBe(long)
  })

  it('says that an answer broke off', async () => {
    const broken = new ReadableStream({
      pull: (controller) => {
        controller.error(new Error('reset'))
      },
    })
    const { api } = callApi([new Response(broken)])
    await expect(api.getJson('todos')).rejects.toThrow('broke off')
  })

  it.each([
    'Authorization',
    'Host',
    'Cookie',
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded',
    'X-Forwarded-Client-Cert',
    'X-MS-CLIENT-PRINCIPAL-ID',
    'Proxy-Authorization',
    'Proxy',
    'Via',
    'X-Real-IP',
    'x_real_ip',
    'True-Client-IP',
    'CF-Connecting-IP',
    'X-Client-IP',
    'X-Client-Cert',
    'Client-Cert',
    'X-ARR-ClientCert',
    'X-SSL-Cert',
    'SSL-Client-Cert',
    'X-Amzn-Oidc-Data',
    'X-Goog-Authenticated-User-Email',
    'X-HTTP-Method-Override',
    'X-Method-Override',
    'X-HTTP-Method',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-Original-Host',
    'X-Remote-User',
    'X-Middleware-Subrequest',
    ...['Connection', 'Content-Length', 'Cookie2', 'Expect', 'HTTP2-Settings', 'Keep-Alive', 'TE', 'Trailer'],
    ...['Transfer-Encoding', 'Upgrade', 'X-Host', 'X-HTTP-Host-Override', 'X-Original-Method'],
    ...['X-Original-URI', 'Client-IP', 'Fastly-Client-IP', 'X-Cluster-Client-IP', 'X-Original-Forwarded-For'],
    ...['X-Originating-IP', 'X-Remote-Addr', 'X-Remote-IP', 'Client-Cert-Chain', 'Remote-User', 'X-ARR-SSL'],
    ...['X-Client-Certificate', 'X-Client-Verify', 'X-WebAuth-User', 'X-Amzn-Mtls-Clientcert'],
    ...['X-Auth-Request-User', 'X-Azure-ClientIP', 'X-Client-Cert-Subject', 'X-Envoy-External-Address'],
    ...['X-Goog-IAP-JWT-Assertion', 'X-MS-Token-AAD-Access-Token'],
  ])('refuses the reserved header %s before a token is acquired', async (name) => {
    const { api, received, acquired } = callApi([Response.json(null)])
    await expect(api.getJson('todos', { headers: { [name]: 'x' } })).rejects.toBeInstanceOf(AcquisitionError)
    await expect(api.fetch('todos', { headers: { [name]: 'x' } })).rejects.toBeInstanceOf(AcquisitionError)
    await expect(api.relay('todos', { headers: { [name]: 'x' } })).rejects.toBeInstanceOf(AcquisitionError)
    expect(received).toHaveLength(0)
    expect(acquired).toHaveLength(0)
  })

  it('reports the call without its query and without the token, and whose token it was', async () => {
    const { api, events } = callApi([Response.json(null)])
    await api.getJson('todos?owner=alice')
    expect(events).toEqual([
      expect.objectContaining({
        type: 'downstream_called',
        api: 'todolist',
        method: 'GET',
        path: '/api/todos',
        status: 200,
        token: 'onBehalfOf',
        attempt: 1,
        traceId,
      }),
    ])
    expect(JSON.stringify(events)).not.toContain('token-1')
    expect(JSON.stringify(events)).not.toContain('alice')
  })

  it('says that the API did not answer when the network fails, and reports it', async () => {
    const { api, events } = callApi([() => Promise.reject(new TypeError('fetch failed'))])
    const error = await failureOf(api.getJson('todos'))
    expect(error).toBeInstanceOf(DownstreamError)
    expect((error as DownstreamError).downstreamStatus).toBeUndefined()
    expect(events[0]).toMatchObject({ type: 'downstream_called', status: undefined })
  })
})

describe('a plain 401', () => {
  it('is an answer like any other: nothing is acquired anew, nothing is sent again', async () => {
    const { api, received, acquired, events } = callApi([
      () =>
        new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }),
    ])
    expect(await failureOf(api.getJson('todos'))).toMatchObject({
      code: 'downstream_failed',
      downstreamStatus: 401,
    })
    expect((await api.fetch('todos')).status).toBe(401)
    expect(received).toHaveLength(2)
    expect(acquired.map(({ claims, forceRefresh }) => [claims, forceRefresh])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ])
    expect(events.map(({ type }) => type)).toEqual(['downstream_called', 'downstream_called'])
  })
})

describe('options of one call', () => {
  it('alter that call and no other', async () => {
    const { api, received, acquired } = callApi([() => Response.json(null)])
    const options = { headers: { 'x-request': '1' }, scopes: ['api://todolist/Tasks.Read'], timeoutMs: 50 }
    await api.getJson('todos', options)
    await api.getJson('todos')
    expect(acquired).toEqual([
      { scopes: ['api://todolist/Tasks.Read'], timeoutMs: 50 },
      { scopes: ['api://todolist/.default'], timeoutMs: 30_000 },
    ])
    expect(received.map(({ headers }) => headers.get('x-request'))).toEqual(['1', null])
  })

  it('are taken as they are at the call: what is done to them afterwards changes nothing that is sent', async () => {
    const { api, received, acquired } = callApi([() => Response.json(null)])
    const headers = new Headers({ 'x-request': '1' })
    const scopes = ['api://todolist/Tasks.Read']
    const body = new TextEncoder().encode('first')
    const form = new URLSearchParams({ name: 'first' })
    const calls = [
      api.put('todos/1', body, { headers, scopes }),
      api.fetch('todos', { method: 'POST', body: form, headers }),
    ]
    headers.set('authorization', 'Bearer stolen')
    headers.set('x-request', '2')
    scopes[0] = 'https://graph.microsoft.com/.default'
    body.fill(0)
    form.set('name', 'second')
    await Promise.all(calls)
    expect(received.map(({ token }) => token)).toEqual(['token-1', 'token-1'])
    expect(received.map((each) => each.headers.get('x-request'))).toEqual(['1', '1'])
    expect(received.map((each) => each.body).sort()).toEqual(['first', 'name=first'])
    expect(acquired[0]?.scopes).toEqual(['api://todolist/Tasks.Read'])
  })

  it('cannot send a token through a redirect, with credentials or anywhere else', async () => {
    const { api, received } = callApi([() => Response.json(null)])
    const init: RequestInit = {
      redirect: 'follow',
      credentials: 'include',
      referrer: 'https://evil.example/',
    }
    await api.fetch('todos', init)
    expect(received[0]?.init).toMatchObject({ redirect: 'manual' })
    expect(received[0]?.init).not.toHaveProperty('credentials')
    expect(received[0]?.init).not.toHaveProperty('referrer')
  })
})

describe('the headers of a JSON call', () => {
  it('say what is sent only when something is sent', async () => {
    const { api, received } = callApi([() => Response.json({})])
    await api.getJson('todos')
    await api.postJson('todos', undefined)
    await api.postJson('todos', { title: 'milk' })
    expect(received.map(({ headers }) => headers.get('content-type'))).toEqual([
      null,
      null,
      'application/json',
    ])
    expect(received.map(({ headers }) => headers.get('accept'))).toEqual(Array(3).fill('application/json'))
  })

  it('are the own ones of a call where it has some', async () => {
    const { api, received } = callApi([() => Response.json({})])
    const headers = { accept: 'application/problem+json', 'content-type': 'application/merge-patch+json' }
    await api.patchJson('todos/1', { done: true }, { headers })
    expect(Object.fromEntries(received[0]?.headers ?? [])).toMatchObject(headers)
  })
})

describe('the time of a call', () => {
  const never = (_input: string | URL, init?: RequestInit): Promise<Response> =>
    new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => {
        reject(init.signal?.reason as Error)
      })
    })

  it('ends with a DownstreamError that names the limit', async () => {
    const { api } = callApi([], { timeoutMs: 20 }, { fetch: never })
    for (const call of [api.getJson('todos'), api.fetch('todos'), api.relay('todos')])
      expect(await failureOf(call)).toMatchObject({
        code: 'downstream_failed',
        message: "The downstream API 'todolist' did not answer within 20 ms",
      })
  })

  it('includes the reading of JSON, but not of a stream', async () => {
    const slow = (): Response =>
      new Response(
        new ReadableStream({
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 60))
            controller.enqueue(new TextEncoder().encode('[]'))
            controller.close()
          },
        }),
      )
    const fetch = async (_: string | URL, init?: RequestInit): Promise<Response> => {
      const source = slow()
      init?.signal?.addEventListener('abort', () => void source.body?.cancel().catch(() => undefined))
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
      source.body?.pipeTo(writable, init?.signal ? { signal: init.signal } : {}).catch(() => undefined)
      return new Response(readable)
    }
    const { api } = callApi([], { timeoutMs: 20 }, { fetch })
    expect(await failureOf(api.getJson('todos'))).toMatchObject({
      message: expect.stringContaining('within 20 ms'),
    })
    expect(await (await api.get('todos')).text()).toBe('[]')
  })

  const unending = (begin: string, init: ResponseInit): Response => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(begin)),
    })
    return new Response(body, init)
  }

  it('is told with the status of an answer whose head had come', async () => {
    const { api } = callApi([() => unending('[', {})], { timeoutMs: 20 })
    expect(await failureOf(api.getJson('todos'))).toMatchObject({
      code: 'downstream_failed',
      downstreamStatus: 200,
      message: "The downstream API 'todolist' answered 200, and the rest of it did not come within 20 ms",
    })
  })

  it('is told without one where the answer before was sent away', async () => {
    const away = (): Response => new Response('', { status: 429, headers: { 'retry-after': '0' } })
    const answers = [away, () => new Promise<Response>(() => undefined)]
    const { api } = callApi(answers, { timeoutMs: 20 })
    const failure = await failureOf(api.getJson('todos'))
    expect(failure).toMatchObject({
      downstreamStatus: undefined,
      message: "The downstream API 'todolist' did not answer within 20 ms",
    })
  })

  it('is not used up by the body of a refusal, of which the beginning does', async () => {
    vi.useFakeTimers()
    try {
      const headers = { 'retry-after': '7' }
      const { api } = callApi([() => unending('too many', { status: 429, headers })], { maxRetries: 0 })
      const failure = failureOf(api.getJson('todos'))
      await vi.advanceTimersByTimeAsync(1_000)
      expect(await failure).toMatchObject({
        ...{ downstreamStatus: 429, retryAfterSeconds: 7, body: 'too many' },
        message: "The downstream API 'todolist' answered 429",
      })
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('ends at once when the handler gives up, with the reason of its signal', async () => {
    const { api, acquired } = callApi([], {}, { fetch: never })
    const handler = new AbortController()
    const reason = new Error('not wanted any more')
    const calls = [
      api.getJson('todos', { signal: handler.signal }),
      api.fetch('todos', { signal: handler.signal }),
    ]
    setTimeout(() => {
      handler.abort(reason)
    }, 5)
    expect(await Promise.all(calls.map(failureOf))).toEqual([reason, reason])
    expect(acquired[0]?.signal).toBe(handler.signal)
  })
})

describe('fetch for a downstream API', () => {
  it('can be handed to whatever takes a fetch', () => {
    expectTypeOf<DownstreamApi['fetch']>().toExtend<typeof globalThis.fetch>()
  })

  it('takes a path, and a URL or a Request below the base URL', async () => {
    const { api, received } = callApi([() => Response.json(null)])
    const href = 'https://todolist.contoso.com/api/todos/42?expand=owner'
    await api.fetch('todos/42?expand=owner')
    await api.fetch(href)
    await api.fetch(new URL(href))
    await api.fetch(new Request(href, { method: 'PUT', body: 'Milk', headers: { 'x-request': '1' } }))
    expect(received.map(({ url }) => url)).toEqual([href, href, href, href])
    expect(received[3]).toMatchObject({ method: 'PUT', body: 'Milk' })
    expect(received[3]?.headers.get('x-request')).toBe('1')
  })

  it.each([
    'https://evil.example/api/todos',
    'https://todolist.contoso.com.evil.example/api/todos',
    'https://todolist.contoso.com@evil.example/api/',
    'https://todolist.contoso.com:8443/api/todos',
    'http://todolist.contoso.com/api/todos',
    'https://todolist.contoso.com/admin',
    'https://todolist.contoso.com/apiadmin',
    'https://todolist.contoso.com/api/../admin',
    'https://todolist.contoso.com/api/%2e%2e/admin',
    'https://todolist.contoso.com/api/..%2fadmin',
    'https://todolist.contoso.com/api/%252e%252e%252fadmin',
    'https://todolist.contoso.com/api/x\\..\\..\\admin',
    'https://todolist.contoso.com/api//evil.example/',
    'https://someone@todolist.contoso.com/api/todos',
    'https://todolist.contoso.com/api/todos#fragment',
  ])('refuses %s before a token is acquired, however it is given', async (href) => {
    const { api, received, acquired } = callApi([() => Response.json(null)])
    const inputs = [() => href, () => new URL(href), () => new Request(href)]
    for (const input of inputs) {
      let given
      try {
        given = input()
      } catch {
        continue // the platform itself refuses a Request with credentials in its URL
      }
      expect(await failureOf(api.fetch(given))).toMatchObject({ reason: 'path_refused' })
    }
    expect(acquired).toEqual([])
    expect(received).toEqual([])
  })

  it('gives every status that is no challenge as it came', async () => {
    const { api } = callApi([new Response('gone', { status: 410 }), new Response(null, { status: 503 })])
    expect(await (await api.fetch('todos')).text()).toBe('gone')
    expect((await api.fetch('todos')).status).toBe(503)
  })
})
