// Chance is handed in, so that a test of jitter sees the same jitter every time.

/** A number at random, at least 0 and less than 1. */
export type Random = () => number

/** Drawn in batches: asking the system for each number costs more than all else that is done with it. */
const drawn = new Uint32Array(128)
let next = drawn.length

/** The machine's own randomness; used for spreading. Not for secrets: what comes next lies in memory already. */
export const systemRandom: Random = () => {
  if (next === drawn.length) {
    crypto.getRandomValues(drawn)
    next = 0
  }
  return (drawn[next++] ?? 0) / 2 ** 32
}
