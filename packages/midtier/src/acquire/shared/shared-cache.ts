// What a store that processes share adds to acquiring: a cache behind that of the process, sessions, and what others have forgotten.
import type { Clock } from '../../kernel/time/clock.ts'
import type { Random } from '../../kernel/crypto/random.ts'
import type { Sleep } from '../../kernel/time/sleep.ts'
import type { MemoryStore } from '../../token-cache/memory-store.ts'
import { CachedTokens } from '../sources/cached-tokens.ts'
import { reportStoreFailure } from '../sources/report-store-failure.ts'
import { createTurns, type TakeTurns } from '../sources/take-turns.ts'
import type { AccessToken, TokenRequest } from '../token-source.ts'
import { createInvalidations, type Invalidations, type Which } from './invalidations.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createForgotten, type Forgotten } from './forgotten.ts'
import type { SharedStore } from './shared-store.ts'
import { sharedTokens } from './shared-tokens.ts'

/** The parts of acquiring that are shared by processes. */
export interface SharedCache {
  readonly tokens: CachedTokens
  /** `undefined` when the store knows no leases. */
  readonly takeTurns: TakeTurns | undefined
  readonly sessions: Sessions
  readonly forgotten: Forgotten
  readonly invalidations: Invalidations
}

/** What is handed in. */
export interface SharedCachePorts {
  readonly clock: Clock
  readonly random: Random
  readonly sleep: Sleep
}

/** Longest lease: an exchange takes a second at most while all is well, and a process that died with one is waited for. */
const longestLeaseMs = 3000

/** Opens the shared cache behind the one of this process, which drops what other processes have forgotten. */
export function createSharedCache(
  store: SharedStore,
  memory: CachedTokens<MemoryStore<AccessToken>>,
  { requestTimeoutMs }: { readonly requestTimeoutMs: number },
  ports: SharedCachePorts,
): SharedCache {
  const tokens = new CachedTokens(sharedTokens(store), { clock: ports.clock, origin: 'l2', undone: dropRead })
  const leaseMs = Math.min(requestTimeoutMs, longestLeaseMs)
  const invalidations = createInvalidations(store, {
    maxEntries: memory.store.maxEntries,
    isKept: ({ partition = '', key }) => memory.store.holds({ partition, key }),
    drop(which) {
      // The other process has deleted it in the shared store; what is under way from here must not get there either.
      tokens.disown(which)
      dropFromMemory(which)
    },
  })
  return {
    tokens,
    takeTurns: store.lease && createTurns(store.lease, { leaseMs }, ports),
    sessions: createSessions(store, ports.clock),
    forgotten: createForgotten(store, ports.clock),
    invalidations,
  }

  function dropFromMemory(which: Which): void {
    memory.disown(which)
    dropFrom(memory.store, which)
  }

  /** Whoever has read what was forgotten, between its write and its deletion, has it in memory. */
  function dropRead(request: TokenRequest): void {
    dropFromMemory(request.slot)
    invalidations.publishReplaced(request.slot).catch((error: unknown) => {
      reportStoreFailure(request, 'publish', error)
    })
  }
}

function dropFrom(store: MemoryStore<AccessToken>, { partition, key }: Which): void {
  if (partition === undefined) store.clear()
  else if (key === undefined) store.deletePartition(partition)
  else store.delete({ partition, key })
}
