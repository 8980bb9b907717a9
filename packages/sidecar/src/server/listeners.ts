// The ports and sockets that the sidecar listens on, and how it lets go of them without losing a request.
import { chmodSync, existsSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect, Server as NetServer, type Socket } from 'node:net'
import type { Address } from '../config/addresses.ts'
import { SettingError } from '../kernel/refusals.ts'
import { answerMalformed, type Handle } from './handle.ts'

/** One that is open. */
export interface Listener {
  /** `http://127.0.0.1:8080` or `http://unix:/run/sidecar.sock`. */
  readonly url: string
  /** Takes no new connections, answers what comes on those that are there, and resolves when all are gone or the time is over. */
  readonly drain: (timeoutMs: number) => Promise<void>
}

const limits = {
  maxHeaderSize: 65_536,
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
}

/** How long a connection that is kept alive is waited on for one more request when the sidecar stops. */
const lingerMs = 1_000

/** @throws SettingError when the address cannot be had. */
export async function listen(address: Address, handle: Handle): Promise<Listener> {
  const server = createServer(limits, (request, response) => void handle(request, response, address.kind))
  server.on('clientError', answerMalformed)
  const silent = watchSilent(server)
  if (address.kind === 'unix') await freeSocket(address.path)
  await open(server, address)
  if (address.kind === 'unix') chmodSync(address.path, 0o660)
  return { url: urlOf(server, address), drain: (timeoutMs) => drain(server, silent, timeoutMs) }
}

async function open(server: Server, address: Address): Promise<void> {
  try {
    await bind(server, address)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // A machine without IPv6 has every interface under another name.
    if (address.kind === 'tcp' && address.host === '::' && code === 'EAFNOSUPPORT')
      await bind(server, { ...address, host: '0.0.0.0' })
    else
      throw new SettingError(
        placeOf(address),
        `cannot be listened on (${String(code)}): is something else there?`,
      )
  }
}

function bind(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const done = (): void => {
      server.removeListener('error', reject)
      resolve()
    }
    if (address.kind === 'unix') server.listen(address.path, done)
    else server.listen(address.port, address.host, done)
  })
}

function placeOf(address: Address): string {
  return address.kind === 'unix' ? address.path : `${address.host}:${address.port}`
}

/** A socket that a process left behind when it was killed is taken away; one that somebody answers on is not. */
async function freeSocket(path: string): Promise<void> {
  if (!existsSync(path)) return
  if (!statSync(path).isSocket()) throw new SettingError(path, 'is there, and is no socket')
  const isAnswered = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    }).on('error', () => resolve(false))
  })
  if (isAnswered) throw new SettingError(path, 'is another process’s socket')
  rmSync(path)
}

function urlOf(server: Server, address: Address): string {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') return `http://unix:${placeOf(address)}`
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
}

/**
 * Node's own `close` of a server of HTTP ends idle connections at once, and with them a request that is on its way: so only the
 * listening ends at first. Whoever kept a connection has a second to use it, and is told by `Connection: close` not to do so again.
 */
async function drain(server: Server, silent: ReadonlySet<Socket>, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  let sweeping: NodeJS.Timeout | undefined
  const sweep = (): void => {
    server.closeIdleConnections()
    for (const socket of silent) if (socket.bytesRead === 0) socket.destroy()
  }
  const linger = setTimeout(
    () => {
      sweep()
      sweeping = setInterval(sweep, 100)
    },
    Math.min(lingerMs, timeoutMs),
  )
  const end = setTimeout(() => server.closeAllConnections(), timeoutMs)
  await closed
  clearTimeout(linger)
  clearInterval(sweeping)
  clearTimeout(end)
}

/** Connections on which nothing was ever said, which Node does not count among the idle ones. */
function watchSilent(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }) => silent.delete(socket))
  return silent
}
