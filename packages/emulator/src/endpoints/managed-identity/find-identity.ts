// Which managed identity of the directory a request is about: the emulator stands for one host that has all of them.
import type { Application, ManagedIdentity, Tenant } from '../../directory/model.ts'
import type { Directory } from '../../directory/directory.ts'

/** A managed identity with its tenant. */
export interface HostIdentity {
  readonly application: Application
  readonly tenant: Tenant
}

/** Why there is none. */
export type NoIdentity = 'unknown' | 'several'

/** What a request says about the identity that it means. */
export interface IdentityChoice {
  readonly clientId?: string | undefined
  readonly principalId?: string | undefined
  readonly resourceId?: string | undefined
}

/** The identity that is meant; without a word the one that the system assigned, or the only one that there is. */
export function findIdentity(directory: Directory, choice: IdentityChoice): HostIdentity | NoIdentity {
  const all = directory.applications.flatMap((application) => {
    const tenant = directory.findTenant(application.tenantId)
    const { managedIdentity: identity } = application
    return identity === undefined || tenant === undefined ? [] : [{ application, tenant, identity }]
  })
  const isChosen = Object.values(choice).some((value) => value !== undefined)
  const chosen = all.filter(({ application, identity }) => isMeant(application, identity, choice))
  if (isChosen) return chosen[0] ?? 'unknown'
  const [system] = all.filter(({ identity }) => identity.assignedBy === 'system')
  if (system !== undefined) return system
  return all.length > 1 ? 'several' : (all[0] ?? 'unknown')
}

function isMeant(
  { id }: Application,
  { principalId, resourceId }: ManagedIdentity,
  choice: IdentityChoice,
): boolean {
  return (
    isSame(choice.clientId, id) &&
    isSame(choice.principalId, principalId) &&
    isSame(choice.resourceId, resourceId)
  )
}

// What is not said is not compared; GUIDs and resource ids have no case.
function isSame(wanted: string | undefined, actual: string): boolean {
  return wanted === undefined || wanted.toLowerCase() === actual.toLowerCase()
}
