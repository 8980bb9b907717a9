// Answers that are on their way into a cache: each can be told not to settle there, because its slot was forgotten meanwhile.
import type { Slot } from '../../token-cache/store.ts'

/** One answer on its way. */
export interface PendingAnswer extends Slot {
  /** It answers a claims challenge, so nothing obtained without those claims may overwrite it. */
  readonly replaces: boolean
  /** Whether it may still be kept. */
  mayBeKept: boolean
}

interface Waiting {
  readonly answers: Set<PendingAnswer>
  /** How many of them replace. */
  replacements: number
}

/** The answers on their way into one cache; as many as there are requests waiting. */
export class PendingAnswers {
  readonly #byKey = new Map<string, Waiting>()

  /** A request starts waiting. Where a challenge is being answered at that moment, an ordinary answer is not kept. */
  begin(slot: Slot, replaces: boolean): PendingAnswer {
    const waiting: Waiting = this.#byKey.get(slot.key) ?? { answers: new Set(), replacements: 0 }
    if (replaces) for (const other of waiting.answers) other.mayBeKept = false
    const { partition, key } = slot
    const pending = { partition, key, replaces, mayBeKept: replaces || waiting.replacements === 0 }
    waiting.answers.add(pending)
    if (replaces) waiting.replacements += 1
    this.#byKey.set(slot.key, waiting)
    return pending
  }

  /** The answer came, or will not come. */
  end(pending: PendingAnswer): void {
    const waiting = this.#byKey.get(pending.key)
    if (waiting?.answers.delete(pending) !== true) return
    if (pending.replaces) waiting.replacements -= 1
    if (waiting.answers.size === 0) this.#byKey.delete(pending.key)
  }

  /** No answer on its way into this slot, this partition, or anywhere is kept. */
  drop({ partition, key }: Partial<Slot>): void {
    for (const { answers } of this.#byKey.values())
      for (const pending of answers)
        if (
          (partition === undefined || pending.partition === partition) &&
          (key === undefined || pending.key === key)
        )
          pending.mayBeKept = false
  }
}
