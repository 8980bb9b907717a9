// Tokens that this process has, told at once: what is already there is not awaited.
import type { Clock } from '../../kernel/time/clock.ts'
import { usability } from '../../kernel/time/lifetime.ts'
import type { MemoryStore } from '../../token-cache/memory-store.ts'
import type { Slot } from '../../token-cache/store.ts'
import type { AccessToken, TokenRequest } from '../token-source.ts'
import { reportToken } from './with-observer.ts'

/** Fresh tokens alone: with `undefined` something is left to do, and {@link TokenSource.acquire} does it. */
export interface AtHandTokens {
  /** The token of a slot, for a call that nobody observes. */
  inSlot(slot: Slot): AccessToken | undefined
  /** The token of a request, unless that asks for more than what is kept. */
  ofRequest(request: TokenRequest): AccessToken | undefined
}

/** Reads the cache of the process. A token that is due for renewal is left to the source, which renews it. */
export function createAtHandTokens(l1: MemoryStore<AccessToken>, clock: Clock): AtHandTokens {
  const inSlot = (slot: Slot): AccessToken | undefined => {
    const token = l1.get(slot)
    if (token === undefined || usability(token, clock.nowMs()) !== 'fresh') return undefined
    return token
  }
  return {
    inSlot,
    ofRequest(request) {
      if (request.claims !== undefined || request.forceRefresh || request.signal?.aborted === true)
        return undefined
      const token = inSlot(request.slot)
      if (token !== undefined && request.context.quiet !== true) reportToken(request, token, 0)
      return token
    },
  }
}
