// The shared store (L2) seen as a store of access tokens: each one an entry that carries its owner.
import { parseEntry, serializeEntry } from '../../token-cache/entry.ts'
import type { FollowedTokenStore } from '../sources/cached-tokens.ts'
import type { SharedStore } from './shared-store.ts'
import { AccessToken } from '../token-source.ts'

/** Access tokens in a store outside the process; an unreadable entry is a miss. */
export function sharedTokens(store: SharedStore): FollowedTokenStore {
  return {
    async get(slot) {
      const text = await store.get(slot)
      const entry = text === undefined ? undefined : parseEntry(slot, text)
      return entry === undefined ? undefined : new AccessToken({ ...entry, origin: 'l2' })
    },
    set: (slot, token, ttlMs, sent) =>
      store.set(slot, serializeEntry(slot, token.facts()), ttlMs, 'helpful', sent),
    delete: (slot) => store.delete(slot),
    deletePartition: (partition) => store.deletePartition(partition),
  }
}
