// Servers on ports of their own, closed after each test, and what is sent to them.
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'

export interface Running {
  readonly url: string
  readonly close: () => void
}

const running: Running[] = []

export function closeAll(): void {
  afterEach(() => {
    for (const { close } of running.splice(0)) close()
  })
}

export function keep(started: Running): Running {
  running.push(started)
  return started
}

export function urlOf(server: Pick<Server, 'address'>): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export async function listen(listener: RequestListener): Promise<Running> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return keep({
    url: urlOf(server),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
}

export interface Post {
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
}

/** A message as an MCP client sends it. */
export function post(
  url: string,
  body: unknown,
  { token, headers, path = '/mcp' }: Post = {},
): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export const call = (name: string, id = 1): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: {} },
})

export const listTools = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

/** A parameter of the challenge of an answer. */
export function challenge(answer: Response, parameter: string): string | undefined {
  return new RegExp(`[ ,]${parameter}="([^"]*)"`).exec(answer.headers.get('www-authenticate') ?? '')?.[1]
}
