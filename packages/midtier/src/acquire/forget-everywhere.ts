// What one process forgets, all forget: the digest of an account goes out by the shared store, and who hears it drops the account.
import { sha256 } from '#crypto'
import { TokenStoreError } from '../kernel/errors.ts'
import type { Eventually, Subscription } from '../token-cache/store.ts'
import { reportStoreFailure } from './report-store-failure.ts'
import type { SharedStore } from './shared-store.ts'
import type { TokenSource } from './token-source.ts'

/** Tells other processes, and hears them. */
export interface ForgetEverywhere {
  /** A partition is about to be kept in this process; from then on, what others tell of it is heard. */
  note(partition: string): Eventually<void>
  /** Tells the other processes to drop a partition. @throws TokenStoreError */
  tell(partition: string): Promise<void>
  close(): Promise<void>
}

/** Most partitions that this process can be told of; of others it keeps nothing. */
const maxPartitions = 100_000

/**
 * Connects the caches of processes by the messages of their store.
 *
 * Messages may be lost: then an access token is forgotten elsewhere when it expires.
 * @param drop Drops a partition from this process.
 */
export function forgetEverywhere(store: SharedStore, drop: (partition: string) => void): ForgetEverywhere {
  const { publish, subscribe } = store
  const sender = crypto.randomUUID()
  let subscription: Subscription | undefined
  // By digest, which is what the messages carry; in the order in which they were last noted.
  const names = new Map<string, string>()

  return {
    note(partition) {
      if (subscribe === undefined) return undefined
      subscription ??= subscribe(hear)
      const digest = sha256(partition)
      if (typeof digest !== 'string') return digest.then((text) => remember(text, partition))
      remember(digest, partition)
      return undefined
    },
    async tell(partition) {
      await publish?.(`${prefix}${sender} ${await sha256(partition)}`)
    },
    async close() {
      try {
        await subscription?.close()
      } catch (error) {
        throw new TokenStoreError(`close: ${error instanceof Error ? error.name : 'failed'}`)
      }
    },
  }

  /** A name that gives way takes its tokens along: nothing is kept here that cannot be dropped. */
  function remember(digest: string, partition: string): void {
    names.delete(digest)
    names.set(digest, partition)
    if (names.size <= maxPartitions) return
    for (const [oldest, itsPartition] of names) {
      names.delete(oldest)
      drop(itsPartition)
      return
    }
  }

  /** Own messages are left alone: what they tell was done before they were sent, and what has come since is new. */
  function hear(message: string): void {
    const [, from, digest] = pattern.exec(message) ?? []
    if (digest === undefined || from === sender) return
    const partition = names.get(digest)
    if (partition !== undefined) drop(partition)
  }
}

/** Version included: a process of another version is not understood rather than misunderstood. */
const prefix = 'forget/1 '
const pattern = /^forget\/1 ([\w-]{1,64}) ([\w-]{43})$/

/** Notes whose token is asked for before it can be kept; for the inside of a cache. */
export function withNotes(source: TokenSource, everywhere: ForgetEverywhere): TokenSource {
  return {
    async acquire(request) {
      await everywhere.note(request.slot.partition)
      return source.acquire(request)
    },
  }
}

/** Lets the other processes drop what an API rejected here, so that they read what has replaced it; for the outside of a cache. */
export function withReplacementsTold(source: TokenSource, everywhere: ForgetEverywhere): TokenSource {
  return {
    acquire(request) {
      const answer = source.acquire(request)
      if (request.claims === undefined) return answer
      return answer.finally(() => {
        everywhere.tell(request.slot.partition).catch((error: unknown) => {
          reportStoreFailure(request, 'publish', error)
        })
      })
    },
  }
}
