// Who may ask at all: callers on this machine, by a local name, and no page of a browser that came from elsewhere.
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Behaviour } from '../config/behaviour.ts'
import type { Address } from '../config/addresses.ts'
import { Refusal } from '../kernel/refusals.ts'
import { countOf } from './raw-headers.ts'

/** Whether an address is of this machine; `::ffff:127.0.0.1` is one that came by a socket for both families. */
export function isLoopback(address: string | undefined): boolean {
  const plain = address?.toLowerCase().replace(/^::ffff:/, '')
  return plain === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain ?? '')
}

/** Whether a `Host` or the host of an `Origin` is a name of this machine, or one that was allowed. */
function isLocalHost(host: string, allowed: ReadonlySet<string>): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
  return (
    name === 'localhost' || name === '[::1]' || isLoopback(name) || allowed.has(name) || allowed.has(host)
  )
}

/** @throws Refusal 400. Which of two hosts is meant, each server on the way answers for itself. @see RFC 9112 §3.2 */
export function checkHost(request: IncomingMessage): void {
  if (countOf(request, 'host') > 1)
    throw new Refusal(400, 'The request names more than one Host.', { connection: 'close' })
}

/** @throws Refusal 403 for callers of other machines, 400 for a foreign `Host`, 403 for a foreign page. */
export function checkPeer(request: IncomingMessage, kind: Address['kind'], behaviour: Behaviour): void {
  if (kind === 'unix') return
  if (!behaviour.allowRemoteCallers && !isOfThisHost(request.socket))
    throw new Refusal(403, 'The sidecar answers callers on the same host alone.')
  const { host, origin, 'sec-fetch-site': site } = request.headers
  // A name that an attacker's DNS leads here is not ours (DNS rebinding).
  if (host === undefined || !isKnownHost(host, behaviour.allowedHosts))
    throw new Refusal(400, 'The Host of the request is no name of this host.')
  // Without an `Origin`, as for images and links, the browser still says that another site is behind the request.
  const isForeign =
    origin === undefined ? site === 'cross-site' : !isLocalOrigin(origin, behaviour.allowedHosts)
  if (isForeign) throw new Refusal(403, 'The request comes from a page of another origin.')
}

const ofThisHost = new WeakSet<Socket>()

/** A connection does not move. */
function isOfThisHost(socket: Socket): boolean {
  if (ofThisHost.has(socket)) return true
  const isLocal = isLoopback(socket.remoteAddress)
  if (isLocal) ofThisHost.add(socket)
  return isLocal
}

const knownHosts = new WeakMap<ReadonlySet<string>, Set<string>>()
const mostKnownHosts = 64

/** The names that were let in lately: clients of a sidecar call it by one or two. */
function isKnownHost(host: string, allowed: ReadonlySet<string>): boolean {
  const known = knownHosts.get(allowed) ?? new Set()
  if (known.has(host)) return true
  const isLocal = isLocalHost(host, allowed)
  if (isLocal && known.size < mostKnownHosts) knownHosts.set(allowed, known.add(host))
  return isLocal
}

function isLocalOrigin(origin: string, allowed: ReadonlySet<string>): boolean {
  return URL.canParse(origin) && isLocalHost(new URL(origin).host, allowed)
}
