// How long a bounded memory keeps what is not asked for again: where the least recently used gives way, as long for all (Che's approximation).
import { type AskedToken, sumOf } from './token-life.ts'

/** A process among those that a session's requests are spread over. */
export interface MemoryOfProcess {
  readonly spread: number
  readonly reached: number
  readonly processes: number
  /** Entries that it keeps. */
  readonly entries: number
}

/** Longest time that is told apart from for ever: nothing is asked for after it. Seconds. */
const forEver = 1e7

/** Seconds from when an entry was last asked for until it gives way. */
export function keptFor(tokens: readonly AskedToken[], memory: MemoryOfProcess): number {
  let [least, most] = [0, forEver]
  for (let halvings = 0; halvings < 60; halvings += 1) {
    const middle = (least + most) / 2
    if (askedForWithin(tokens, memory, middle) < memory.entries) least = middle
    else most = middle
  }
  return least
}

/** Different tokens that one process is asked for within a time, those of sessions that have ended since included. */
export function askedForWithin(
  tokens: readonly AskedToken[],
  { spread, reached, processes }: Omit<MemoryOfProcess, 'entries'>,
  time: number,
): number {
  return sumOf(
    tokens.map(({ perSecond, rate, seconds }) => {
      const own = (rate * reached) / spread
      const both = Math.min(time, seconds)
      const asked = -Math.expm1(-own * both)
      // Those that were used all of the shorter time, and those that began or ended within it.
      const within = Math.abs(time - seconds) * asked + 2 * (both - asked / own)
      return ((perSecond * spread) / processes) * within
    }),
  )
}
