// The two listeners, both on 127.0.0.1 only: http, and https with the emulator's own certificate.
import { getRequestListener, RequestError } from '@hono/node-server'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createSecureContext, type TlsOptions } from 'node:tls'
import { PortInUseError } from '../kernel/errors.ts'
import type { Listener } from '../kernel/origins.ts'
import type { TlsIdentity } from '../x509/certificate-authority.ts'
import type { EmulatorServer } from './server.ts'

const host = '127.0.0.1'

/** A port that is open and does not answer yet. */
export interface OpenListener {
  readonly port: number
  /** Lets the application answer what arrives. */
  serve(application: EmulatorServer): void
  close(): Promise<void>
}

/**
 * Opens the http listener.
 * @throws {PortInUseError}
 */
export function openHttp(port: number): Promise<OpenListener> {
  return open(createHttpServer(), 'http', port)
}

/**
 * Opens the https listener.
 * @throws {PortInUseError}
 */
export function openHttps(port: number, identity: TlsIdentity): Promise<OpenListener> {
  const { certificate, certificateByName, privateKey: key } = identity
  const byName = createSecureContext({ cert: certificateByName, key })
  // Asked for only when a client names a server (RFC 6066 §3), which it does not for an address.
  const SNICallback: TlsOptions['SNICallback'] = (_name, answer) => answer(null, byName)
  return open(createHttpsServer({ cert: certificate, key, SNICallback }), 'https', port)
}

async function open(server: Server, listener: Listener, port: number): Promise<OpenListener> {
  await listen(server, listener, port)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the listener has no port')
  // What arrives before the application is ready waits for it.
  let serve: OpenListener['serve'] | undefined
  const ready = new Promise<EmulatorServer>((resolve) => {
    serve = resolve
  }).then((application) => requestListener(application, listener))
  server.on('request', (request, response) => void ready.then((answer) => answer(request, response)))
  return { port: address.port, serve: (application) => serve?.(application), close: () => close(server) }
}

function listen(server: Server, listener: Listener, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const option = listener === 'http' ? 'port' : 'httpsPort'
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(option, port) : error)
    })
    server.listen(port, host, resolve)
  })
}

function requestListener(
  application: EmulatorServer,
  listener: Listener,
): ReturnType<typeof getRequestListener> {
  // The emulator lives inside other programs' test runs: their global Request and Response stay untouched.
  const options = { overrideGlobalObjects: false, errorHandler: refuseUnreadable }
  return getRequestListener((request, env) => application.fetch(request, { ...env, listener }), options)
}

// A Host or a target that makes no address is refused before the application sees it. The application answers its own faults.
function refuseUnreadable(fault: unknown): Response {
  const unreadable =
    fault instanceof RequestError || (fault as NodeJS.ErrnoException).code === 'ERR_INVALID_URL'
  if (!unreadable) return new Response(null, { status: 500 })
  const error =
    'the Host and the target of this request make no address: use localhost, 127.0.0.1 or [::1], and a path'
  return Response.json({ error }, { status: 400 })
}

// Connections that a fault keeps hanging, and idle keep-alive ones, end here too.
function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
}
