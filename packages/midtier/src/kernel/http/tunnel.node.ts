// An https agent whose connections lead through a proxy: CONNECT first, then TLS with the authority inside (RFC 9110 §9.3.6).
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import https, { type AgentOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { ProxyError, type ProxyAddress } from './http.ts'

/** Longest wait for a tunnel. Whoever wanted it may have given up long before; then it is kept for the next. */
const patienceMs = 30_000

/** Most tunnels that wait for their turn. */
const maxWaiting = 1024

type Connected = (error: Error | null, stream: Duplex) => void

/** Keeps connections as any agent does; the proxy learns where they lead, and not what is said in them. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: ProxyAddress
  readonly #maxUnderWay: number
  readonly #waiting: (() => void)[] = []
  #underWay = 0

  constructor(proxy: ProxyAddress, options: AgentOptions & { readonly maxSockets: number }) {
    super(options)
    this.#proxy = proxy
    this.#maxUnderWay = options.maxSockets
  }

  override createConnection(options: RequestOptions, connected?: Connected): undefined {
    const begin = (): void => {
      this.#underWay++
      openTunnel(this.#proxy, options).then(
        (tunnel) => {
          this.#next()
          this.#secure(options, tunnel, connected)
        },
        (error: unknown) => {
          this.#next()
          connected?.(error as Error, undefined as never) // Node reads the error first, and no stream beside it
        },
      )
    }
    // Node counts the connections that it has; those still to come are counted here.
    if (this.#underWay < this.#maxUnderWay) begin()
    else if (this.#waiting.length < maxWaiting) this.#waiting.push(begin)
    else connected?.(new ProxyError('is waited for by too many requests'), undefined as never)
  }

  #next(): void {
    this.#underWay--
    this.#waiting.shift()?.()
  }

  /** From here on by Node's own way, sessions that are resumed included. */
  #secure(options: RequestOptions, socket: Duplex, connected: Connected | undefined): void {
    const inside: RequestOptions & { readonly socket: Duplex } = { ...options, socket }
    const secured = super.createConnection(inside)
    if (secured) connected?.(null, secured)
  }
}

/** @throws ProxyError when the proxy is not there, refuses, or is silent. */
function openTunnel(proxy: ProxyAddress, { host, port }: RequestOptions): Promise<Duplex> {
  const name = String(host)
  const authority = `${name.includes(':') ? `[${name}]` : name}:${String(port)}`
  return new Promise((resolve, reject) => {
    const request = connect(proxy, authority)
    const timer = setTimeout(() => {
      request.destroy(new ProxyError(`did not answer within ${patienceMs} ms`))
    }, patienceMs)
    request.on('connect', ({ statusCode = 0 }: IncomingMessage, socket: Duplex, head: Buffer) => {
      clearTimeout(timer)
      if (statusCode >= 200 && statusCode < 300) {
        socket.unshift(head) // nothing, as a rule
        resolve(socket)
        return
      }
      socket.destroy()
      reject(ProxyError.refused(statusCode))
    })
    request.on('error', (error) => {
      clearTimeout(timer)
      reject(
        error instanceof ProxyError ? error : new ProxyError('could not be reached itself', { cause: error }),
      )
    })
    request.end()
  })
}

function connect(proxy: ProxyAddress, authority: string): ClientRequest {
  const { hostname, port } = proxy
  const headers = { host: authority, ...proxyHeaders(proxy) }
  const options = { hostname, port, method: 'CONNECT', path: authority, headers, agent: false }
  return proxy.isSecure ? https.request(options) : http.request(options)
}

/** What a proxy is told and nobody else. */
export function proxyHeaders({ authorization }: ProxyAddress): Record<string, string> {
  return authorization === undefined ? {} : { 'proxy-authorization': authorization.reveal() }
}
