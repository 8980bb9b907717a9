// Expired rows go although nobody writes: a store that is in use looks for them now and then.
import { type Random, systemRandom } from '../kernel/crypto/random.ts'

/** Least time between two looks; up to as much again is added by chance, so that processes do not look at the same moment. */
const everyMs = 300_000
/** Where a look removed as many rows as it may, the next one comes soon. */
const soonMs = 1000

/** Sweeps while the store is used and works. */
export interface Sweeper {
  /** The store was used. */
  used(): void
}

/**
 * Prepares sweeping. Its timer keeps no process alive, and ends when a look fails, as it does once the pool was closed, until the store
 * is used again.
 *
 * @param sweep Removes some expired rows; gives whether there may be more.
 */
export function createSweeper(sweep: () => Promise<boolean>, random: Random = systemRandom): Sweeper {
  let timer: NodeJS.Timeout | undefined

  return {
    used() {
      if (timer === undefined) lookIn(everyMs)
    },
  }

  function lookIn(leastMs: number): void {
    timer = setTimeout(look, leastMs * (1 + random()))
    timer.unref()
  }

  function look(): void {
    sweep().then(
      (isMore) => lookIn(isMore ? soonMs : everyMs),
      () => (timer = undefined), // whoever uses the store is told what is wrong with it
    )
  }
}
