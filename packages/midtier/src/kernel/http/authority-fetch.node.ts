// Requests to an authority: by Node's own http client as long as the platform's `fetch` would do no other, else by that `fetch`.
import diagnostics from 'node:diagnostics_channel'
import { sendBy } from './exchange.node.ts'
import {
  type AuthorityFetch,
  type HttpClient,
  type HttpRequest,
  type ProxyAddress,
  sendByFetch,
} from './http.ts'
import { findDetour, type Detour } from './platform-fetch.node.ts'
import { bareRoute, createProxyRoute, directRoute } from './routes.node.ts'

/**
 * Sends as the platform's `fetch` would. Node's own http client costs little more than half (benchmarks/results/acquire.md) and goes the same
 * way, unless `fetch` was replaced or undici's global dispatcher configured: then a proxy, a private certificate authority or the
 * stand-in of a test is there for a reason.
 */
export const authorityFetch: AuthorityFetch = {
  send(request) {
    const detour = findDetour()
    return detour === undefined ? sendBy(directRoute, request) : sendByPlatform(request, detour)
  },
} satisfies HttpClient

/** Sends to an endpoint on this host, which no proxy reaches; stand-ins of a test are obeyed all the same. */
export const hostFetch: AuthorityFetch = {
  send(request) {
    const detour = findDetour()
    return detour?.isStandIn === true ? sendByPlatform(request, detour) : sendBy(bareRoute, request)
  },
} satisfies HttpClient

/** Sends through a proxy, or directly for `false`, whatever the platform's `fetch` does. `undefined` where a platform cannot. */
export function createAuthorityFetch(proxy: ProxyAddress | false): AuthorityFetch | undefined {
  const route = proxy === false ? bareRoute : createProxyRoute(proxy)
  return { send: (request) => sendBy(route, request) } satisfies HttpClient
}

/**
 * Whether somebody hears of each request of `fetch`, as @opentelemetry/instrumentation-undici does: whoever listens propagates the trace,
 * by a header that is added to those of the request and takes the place of none.
 */
export function isFetchInstrumented(): boolean {
  return diagnostics.hasSubscribers('undici:request:create')
}

/** Never cached: some frameworks put a caching `fetch` in the place of the platform's, and would keep tokens on disk. */
function sendByPlatform(request: HttpRequest, { via }: Detour): ReturnType<HttpClient['send']> {
  return sendByFetch((url, init) => globalThis.fetch(url, { ...init, cache: 'no-store' }), request, via)
}
