// A change by hand: it counts at once, and the parts of the emulator that it touched can be put back as they were.
import { differenceOf, withoutChange, type Difference } from '../directory/difference.ts'
import { partsOf as partsOfState } from '../directory/directory-state.ts'
import type { Directory } from '../directory/directory.ts'
import { parseDirectory } from '../directory/schema.ts'
import type { Emulation } from '../endpoints/emulation.ts'

/** Does the work, and remembers the way back. `label` says what was done: `Added the user Dora`. */
export async function change(
  emulation: Emulation,
  label: string,
  work: () => void | Promise<void>,
): Promise<void> {
  const parts = partsOf(emulation)
  await work()
  const waysBack = parts.flatMap((wayBack) => wayBack() ?? [])
  if (waysBack.length > 0) emulation.changes.add(asOne(label, waysBack))
}

type Undo = () => void | Promise<void>
/** How to undo what has happened to a part since; `undefined` when nothing has. */
type WayBack = () => Undo | undefined

function asOne(label: string, undos: readonly Undo[]): { readonly label: string; undo(): Promise<void> } {
  return {
    label,
    undo: async () => {
      for (const undo of undos) await undo()
    },
  }
}

// The directory first: policies refer to it. Of keys only the names are compared, and only when there are any yet.
function partsOf({ directory, policies, faults, clock, keys }: Emulation): readonly WayBack[] {
  const idsOf = (list: readonly { readonly id: string }[]): string => list.map(({ id }) => id).join()
  return [
    partOfDirectory(directory),
    part(
      () => directory.consents.snapshot(),
      (consents) => directory.consents.restore(consents),
      (consents) => JSON.stringify(consents),
    ),
    part(
      () => policies.list(),
      (list) => void policies.set(list),
      (list) => list,
    ),
    part(
      () => faults.list(),
      (list) => faults.restore(list),
      idsOf,
    ),
    part(
      () => clock.setting,
      (setting) => clock.restore(setting),
      (setting) => setting,
    ),
    part(
      () => keys.peek(),
      (published) => (published === undefined ? undefined : keys.restore(published)),
      (published = []) => published.map(({ kid }) => kid).join(),
    ),
  ]
}

// What an undo closes over lives as long as it: each of them is made where nothing else is in sight.

/** A small part: it is kept as it was. `markOf` is the same as long as nothing has changed. */
function part<Value>(
  read: () => Value,
  restore: (value: Value) => void | Promise<void>,
  markOf: (value: Value) => unknown,
): WayBack {
  const before = read()
  const mark = markOf(before)
  return () => (markOf(read()) === mark ? undefined : () => restore(before))
}

/** The directory may be large: of it the differences are kept. */
function partOfDirectory(directory: Directory): WayBack {
  const before = directory.snapshot()
  return () => {
    const after = directory.snapshot()
    return after === before ? undefined : undoInDirectory(directory, differenceOf(before, after))
  }
}

// Somebody may have added a user to a tenant since that goes now: then there is no way back, and that is said.
function undoInDirectory(directory: Directory, difference: Difference): Undo {
  return () => {
    const undone = withoutChange(directory.snapshot(), difference)
    parseDirectory({ ...partsOfState(undone), policies: [] })
    directory.restore(undone)
  }
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
