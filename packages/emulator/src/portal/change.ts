// A change by hand: it counts at once, and the parts of the emulator that it touched can be put back as they were.
import type { Emulation } from '../endpoints/emulation.ts'

/** Does the work, and remembers the way back. `label` says what was done: `Added the user Dora`. */
export async function change(
  emulation: Emulation,
  label: string,
  work: () => void | Promise<void>,
): Promise<void> {
  const before = partsOf(emulation)
  await work()
  const after = partsOf(emulation)
  const touched = before.filter(({ mark }, index) => mark !== after[index]?.mark)
  if (touched.length === 0) return
  emulation.changes.add({
    label,
    undo: async () => {
      for (const part of touched) await part.restore()
    },
  })
}

interface Part {
  /** The same as long as nothing has changed. */
  readonly mark: string | object
  restore(): void | Promise<void>
}

// The directory first: policies refer to it. Of keys only the names are compared, and only when there are any yet.
function partsOf({ directory, policies, faults, clock, keys }: Emulation): readonly Part[] {
  const [state, listed, on, setting] = [directory.snapshot(), policies.list(), faults.list(), clock.setting]
  const consents = directory.consents.snapshot()
  const published = keys.peek()
  return [
    { mark: state, restore: () => directory.restore(state) },
    { mark: JSON.stringify(consents), restore: () => directory.consents.restore(consents) },
    { mark: listed, restore: () => void policies.set(listed) },
    { mark: on.map(({ id }) => id).join(), restore: () => faults.restore(on) },
    { mark: setting, restore: () => clock.restore(setting) },
    {
      mark: (published ?? []).map(({ kid }) => kid).join(),
      restore: () => (published === undefined ? undefined : keys.restore(published)),
    },
  ]
}

/** What is normal: no fault, no policy, and the time of the clock below. */
export function resetToNormal(emulation: Emulation): Promise<void> {
  return change(emulation, 'Reset to normal', () => {
    const { policies, faults, clock } = emulation
    faults.clear()
    clock.reset()
    for (const { id, enabled } of policies.list()) if (enabled) policies.disable(id)
  })
}
