// A downstream API that says what it was asked and whose token came along; a few paths answer otherwise.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the API saw of a request. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly claims: Readonly<Record<string, unknown>>
}

export interface EchoApi {
  readonly url: string
  readonly seen: Seen[]
  stop(): Promise<void>
}

type Answer = (seen: Seen, response: ServerResponse) => void

const answers: Readonly<Record<string, Answer>> = {
  '/api/missing': (_seen, res) => void res.writeHead(404, { 'x-why': 'gone' }).end('nothing here'),
  '/api/refused': (_seen, res) => void res.writeHead(400).end('{"message":"no such identity"}'),
  '/api/empty': (_seen, res) => void res.writeHead(204, { etag: '"1"' }).end(),
  '/api/bytes': (_seen, res) =>
    void res.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([0x89, 0x50, 0xff, 0])),
  '/api/latin': (_seen, res) =>
    void res
      .writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' })
      .end(Buffer.from('Grüße', 'latin1')),
  '/api/moved': (_seen, res) => void res.writeHead(302, { location: '/elsewhere' }).end(),
  '/api/cookie': (_seen, res) =>
    void res
      .writeHead(200, { 'set-cookie': 'a=b', 'x-request-id': '7', connection: 'close, x-hop', 'x-hop': '1' })
      .end('{}'),
  '/api/members': (_seen, res) => void res.writeHead(200, ['__proto__', 'a', 'constructor', 'b']).end('{}'),
  '/api/compressed': (_seen, res) => void res.writeHead(200, { 'content-encoding': 'compress' }).end('LZW'),
  '/api/huge': (_seen, res) =>
    void res.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(11_000_000)),
  '/elsewhere': (seen, res) =>
    void res.end(JSON.stringify({ authorization: seen.headers['authorization'] ?? null })),
}

const echo: Answer = (seen, response) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen))

export async function startEchoApi(): Promise<EchoApi> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    void read(request).then((asked) => {
      seen.push(asked)
      const path = asked.url.split('?')[0] ?? ''
      ;(answers[path] ?? echo)(asked, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(request: IncomingMessage): Promise<Seen> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  const { method = '', url = '', headers } = request
  return {
    method,
    url,
    headers,
    body: Buffer.concat(pieces).toString(),
    claims: claimsOf(headers.authorization),
  }
}

/** The claims of a bearer token, unverified. */
export function claimsOf(authorization: string | undefined): Record<string, unknown> {
  const payload = authorization?.split('.')[1]
  return payload === undefined
    ? {}
    : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>)
}
