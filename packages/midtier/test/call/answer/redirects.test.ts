// Over real HTTP: what a redirect would leak, the other host would have to see, and it has to have seen nothing.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { callApi, failureOf, type CalledApi } from '../called-api.ts'

interface Host {
  readonly server: Server
  readonly origin: string
  readonly seen: string[]
  answer: (request: IncomingMessage, response: ServerResponse) => void
}

async function startHost(): Promise<Host> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? 'no token'}`)
    host.answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const host: Host = { server, origin, seen, answer: (_, response) => void response.end('{}') }
  return host
}

let api: Host
let other: Host

beforeAll(async () => {
  api = await startHost()
  other = await startHost()
})
afterEach(() => {
  api.seen.length = 0
  other.seen.length = 0
})
afterAll(() => {
  for (const { server } of [api, other]) {
    server.closeAllConnections()
    server.close()
  }
})

function redirecting(status: number, location: string): CalledApi {
  api.answer = (request, response) => {
    if (request.url !== '/api/todos') response.end('{"stolen":true}')
    else response.writeHead(status, { location }).end()
  }
  return callApi([], { baseUrl: new URL(`${api.origin}/api/`) }, { fetch: globalThis.fetch })
}

describe('a redirect of a downstream API', () => {
  const statuses = [300, 301, 302, 303, 305, 307, 308]
  const locations = [
    ['another host', () => `${other.origin}/steal`],
    ['another host, without a scheme', () => `//${new URL(other.origin).host}/steal`],
    ['the same host by another name', () => `${api.origin.replace('127.0.0.1', 'localhost')}/api/other`],
    ['the same host, above the base path', () => '/steal'],
    ['the same host, below the base path', () => `${api.origin}/api/other`],
    ['the same host, relative', () => '../steal'],
  ] as const

  it.each(
    statuses.flatMap((status) => locations.map(([where, location]) => [status, where, location] as const)),
  )('is not followed with the token: %i to %s', async (status, _, location) => {
    const { api: caller } = redirecting(status, location())
    expect((await caller.fetch('todos')).status).toBe(status)
    expect(await failureOf(caller.getJson('todos'))).toMatchObject({
      code: 'downstream_failed',
      downstreamStatus: status,
    })
    expect(await failureOf(caller.relay('todos'))).toMatchObject({
      code: 'downstream_failed',
      downstreamStatus: status,
    })
    expect(await failureOf(caller.post('todos', 'Milk'))).toMatchObject({ downstreamStatus: status })
    expect(other.seen).toEqual([])
    expect(new Set(api.seen)).toEqual(
      new Set(['GET /api/todos Bearer token-1', 'POST /api/todos Bearer token-1']),
    )
  })

  it('is not followed with `redirect: follow` either, nor by a Request that says so', async () => {
    const { api: caller } = redirecting(307, `${other.origin}/steal`)
    const follow: RequestInit = { redirect: 'follow' }
    expect((await caller.fetch('todos', follow)).status).toBe(307)
    expect((await caller.fetch(new Request(`${api.origin}/api/todos`, follow))).status).toBe(307)
    expect(other.seen).toEqual([])
  })

  it.each(['Refresh', 'Link', 'Content-Location', 'Alt-Svc'])('has no equivalent in %s', async (name) => {
    const { api: caller } = redirecting(200, '')
    api.answer = (_, response) =>
      void response.writeHead(200, { [name]: `0; url=<${other.origin}/steal>` }).end('{}')
    await caller.getJson('todos')
    expect(other.seen).toEqual([])
    expect(api.seen).toHaveLength(1)
  })
})
