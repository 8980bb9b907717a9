// Writes into a cache that have begun: who forgets waits for them, and one that lands after that is undone.
import type { Slot } from '../../token-cache/store.ts'
import type { PendingAnswer } from './pending-answers.ts'

/** One write. */
export interface BegunWrite {
  readonly pending: PendingAnswer
  /** Over when the write has landed or was given up, and was undone if it had to be. Never rejects. */
  readonly settled: Promise<void>
  /** Its partition was forgotten, or everything was. */
  isForgotten: boolean
}

/** Most writes that are remembered after they were given up: a store that never answers must not fill the memory. */
const maxGivenUp = 1000

/** The writes into one cache that may still land, by partition. */
export class BegunWrites {
  readonly #byPartition = new Map<string, Set<BegunWrite>>()
  readonly #givenUp = new Set<BegunWrite>()

  add(write: BegunWrite): void {
    const { partition } = write.pending
    const writes = this.#byPartition.get(partition) ?? new Set()
    writes.add(write)
    this.#byPartition.set(partition, writes)
  }

  /** Nobody waits for it any more, but it may land. */
  giveUp(write: BegunWrite): void {
    this.#givenUp.add(write)
    if (this.#givenUp.size <= maxGivenUp) return
    for (const oldest of this.#givenUp) {
      this.remove(oldest)
      return
    }
  }

  /** It landed, or never will. */
  remove(write: BegunWrite): void {
    this.#givenUp.delete(write)
    const { partition } = write.pending
    const writes = this.#byPartition.get(partition)
    if (writes?.delete(write) === true && writes.size === 0) this.#byPartition.delete(partition)
  }

  /** The writes of a partition that are still waited for. */
  awaited(partition: string): BegunWrite[] {
    return [...(this.#byPartition.get(partition) ?? [])].filter((write) => !this.#givenUp.has(write))
  }

  /** What lands in this slot, this partition or anywhere is undone. */
  drop({ partition, key }: Partial<Slot>): void {
    const sets =
      partition === undefined ? this.#byPartition.values() : [this.#byPartition.get(partition) ?? []]
    for (const writes of sets)
      for (const write of writes)
        if (key === undefined || write.pending.key === key) {
          write.pending.mayBeKept = false
          write.isForgotten ||= key === undefined
        }
  }
}
