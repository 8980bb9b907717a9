// What one process forgets, all forget: digests of accounts and slots go out by the shared store, and who hears one drops what it names.
import { sha256 } from '#crypto'
import { encodeKeyList } from '../../token-cache/cache-key.ts'
import type { Slot, Subscription } from '../../token-cache/store.ts'
import { Names } from './names.ts'
import { reportStoreFailure } from '../sources/report-store-failure.ts'
import type { SharedStore } from './shared-store.ts'
import type { TokenSource } from '../token-source.ts'

/** Tells other processes what to drop, and hears them. */
export interface Invalidations {
  /** A slot is about to be kept in this process; from then on, what others publish of it is heard. */
  watch(slot: Slot): Promise<void>
  /** Tells the other processes to drop a partition. @throws TokenStoreError */
  publishForgotten(partition: string): Promise<void>
  /** Tells the other processes that what was in one slot was replaced. @throws TokenStoreError */
  publishReplaced(slot: Slot): Promise<void>
  /** @throws TokenStoreError */
  close(): Promise<void>
}

/** Which slots: one, those of a partition, or all. */
export type Which = Partial<Slot>

/** What this process keeps, to those who make it forget. */
export interface Kept {
  /** Whether anything is kept of a partition, or in a slot. */
  isKept(which: Which): boolean
  /** Drops what is kept, and what is on its way there. */
  drop(which: Which): void
  /** Most slots that are kept. */
  readonly maxEntries: number
}

/**
 * Connects the caches of processes by the messages of their store.
 *
 * Where messages begin to arrive, everything is dropped that was kept before: nobody knows which ones were missed. While none arrive,
 * what this process keeps is served, and is forgotten when it expires.
 */
export function createInvalidations(store: SharedStore, kept: Kept): Invalidations {
  const { publish, subscribe } = store
  const isKept = (which: Which): boolean => kept.isKept(which)
  const drop = (which: Which): void => kept.drop(which)
  // Two for each slot, its own and that of its account, and a quarter more for what is on its way or gone.
  const maxNames = Math.ceil(2.5 * kept.maxEntries) + 1000
  const names = new Names<Which>({ maxNames, isKept, drop })
  let subscription: Subscription | undefined
  let mayBeKept = false

  return {
    async watch({ partition, key }) {
      if (subscribe === undefined) return
      subscription ??= subscribe(hear, () => {
        if (mayBeKept) drop({})
      })
      await subscription.ready // what is forgotten from now on is heard
      mayBeKept = true
      names.note(await digestOf({ partition }), { partition })
      names.note(await digestOf({ partition, key }), { partition, key })
    },
    async publishForgotten(partition) {
      await publish?.(`${forget} ${await digestOf({ partition })}`)
    },
    async publishReplaced({ partition, key }) {
      await publish?.(`${replaced} ${await digestOf({ partition, key })}`)
    },
    async close() {
      await subscription?.close()
    },
  }

  function hear(message: string): void {
    const [, digest] = pattern.exec(message) ?? []
    const named = digest === undefined ? undefined : names.find(digest)
    if (named !== undefined) drop(named)
  }
}

/** Versions included: a process of another version is not understood rather than misunderstood. */
const forget = 'forget/2'
const replaced = 'replaced/1'
const pattern = /^(?:forget\/2|replaced\/1) ([\w-]{43})$/

/** A partition and a slot have different digests, whatever their names are. */
async function digestOf({ partition = '', key }: Which): Promise<string> {
  return sha256(encodeKeyList(key === undefined ? [partition] : [partition, key]))
}

/** Watches what is asked for before it can be kept; for the inside of the process's cache. */
export function withInvalidations(source: TokenSource, invalidations: Invalidations): TokenSource {
  return {
    async acquire(request) {
      await invalidations.watch(request.slot)
      return source.acquire(request)
    },
  }
}

/** Lets the other processes drop what an API rejected here, so that they read what has replaced it; for the inside of the single flight, which ends when it has. */
export function withPublishedReplacements(source: TokenSource, invalidations: Invalidations): TokenSource {
  return {
    acquire(request) {
      const answer = source.acquire(request)
      if (request.claims === undefined) return answer
      return answer.finally(() => {
        invalidations.publishReplaced(request.slot).catch((error: unknown) => {
          reportStoreFailure(request, 'publish', error)
        })
      })
    },
  }
}
