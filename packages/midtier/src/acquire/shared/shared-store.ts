// The store outside the process as acquiring sees it: places are digests, waiting has a limit, and what does not answer is left alone.
import { sha256 } from '#crypto'
import type { Clock } from '../../kernel/time/clock.ts'
import { TokenStoreError } from '../../kernel/errors/errors.ts'
import { isError, isPromise } from '../../kernel/errors/other-realms.ts'
import type { Random } from '../../kernel/crypto/random.ts'
import { scrub } from '../../kernel/errors/safe-cause.ts'
import { ageMs, type Moment, type SteadyClock, steady } from '../../kernel/time/steady-clock.ts'
import { type Later, systemLater } from '../../kernel/time/later.ts'
import { withTimeLimit } from '../../kernel/time/time-limit.ts'
import type { Subscribe } from '../../token-cache/share-subscription.ts'
import type { Eventually, Lease, SealedTokenStore, Slot } from '../../token-cache/store.ts'
import { freshMessages, retryAfterMs } from './fresh-messages.ts'
import { type Kind, maxGroups, StoreBreakers } from './store-breakers.ts'

/** A sealed store with limits, one for each web API. Every failure of it is a {@link TokenStoreError}. */
export interface SharedStore {
  get(slot: Slot, urgency?: Urgency): Promise<string | undefined>
  /** @param sent Told when the store was handed the write, with what is over when the store says so, which may be after it was given up here. */
  set(
    slot: Slot,
    text: string,
    ttlMs: number,
    urgency?: Urgency,
    sent?: (landing: Promise<unknown>) => void,
  ): Promise<void>
  /** Tried even while the store is left alone, as everything below is but leases. */
  delete(slot: Slot): Promise<void>
  deletePartition(partition: string): Promise<void>
  /** `undefined` when the store cannot compare; see {@link SealedTokenStore}. */
  readonly setIfGreater:
    ((slot: Slot, rank: number, text: string, ttlMs: number) => Promise<string | undefined>) | undefined
  /** `undefined` when the store knows no leases. */
  readonly lease: ((slot: Slot, ttlMs: number) => Promise<Lease | undefined>) | undefined
  /** `undefined` when the store carries no messages; so is {@link SharedStore.subscribe} then. */
  readonly publish: ((message: string) => Promise<void>) | undefined
  /** All who listen share one subscription. Neither `ready` nor its end is waited for longer than an operation is. */
  readonly subscribe: Subscribe | undefined
  /** Longest wait for one operation, in milliseconds. */
  readonly timeoutMs: number
  /** Asks nobody. */
  readonly health: () => SharedStoreHealth
}

/** State of a shared store. */
export interface SharedStoreHealth {
  /** Whether the latest operation failed, in any part of it that fails by itself: until one succeeds there. */
  readonly failing: boolean
  /** What went wrong in that; `undefined` while it does not fail. */
  readonly lastFailure: string | undefined
}

/** `needed`: nothing else will do, so it is tried even while the store is left alone. Default: `helpful`. */
export type Urgency = 'helpful' | 'needed'

/** Limits of a shared store. */
export interface SharedStoreLimits {
  /** Longest wait for one operation, in milliseconds: a store that is slower than this is worth less than a miss. */
  readonly timeoutMs: number
  /** How long a part of the store that did not answer in time is left alone before one operation tries it again. Default 2000 ms. */
  readonly pauseMs?: number
}

/** What is handed in. */
export interface SharedStorePorts {
  readonly clock: Clock
  readonly random: Random
  /** Told of messages that were not listened to (`open`), and that none can be heard (`subscribe`). Default: nobody is. */
  readonly report?: (message: string, operation: 'open' | 'subscribe') => void
  /** When subscribing is tried again. Default: the machine's timer. */
  readonly later?: Later
}

/** Puts limits around a store. */
export function createSharedStore(
  store: SealedTokenStore,
  limits: SharedStoreLimits,
  ports: SharedStorePorts,
): SharedStore {
  const { timeoutMs } = limits
  const operations = new Operations(store, limits, ports)
  const messages = openMessages(store, ports)
  const [lease, setIfGreater] = [store.lease?.bind(store), store.setIfGreater?.bind(store)]

  return {
    timeoutMs,
    get: (slot, urgency = 'helpful') =>
      operations.run({ operation: 'get', urgency, slot }, (at) => store.get(at)),
    set: (slot, text, ttlMs, urgency = 'helpful', sent) =>
      operations.run({ operation: 'set', urgency, slot }, (at) => {
        const landing = store.set(at, text, ttlMs)
        if (sent !== undefined && isPromise(landing)) sent(Promise.resolve(landing))
        return landing
      }),
    delete: (slot) =>
      operations.run({ operation: 'delete', urgency: 'needed', slot }, (at) => store.delete(at)),
    deletePartition: (partition) =>
      operations.run(
        { operation: 'deletePartition', urgency: 'needed', slot: { partition, key: '' } },
        (at) => store.deletePartition(at.partition),
      ),
    setIfGreater:
      setIfGreater &&
      ((slot, rank, text, ttlMs) =>
        operations.run({ operation: 'setIfGreater', urgency: 'needed', slot }, (at) =>
          setIfGreater(at, rank, text, ttlMs),
        )),
    lease: lease && ((slot, ttlMs) => takeLease(operations, lease, slot, ttlMs)),
    publish: messages && ((message) => operations.publish(() => messages.publish(message))),
    subscribe: messages && limitWaiting(messages.subscribe, timeoutMs),
    health: () => operations.health(),
  }
}

interface Task {
  readonly operation: string
  readonly urgency: Urgency
  /** Its partition says whose it is, so that one account's trouble stays its own. */
  readonly slot: Slot
}

/** The part of a store that carries messages. */
const messageGroup = 'messages'

/** What does not read. Publishing has a group of its own, which nothing else is done to. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['set', 'writing'],
  ['setIfGreater', 'writing'],
  ['lease', 'writing'],
  ['delete', 'deleting'],
  ['deletePartition', 'deleting'],
  ['release', 'deleting'],
])

const nameOf = (kind: Kind, group: string): string => `${kind} ${group}`

/**
 * How long a failure of messages, of writing or of deleting counts beside entries that are well: longer than the five minutes after which
 * somebody is to be called, so that a store that refuses to publish for good is not taken for one that is well.
 */
const doubtfulMs = 600_000

/** Operations of a store, each within the time limit; where one does not answer, the next ones leave that part of the store alone. */
class Operations {
  readonly #faultGroup: SealedTokenStore['faultGroup']
  readonly #timeoutMs: number
  readonly #passing: SteadyClock
  readonly #breakers: StoreBreakers
  /** Of each kind of operation in each part, what the latest one failed by, and when. */
  readonly #failures = new Map<string, { readonly message: string; readonly at: Moment }>()

  constructor(
    store: SealedTokenStore,
    { timeoutMs, pauseMs = 2000 }: SharedStoreLimits,
    { clock, random }: Pick<SharedStorePorts, 'clock' | 'random'>,
  ) {
    this.#faultGroup = store.faultGroup?.bind(store)
    this.#timeoutMs = timeoutMs
    this.#passing = steady(clock)
    this.#breakers = new StoreBreakers(pauseMs, random)
  }

  health(): SharedStoreHealth {
    return { failing: this.#failures.size > 0, lastFailure: [...this.#failures.values()].at(-1)?.message }
  }

  async run<Value>(task: Task, work: (at: Slot) => Eventually<Value>): Promise<Value> {
    const at = await digestSlot(task.slot)
    const group = await this.#groupOf(task.operation, at.partition)
    return this.#runIn(`partitions ${group}`, task, () => work(at))
  }

  /** By itself: messages take another way than entries, and their trouble is not that of the entries. */
  publish(send: () => Eventually<void>): Promise<void> {
    const task: Task = { operation: 'publish', urgency: 'needed', slot: { partition: '', key: '' } }
    return this.#runIn(messageGroup, task, send)
  }

  /**
   * Who can write can do the rest as well. Messages are sent so seldom, and where all is cached so little is written, that a failure of
   * either is taken for over when entries have been well for a while since.
   */
  #noteSuccess(kind: Kind, group: string): void {
    this.#failures.delete(nameOf('reading', group))
    this.#failures.delete(nameOf(kind, group))
    if (kind === 'writing') this.#failures.delete(nameOf('deleting', group))
    const seldom = [nameOf('reading', messageGroup), nameOf('writing', group), nameOf('deleting', group)]
    for (const name of seldom) {
      const failure = this.#failures.get(name)
      if (failure !== undefined && ageMs(failure.at, this.#passing.now()) > doubtfulMs)
        this.#failures.delete(name)
    }
  }

  #noteFailure(kind: Kind, group: string, error: unknown): void {
    const name = nameOf(kind, group)
    this.#failures.delete(name) // the latest of all is the last
    if (this.#failures.size >= 3 * maxGroups) this.#failures.clear()
    this.#failures.set(name, { message: isError(error) ? error.message : 'failed', at: this.#passing.now() })
  }

  /** It should not have to be waited for; a store that thinks otherwise gets no longer for it than for the operation. */
  async #groupOf(operation: string, partition: string): Promise<string> {
    const faultGroup = this.#faultGroup
    return faultGroup === undefined ? '' : limited(this.#timeoutMs, operation, () => faultGroup(partition))
  }

  async #runIn<Value>(group: string, task: Task, work: () => Eventually<Value>): Promise<Value> {
    const passing = this.#passing
    const kind = kinds.get(task.operation) ?? 'reading'
    const part = this.#breakers.of(group)
    const sentAt = passing.now()
    const waitMs = part.waitMs(kind, sentAt)
    if (waitMs > 0 && task.urgency === 'helpful') throw leftAlone(task, waitMs)
    part.sent(kind, sentAt)
    try {
      const value = await limited(this.#timeoutMs, task.operation, work, () => part.silent(passing.now()))
      part.succeeded(kind, passing.now())
      if (this.#failures.size > 0) this.#noteSuccess(kind, group)
      return value
    } catch (error) {
      this.#noteFailure(kind, group, error)
      part.failed(kind, { now: passing.now(), sentAt, caller: task.slot.partition })
      throw error
    }
  }
}

async function takeLease(
  operations: Operations,
  take: NonNullable<SealedTokenStore['lease']>,
  slot: Slot,
  ttlMs: number,
): Promise<Lease | undefined> {
  const held = await operations.run({ operation: 'lease', urgency: 'helpful', slot }, (at) => take(at, ttlMs))
  const release: Task = { operation: 'release', urgency: 'needed', slot }
  return held && { release: () => operations.run(release, () => held.release()) }
}

function openMessages(
  store: SealedTokenStore,
  { clock, report = () => undefined, later = systemLater }: SharedStorePorts,
): ReturnType<typeof freshMessages> | undefined {
  if (store.publish === undefined || store.subscribe === undefined) return undefined
  const sealed = { publish: store.publish.bind(store), subscribe: store.subscribe.bind(store) }
  return freshMessages(sealed, {
    clock,
    later,
    report: (why) => report(`A message of the shared store was not heard: ${why}`, 'open'),
    deaf: (error) => report(`subscribe: ${describe(error)}. ${deafness}`, 'subscribe'),
  })
}

const deafness = `Until it succeeds, this process does not hear what others forget, replace or revoke; it is tried again every ${retryAfterMs / 1000} s. Remedy: let the subscribe of the store return at once and open its connection afterwards, and see why it throws`

function limitWaiting(subscribe: Subscribe, timeoutMs: number): Subscribe {
  return (hear, begun) => {
    const subscription = subscribe(hear, begun)
    return {
      ready: limited(timeoutMs, 'subscribe', () => subscription.ready).catch(() => undefined),
      close: () => limited(timeoutMs, 'close', () => subscription.close()),
    }
  }
}

/** One wait for the store. @throws TokenStoreError whatever it throws, and when it does not answer, of which `noteSilence` is told. */
async function limited<Value>(
  timeoutMs: number,
  operation: string,
  work: () => Eventually<Value>,
  noteSilence: () => void = () => undefined,
): Promise<Value> {
  let silence: TokenStoreError | undefined
  try {
    return await withTimeLimit(timeoutMs, work, () => {
      noteSilence()
      silence = new TokenStoreError(`${operation}: no answer within ${timeoutMs} ms`)
      return silence
    })
  } catch (error) {
    throw error === silence ? error : new TokenStoreError(`${operation}: ${describe(error)}`)
  }
}

/** Outside the process only digests are seen: keys of a database end up in its logs, and these would name users and scopes. */
async function digestSlot({ partition, key }: Slot): Promise<Slot> {
  return { partition: await sha256(partition), key: await sha256(key) }
}

function leftAlone({ operation }: Task, waitMs: number): TokenStoreError {
  return new TokenStoreError(
    `${operation}: the store was failing and is left alone for another ${Math.ceil(waitMs)} ms`,
  )
}

/** The driver's error object stays behind, since some carry the command with its values. */
function describe(error: unknown): string {
  return isError(error) ? `${error.name}: ${scrub(error.message).slice(0, 200)}` : 'failed'
}
