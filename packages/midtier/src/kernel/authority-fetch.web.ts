// Requests to an authority by the platform's fetch, where Node's own http client is not to be had.
import type { AuthorityFetch } from './http.ts'

/** The global `fetch`, looked up at each request. */
export const authorityFetch: AuthorityFetch = (url, request) => globalThis.fetch(url, request)
