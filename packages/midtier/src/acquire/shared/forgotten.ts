// When an account was last forgotten, in the shared store: what is begun on its behalf at that moment, in whichever process, can be told so.
import { forgettings } from '../../kernel/forgettings.ts'
import type { Clock } from '../../kernel/time/clock.ts'
import { isJsonObject, parseJsonObject } from '../../kernel/json.ts'
import { encodeKeyList } from '../../token-cache/cache-key.ts'
import type { Slot } from '../../token-cache/store.ts'
import type { SharedStore } from './shared-store.ts'

/** One forgetting. */
export interface Forgetting {
  /** Tells it from the one before, whatever the clocks say. */
  readonly id: string
  /** By the clock of the process that forgot, milliseconds since the epoch. */
  readonly atMs: number
  /** Which process forgot, and how many forgettings it had counted then. */
  readonly by?: unknown
  readonly nth?: unknown
}

/** Since when somebody is known. */
export interface Known {
  /** By the clock of this process, milliseconds since the epoch. Default: now. */
  readonly authenticatedAtMs?: number
  /** How many forgettings this process had counted by then. Default: nobody knows. */
  readonly forgettingsBefore?: number
}

/** The latest forgetting of each account. Every failure is a TokenStoreError. */
export interface Forgotten {
  /** Notes that a partition is being forgotten; before anything of it is deleted. */
  note(partition: string): Promise<void>
  /** The latest; `undefined` when there was none lately. */
  latest(partition: string): Promise<Forgetting | undefined>
  /**
   * Whether that was after somebody was known: for a forgetting of this process by its count, whatever the clocks show, for another one's by
   * the two clocks. One that lies further ahead of now than clocks may differ was noted by a wrong clock: it counts as of when it is first read here.
   */
  isSince(forgetting: Forgetting, known: Known): boolean
}

/** As far as clocks may differ for tokens and messages. */
const toleratedMs = 300_000

/** Most forgettings of a clock that ran ahead that are remembered; whoever is refused by one that is not, is let in the next time. */
const maxAhead = 1000

// Made when it is first needed: some platforms give no randomness while modules are loaded.
let processId: string | undefined
const ownId = (): string => (processId ??= crypto.randomUUID())

/** Longer than the token of a caller lives, with whom something could still be begun: thirty hours, as for revocations. */
const keptMs = 30 * 3_600_000

/** Notes forgettings beside the partitions that they are about, since what is in them is deleted. */
export function createForgotten(store: SharedStore, clock: Clock): Forgotten {
  const readAhead = new Map<string, number>()
  return {
    async note(partition) {
      const nth = (forgettings.count += 1)
      const forgetting: Forgetting = { id: crypto.randomUUID(), atMs: clock.nowMs(), by: ownId(), nth }
      await store.set(slotOf(partition), JSON.stringify(forgetting), keptMs, 'needed')
    },
    async latest(partition) {
      const text = await store.get(slotOf(partition), 'needed')
      const read = text === undefined ? undefined : parseJsonObject(text)
      return isForgetting(read) ? read : undefined
    },
    isSince(forgetting, { authenticatedAtMs, forgettingsBefore }) {
      if (authenticatedAtMs === undefined) return false
      const nowMs = clock.nowMs()
      if (forgettingsBefore !== undefined) {
        if (forgetting.by === ownId() && typeof forgetting.nth === 'number')
          return forgetting.nth > forgettingsBefore
        if (forgetting.atMs > nowMs + toleratedMs) return firstRead(forgetting) > forgettingsBefore
      }
      // A clock that was set back since must not make the caller seem to have come later than now.
      return forgetting.atMs >= Math.min(authenticatedAtMs, nowMs)
    },
  }

  /** Counted like one of this process when it was first read. */
  function firstRead({ id }: Forgetting): number {
    const known = readAhead.get(id)
    if (known !== undefined) return known
    const nth = (forgettings.count += 1)
    readAhead.set(id, nth)
    const [oldest] = readAhead.keys()
    if (readAhead.size > maxAhead && oldest !== undefined) readAhead.delete(oldest)
    return nth
  }
}

function slotOf(partition: string): Slot {
  return {
    partition: encodeKeyList(['forgotten', partition]),
    key: encodeKeyList(['latest forgetting', partition]),
  }
}

function isForgetting(read: unknown): read is Forgetting {
  return isJsonObject(read) && typeof read['id'] === 'string' && typeof read['atMs'] === 'number'
}
