// Changes of the directory by hand: checked as a whole like the file that it is started from, and undone in one step.
import type { Consent, DirectoryData } from '../../directory/model.ts'
import { parsePolicy } from '../../directory/policy-schema.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { change } from '../change.ts'

/** Replaces the directory by what `edit` makes of it. @throws {EmulatorOptionsError} naming the mistake; then nothing has changed */
export function editDirectory(
  emulation: Emulation,
  label: string,
  edit: (data: DirectoryData) => DirectoryData,
): Promise<void> {
  const { directory } = emulation
  return change(emulation, label, async () => {
    const before = directory.toData()
    const edited = edit(before)
    // Consents stay where they are, those too that were kept from another directory: they stop nobody from editing this one.
    directory.replace({ ...edited, consents: [] })
    dropOrphanedPolicies(emulation)
    const kept = new Set(edited.consents)
    const gone = new Set(before.consents?.filter((consent) => !kept.has(consent)))
    if (gone.size === 0) return
    const { seeded, given, revoked } = directory.consents.snapshot()
    const isKept = (consent: Consent): boolean => !gone.has(consent)
    await directory.consents.restore({ seeded: seeded.filter(isKept), given: given.filter(isKept), revoked })
  })
}

// A policy about what was removed is about nothing, and no emulator starts from it.
function dropOrphanedPolicies({ directory, policies }: Emulation): void {
  for (const policy of policies.list()) {
    try {
      parsePolicy(policy, directory, 'policy')
    } catch (error) {
      if (!(error instanceof EmulatorOptionsError)) throw error
      policies.remove(policy.id)
    }
  }
}
