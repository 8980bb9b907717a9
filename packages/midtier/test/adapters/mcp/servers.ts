// Servers on ports of their own, closed after each test, and what is sent to them.
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
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

/**
 * The status of the answer to a body that comes in pieces, without its length before it, from a client that reads when it has sent all.
 * @throws the error of the connection.
 */
export async function postInPieces(url: string, token: string, length: number): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).pause()
  const failed = once(socket, 'error').then(([error]: unknown[]) => Promise.reject(error as Error))
  const write = async (text: string): Promise<void> => {
    if (!socket.write(text, 'latin1')) await Promise.race([once(socket, 'drain'), failed])
  }
  try {
    const fields = ['host: server', `authorization: Bearer ${token}`, 'content-type: application/json']
    await write(['POST /mcp HTTP/1.1', ...fields, 'transfer-encoding: chunked', '', ''].join('\r\n'))
    const send = (piece: string): Promise<void> => write(`${piece.length.toString(16)}\r\n${piece}\r\n`)
    await send('["')
    for (let left = length; left > 0; left -= 10_000) await send('a'.repeat(10_000))
    await send('"]')
    await write('0\r\n\r\n')
    const [answer] = (await Promise.race([once(socket.resume(), 'data'), failed])) as [Uint8Array]
    return Number(/^HTTP\/1\.1 (\d+)/.exec(new TextDecoder().decode(answer))?.[1])
  } finally {
    socket.destroy()
  }
}

/** The status that a request gets which says how long it is, and sends none of it. */
export async function postLength(url: string, token: string, length: number): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  try {
    const fields = ['host: server', `authorization: Bearer ${token}`, 'content-type: application/json']
    socket.write(['POST /mcp HTTP/1.1', ...fields, `content-length: ${length}`, '', ''].join('\r\n'))
    const [answer] = (await once(socket, 'data')) as [Uint8Array]
    return Number(/^HTTP\/1\.1 (\d+)/.exec(new TextDecoder().decode(answer))?.[1])
  } finally {
    socket.destroy()
  }
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
