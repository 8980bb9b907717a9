// A proxy as companies have them: CONNECT to anywhere, absolute addresses for plain http, credentials if it wants them.
import { createServer, request as sendOn, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

export interface ConnectProxy {
  readonly port: number
  /** What it was asked for: `CONNECT localhost:443`, `POST http://…`. */
  readonly asked: readonly string[]
  /** The credentials that it was told, each time; `undefined` where there were none. */
  readonly told: readonly (string | undefined)[]
  /** Every byte that went through its tunnels, towards the other side. */
  seen(): string
  stop(): Promise<void>
}

export interface ConnectProxyOptions {
  /** `user:password` that it wants. Default: none. */
  readonly credentials?: string
  /** Accepts connections, and never answers. */
  readonly silent?: boolean
  /** Answers to CONNECT with this instead of a tunnel. */
  readonly status?: number
}

export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { credentials, silent = false, status } = options
  const wanted =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`
  const asked: string[] = []
  const passed: Buffer[] = []
  const sockets = new Set<Socket>()
  const told: (string | undefined)[] = []
  const isKnown = ({ headers }: IncomingMessage): boolean => {
    told.push(headers['proxy-authorization'])
    return wanted === undefined || headers['proxy-authorization'] === wanted
  }

  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`)
    if (isKnown(incoming)) forward(incoming, response)
    else response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end()
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  server.on('connect', (incoming: IncomingMessage, client: Socket) => {
    asked.push(`CONNECT ${incoming.url ?? ''}`)
    if (silent) return
    if (!isKnown(incoming)) client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    else if (status !== undefined) client.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    else tunnel(incoming, client)
  })

  function tunnel({ url = '' }: IncomingMessage, client: Socket): void {
    const { hostname, port } = new URL(`http://${url}`)
    const far = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      client.on('data', (bytes: Buffer) => passed.push(bytes))
      client.pipe(far).pipe(client)
    })
    sockets.add(far)
    far.on('error', () => client.destroy())
    far.on('close', () => client.destroy())
    client.on('close', () => far.destroy())
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    told,
    seen: () => Buffer.concat(passed).toString('latin1'),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function forward(incoming: IncomingMessage, response: ServerResponse): void {
  const headers = { ...incoming.headers }
  delete headers['proxy-authorization']
  const onward = sendOn(incoming.url ?? '', { method: incoming.method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  incoming.pipe(onward)
}
