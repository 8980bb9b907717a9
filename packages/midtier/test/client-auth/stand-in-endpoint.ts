// A stand-in for the managed identity endpoints of Azure, on 127.0.0.1: answers as told, and remembers what it was asked.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
}

export interface Reply {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Close the connection instead of answering. */
  readonly hangUp?: true
}

export interface StandIn {
  readonly origin: string
  readonly requests: SeenRequest[]
  /** What is answered; called for every request. */
  answer: (seen: SeenRequest, count: number) => Reply
  stop(): void
}

export async function startStandIn(answer: StandIn['answer']): Promise<StandIn> {
  const requests: SeenRequest[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const seen = {
      path: url.pathname,
      parameters: Object.fromEntries(url.searchParams),
      headers: request.headers,
    }
    requests.push(seen)
    const { status, body = {}, headers = {}, hangUp } = standIn.answer(seen, requests.length)
    if (hangUp === true) return void request.socket.destroy()
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const standIn: StandIn = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
  return standIn
}
