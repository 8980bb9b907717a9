// The store outside the process as acquiring sees it: places are digests, waiting has a limit, and what does not answer is left alone.
import { sha256 } from '#crypto'
import type { Clock } from '../kernel/clock.ts'
import { TokenStoreError } from '../kernel/errors.ts'
import type { Random } from '../kernel/random.ts'
import { scrub } from '../kernel/safe-cause.ts'
import { steady } from '../kernel/steady-clock.ts'
import type { Eventually, Lease, SealedTokenStore, Slot, Subscription } from '../token-cache/store.ts'
import { Breaker } from './breaker.ts'

/** A sealed store with limits. Every failure of it is a {@link TokenStoreError}. */
export interface SharedStore {
  get(slot: Slot, urgency?: Urgency): Promise<string | undefined>
  set(slot: Slot, text: string, ttlMs: number, urgency?: Urgency): Promise<void>
  /** Tried even while the store is left alone, as {@link SharedStore.deletePartition} and {@link SharedStore.publish} are. */
  delete(slot: Slot): Promise<void>
  deletePartition(partition: string): Promise<void>
  /** `undefined` when the store knows no leases. */
  readonly lease: ((slot: Slot, ttlMs: number) => Promise<Lease | undefined>) | undefined
  /** `undefined` when the store carries no messages; so is {@link SharedStore.subscribe} then. */
  readonly publish: ((message: string) => Promise<void>) | undefined
  readonly subscribe: ((listener: (message: string) => void) => Subscription) | undefined
}

/** `needed`: nothing else will do, so it is tried even while the store is left alone. Default: `helpful`. */
export type Urgency = 'helpful' | 'needed'

/** Limits of a shared store. */
export interface SharedStoreLimits {
  /** Longest wait for one operation, in milliseconds: a store that is slower than this is worth less than a miss. */
  readonly timeoutMs: number
  /** How long a store that did not answer in time is left alone before one operation tries it again. Default 2000 ms. */
  readonly pauseMs?: number
}

/** Failures in a row, of several accounts, until a store that at least answers is left alone. */
const failuresToOpen = 5

/** Puts limits around a store. */
export function createSharedStore(
  store: SealedTokenStore,
  { timeoutMs, pauseMs = 2000 }: SharedStoreLimits,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): SharedStore {
  const passing = steady(clock)
  const breaker = new Breaker({ failuresToOpen, callersToOpen: 2, probeEveryMs: pauseMs }, random)
  const [lease, publish, subscribe] = [
    store.lease?.bind(store),
    store.publish?.bind(store),
    store.subscribe?.bind(store),
  ]

  return {
    get: (slot, urgency = 'helpful') =>
      run({ operation: 'get', urgency, of: slot.partition }, async () => store.get(await digestSlot(slot))),
    set: (slot, text, ttlMs, urgency = 'helpful') =>
      run({ operation: 'set', urgency, of: slot.partition }, async () =>
        store.set(await digestSlot(slot), text, ttlMs),
      ),
    delete: (slot) =>
      run({ operation: 'delete', urgency: 'needed', of: slot.partition }, async () =>
        store.delete(await digestSlot(slot)),
      ),
    deletePartition: (partition) =>
      run({ operation: 'deletePartition', urgency: 'needed', of: partition }, async () =>
        store.deletePartition(await sha256(partition)),
      ),
    lease: lease && (async (slot, ttlMs) => limitLease(await takeLease(lease, slot, ttlMs))),
    publish:
      publish &&
      ((message) => run({ operation: 'publish', urgency: 'needed', of: '' }, () => publish(message))),
    subscribe,
  }

  async function run<Value>(task: Task, work: () => Eventually<Value>): Promise<Value> {
    const sentAt = passing.now()
    const waitMs = breaker.waitMs(sentAt)
    if (waitMs > 0 && task.urgency === 'helpful') throw leftAlone(task, waitMs)
    breaker.sent(sentAt)
    try {
      // Silence costs somebody the whole time limit, so that one is enough to leave the store alone.
      const value = await withTimeLimit(task, work, timeoutMs, () => breaker.pause(passing.now(), pauseMs))
      breaker.succeeded(passing.now())
      return value
    } catch (error) {
      breaker.failed({ now: passing.now(), sentAt, caller: task.of, toldMs: 0 })
      throw error
    }
  }

  function takeLease(
    take: NonNullable<SealedTokenStore['lease']>,
    slot: Slot,
    ttlMs: number,
  ): Promise<Lease | undefined> {
    return run({ operation: 'lease', urgency: 'helpful', of: slot.partition }, async () =>
      take(await digestSlot(slot), ttlMs),
    )
  }

  function limitLease(held: Lease | undefined): Lease | undefined {
    const task: Task = { operation: 'release', urgency: 'needed', of: '' }
    return held && { release: () => run(task, () => held.release()) }
  }
}

interface Task {
  readonly operation: string
  readonly urgency: Urgency
  /** Whose it is, so that one account's trouble stays its own. */
  readonly of: string
}

/** Outside the process only digests are seen: keys of a database end up in its logs, and these would name users and scopes. */
async function digestSlot({ partition, key }: Slot): Promise<Slot> {
  return { partition: await sha256(partition), key: await sha256(key) }
}

function withTimeLimit<Value>(
  { operation }: Task,
  work: () => Eventually<Value>,
  timeoutMs: number,
  onTimeout: () => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onTimeout()
      reject(new TokenStoreError(`${operation}: no answer within ${timeoutMs} ms`))
    }, timeoutMs)
    Promise.resolve()
      .then(work)
      .then(resolve, (error: unknown) => {
        reject(new TokenStoreError(`${operation}: ${describe(error)}`))
      })
      .finally(() => {
        clearTimeout(timer)
      })
  })
}

function leftAlone({ operation }: Task, waitMs: number): TokenStoreError {
  return new TokenStoreError(
    `${operation}: the store was failing and is left alone for another ${Math.ceil(waitMs)} ms`,
  )
}

/** The driver's error object stays behind, since some carry the command with its values. */
function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${scrub(error.message).slice(0, 200)}` : 'failed'
}
