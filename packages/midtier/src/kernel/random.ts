// Chance is handed in, so that a test of jitter sees the same jitter every time.

/** A number at random, at least 0 and less than 1. */
export type Random = () => number

/** The machine's own randomness; good enough for secrets, used for spreading. */
export const systemRandom: Random = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32
