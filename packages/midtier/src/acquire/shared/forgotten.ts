// When an account was last forgotten, in the shared store: what is begun on its behalf at that moment, in whichever process, can be told so.
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
}

/** The latest forgetting of each account. Every failure is a TokenStoreError. */
export interface Forgotten {
  /** Notes that a partition is being forgotten; before anything of it is deleted. */
  note(partition: string): Promise<void>
  /** The latest; `undefined` when there was none lately. */
  latest(partition: string): Promise<Forgetting | undefined>
}

/** Longer than the token of a caller lives, with whom something could still be begun: thirty hours, as for revocations. */
const keptMs = 30 * 3_600_000

/** Notes forgettings beside the partitions that they are about, since what is in them is deleted. */
export function createForgotten(store: SharedStore, clock: Clock): Forgotten {
  return {
    async note(partition) {
      const forgetting: Forgetting = { id: crypto.randomUUID(), atMs: clock.nowMs() }
      await store.set(slotOf(partition), JSON.stringify(forgetting), keptMs, 'needed')
    },
    async latest(partition) {
      const text = await store.get(slotOf(partition), 'needed')
      const read = text === undefined ? undefined : parseJsonObject(text)
      return isForgetting(read) ? read : undefined
    },
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
