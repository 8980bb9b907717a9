// Tokens that this process has, told at once: what is already there is not awaited.
import { usability } from '../../kernel/time/lifetime.ts'
import type { MemoryStore } from '../../token-cache/memory-store.ts'
import type { AccessToken, TokenRequest } from '../token-source.ts'
import type { CacheLimits } from './with-cache.ts'
import { reportToken } from './with-observer.ts'

/** The fresh token of a request; `undefined` when anything at all is left to do: then {@link TokenSource.acquire} does it. */
export type AtHandTokens = (request: TokenRequest) => AccessToken | undefined

/** Reads the cache of the process. A token that is due for renewal is left to the source, which renews it. */
export function createAtHandTokens(
  l1: MemoryStore<AccessToken>,
  { clock, expiryBufferMs }: CacheLimits,
): AtHandTokens {
  return (request) => {
    if (request.claims !== undefined || request.forceRefresh || request.signal?.aborted === true)
      return undefined
    const token = l1.get(request.slot)
    if (token === undefined || usability(token, clock.nowMs(), expiryBufferMs) !== 'fresh') return undefined
    if (request.context.quiet !== true) reportToken(request, token, 0)
    return token
  }
}
