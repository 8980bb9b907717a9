// Servers of the matrix on ports of their own, closed after each test.
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import type { Adapter, Application, InFront, Running } from './adapter.ts'

const running: Running[] = []

export function closeAll(): void {
  afterEach(() => {
    for (const { close } of running.splice(0)) close()
  })
}

export async function start(adapter: Adapter, application: Application): Promise<Running> {
  return keep(await adapter.start(application))
}

export function keep(started: Running): Running {
  running.push(started)
  return started
}

export async function listen(listener: RequestListener, others: readonly unknown[] = []): Promise<Running> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: urlOf(server), others, close: closing(server) }
}

export function urlOf(server: Pick<Server, 'address'>): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function closing(server: Server): () => void {
  return () => {
    server.closeAllConnections()
    server.close()
  }
}

/** What is in front, of an answer of Node. */
export function inFrontOf(response: Parameters<RequestListener>[1]): InFront {
  return {
    answer: (status, text) => response.writeHead(status).end(text),
    begin: (status, text) => {
      response.writeHead(status).write(text)
      return (rest) => response.end(rest)
    },
    closed: new Promise((resolve) => response.once('close', resolve)),
  }
}

/** A body that begins, and ends or breaks off with a promise. */
export function slowBody(beginning: string, end: Promise<unknown>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(beginning))
    },
    pull: async (controller) => {
      await end
      controller.close()
    },
  })
}

export async function readAll(body: AsyncIterable<unknown>): Promise<string> {
  let text = ''
  for await (const piece of body) text += String(piece)
  return text
}
