// An emulator as it was when it started: what tests leave behind is taken back.
import type { Emulation } from '../endpoints/emulation.ts'

/** The parts that tests change. */
type Parts = Pick<Emulation, 'directory' | 'keys' | 'policies' | 'faults' | 'clock' | 'requests' | 'changes'>

/** Remembers how the parts are now; what is returned makes them so again. */
export function rememberStart({
  directory,
  keys,
  policies,
  faults,
  clock,
  requests,
  changes,
}: Parts): () => Promise<void> {
  const state = directory.snapshot()
  const consents = directory.consents.snapshot()
  const listed = policies.list()
  return async () => {
    directory.restore(state)
    await directory.consents.restore(consents)
    await keys.reset()
    policies.set(listed)
    faults.clear()
    clock.reset()
    requests.clear()
    changes.clear()
  }
}
