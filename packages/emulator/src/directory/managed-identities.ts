// Managed identities: what none can have, because the host is its credential.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Application, DirectoryData } from './model.ts'

const forbidden = [
  'secrets',
  'certificates',
  'redirectUris',
  'agentBlueprint',
  'isFallbackPublicClient',
] as const satisfies readonly (keyof Application)[]

/**
 * Checks the managed identities of a directory.
 * @throws {EmulatorOptionsError} naming the path of the first mistake
 */
export function checkManagedIdentities({ applications }: DirectoryData): void {
  let hasSystem = false
  for (const [index, application] of applications.entries()) {
    const { managedIdentity: identity, tenantId } = application
    if (identity === undefined) continue
    const path = `directory.applications.${String(index)}`
    const surplus = forbidden.find((name) => application[name] !== undefined)
    if (surplus !== undefined)
      throw new EmulatorOptionsError(
        `${path}.${surplus}`,
        'a managed identity has none: its host is its credential',
      )
    if (tenantId === undefined)
      throw new EmulatorOptionsError(`${path}.tenantId`, 'a managed identity needs its tenant')
    if (identity.assignedBy === 'system' && hasSystem)
      throw new EmulatorOptionsError(
        `${path}.managedIdentity.assignedBy`,
        'one host has one system-assigned identity',
      )
    hasSystem ||= identity.assignedBy === 'system'
  }
}
