// Collects garbage when a test wants it, and lets what waits for that run.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectOnce = runInNewContext('gc') as () => void

/** Collects ten times, or until it has had its effect; the test's own time limit ends that. */
export async function collect(hasHadEffect?: () => boolean): Promise<void> {
  for (let turn = 0; hasHadEffect === undefined ? turn < 10 : !hasHadEffect(); turn += 1) {
    collectOnce()
    await nextTurn()
  }
}
