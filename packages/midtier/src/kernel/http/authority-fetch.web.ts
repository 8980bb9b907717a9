// Requests to an authority by the platform's fetch, where Node's own http client is not to be had.
import type { AuthorityFetch } from './http.ts'

/** The global `fetch`, looked up at each request. */
export const authorityFetch: AuthorityFetch = (url, request) => globalThis.fetch(url, request)

/** The same: no platform of this kind has an endpoint beside it. */
export const hostFetch: AuthorityFetch = (url, request) => globalThis.fetch(url, request)

/** There is no other way than the platform's. */
export function createAuthorityFetch(): AuthorityFetch | undefined {
  return undefined
}

/** Nobody can listen to requests here. */
export function isFetchInstrumented(): boolean {
  return false
}
