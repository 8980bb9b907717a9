// WebSocket upgrades of Node's own HTTP server: the token is validated before the upgrade, and its end is told. Translates only.
import { type IncomingMessage, STATUS_CODES, validateHeaderValue } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { answer } from '../answer/answer.ts'
import { type Clock, systemClock } from '../kernel/time/clock.ts'
import { systemLater } from '../kernel/time/later.ts'
import { leftMs, steady } from '../kernel/time/steady-clock.ts'
import type { Caller } from '../web-api/caller.ts'
import { enterContext } from '../web-api/enter-context.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { checkHandler, checkProtect } from './shared/check-use.ts'
import type { PlainAnswer } from './shared/plain-answer.ts'
import { nodeRequest, nodeTraceId } from './shared/node-exchange.ts'
import { printFailure } from './shared/print-failure.ts'

/** What `server.on('upgrade', …)` takes. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Lets an upgrade through only with a valid access token in `Authorization`; what upgrades is given the caller.
 *
 * A refusal is answered as HTTP, before the upgrade: status, `WWW-Authenticate` challenge, a problem+json body (RFC 9457) and
 * `Connection: close`. So is an error that leaves `upgrade` before anything was sent; a later one closes the connection, and so does an
 * error of others, which is printed. Does not look at the token afterwards: see {@link whenExpired}.
 *
 * @throws ConfigurationError at once when the requirements cannot be met by anybody.
 * @example
 * ```ts
 * const sockets = new WebSocketServer({ noServer: true })
 * const upgrade = protect(api, { scopes: ['access_as_user'] }, (request, socket, head, caller) => {
 *   sockets.handleUpgrade(request, socket, head, (ws) => {
 *     ws.once('close', whenExpired(caller, () => ws.close(4401, 'The token has expired')))
 *   })
 * })
 * createServer().on('upgrade', upgrade).listen(5001)
 * ```
 */
export function protect<Api extends string = string>(
  api: WebApi<Api>,
  requirements: Requirements<Api>,
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer, caller: Caller<Api>) => unknown,
): UpgradeListener {
  const call = 'protect(api, requirements, (request, socket, head, caller) => …)'
  checkProtect(api, requirements, call)
  checkHandler(upgrade, call)
  const admit = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const hasSent = watchForBytes(socket)
    socket.on('error', ignore) // where nobody listens, the end of a connection would be that of the process
    try {
      const caller = await api.authenticate(nodeRequest(request), requirements)
      if (isGone(socket) || hasSent()) return
      await enterContext(caller, () => upgrade(request, socket, head, caller))
    } catch (error) {
      const answered = isGone(socket)
        ? undefined
        : (answer(error, nodeTraceId(request)) ?? answerOthers(error))
      if (answered === undefined || hasSent()) socket.destroy()
      else send(socket, answered)
    }
  }
  return (request, socket, head) => void admit(request, socket, head)
}

const ignore = (): void => undefined

/** Whether something was sent since: an earlier answer on the same connection is none to this request. */
function watchForBytes(socket: Duplex & Partial<Pick<Socket, 'bytesWritten'>>): () => boolean {
  const before = socket.bytesWritten
  return () => socket.bytesWritten !== before
}

function isGone({ destroyed, writable }: Duplex): boolean {
  return destroyed || !writable
}

function answerOthers(error: unknown): PlainAnswer {
  printFailure('an upgrade', error)
  return { status: 500, headers: {}, body: undefined }
}

/** By hand: before an upgrade, Node hands over the connection and no response. */
function send(socket: Duplex, { status, headers, body = '' }: PlainAnswer): void {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => {
    validateHeaderValue(name, value)
    return `${name}: ${value}\r\n`
  })
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`)
}

/** What `whenExpired` measures time by. */
export interface WhenExpiredOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Does something once, after some milliseconds, and gives what stops that. Default: a timer that keeps no process alive. */
  readonly later?: (durationMs: number, work: () => void) => () => void
}

/** It is looked again after a minute: the clock may be set, the machine may have slept, and a timer holds 24 days at most. */
const longestWaitMs = 60_000

/**
 * Does something once when the token of a caller has expired, such as closing a connection; gives what stops the waiting, which belongs
 * to the end of the connection.
 *
 * A clock that is set back does not give a token more time than it had. Does not notice that a token was revoked: what `api.authenticate`
 * says of the same token again does.
 * @example
 * ```ts
 * const stop = whenExpired(caller, () => console.log('The token has expired'))
 * stop()
 * ```
 */
export function whenExpired(
  caller: Pick<Caller, 'principal'>,
  work: () => void,
  { clock = systemClock, later = systemLater }: WhenExpiredOptions = {},
): () => void {
  const { expiresAtMs } = caller.principal
  const time = steady(clock)
  const since = time.now()
  const span = { since, durationMs: expiresAtMs - since.wallMs }
  let stop = ignore
  const look = (): void => {
    const now = time.now()
    const remainingMs = Math.min(leftMs(span, now), expiresAtMs - now.wallMs)
    if (remainingMs <= 0) work()
    else stop = later(Math.min(remainingMs, longestWaitMs), look)
  }
  stop = later(0, look) // never before the caller of this has what stops it
  return () => {
    stop()
  }
}
