// Answers that are on their way into a cache: each can be told not to settle there, because its slot was forgotten meanwhile.
import { areRequestsIsolated } from '../../kernel/isolated-requests.ts'
import type { Clock } from '../../kernel/time/clock.ts'
import { steady, type SteadyClock } from '../../kernel/time/steady-clock.ts'
import type { Slot } from '../../token-cache/store.ts'

/** One answer on its way. */
export interface PendingAnswer extends Slot {
  /** It answers a claims challenge, so nothing obtained without those claims may overwrite it. */
  readonly replaces: boolean
  /** By the steady clock. */
  readonly beganMs: number
  /** Whether it may still be kept. */
  mayBeKept: boolean
}

interface Waiting {
  readonly answers: Set<PendingAnswer>
  /** How many of them replace. */
  replacements: number
}

/** No answer takes so long: what is on its way for longer ended with the isolated request that began it. */
const longestMs = 300_000

/** The answers on their way into one cache; as many as there are requests waiting. */
export class PendingAnswers {
  readonly #byKey = new Map<string, Waiting>()
  readonly #clock: SteadyClock
  #sweptMs: number

  constructor(clock: Clock) {
    this.#clock = steady(clock)
    this.#sweptMs = this.#clock.passedMs()
  }

  /** A request starts waiting. Where a challenge is being answered at that moment, an ordinary answer is not kept. */
  begin(slot: Slot, replaces: boolean): PendingAnswer {
    const beganMs = this.#clock.passedMs()
    if (areRequestsIsolated()) this.#sweep(beganMs)
    const waiting: Waiting = this.#byKey.get(slot.key) ?? { answers: new Set(), replacements: 0 }
    if (replaces) for (const other of waiting.answers) other.mayBeKept = false
    const { partition, key } = slot
    const mayBeKept = replaces || waiting.replacements === 0
    const pending = { partition, key, replaces, beganMs, mayBeKept }
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

  /** Drops what ended without a word, now and then. */
  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptMs < longestMs) return
    this.#sweptMs = nowMs
    for (const { answers } of this.#byKey.values())
      for (const pending of answers) if (nowMs - pending.beganMs >= longestMs) this.end(pending)
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
