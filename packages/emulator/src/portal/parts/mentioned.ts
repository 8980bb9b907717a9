// What a person means in a form: an application by its id or by its name, and a tenant that is there still.
import type { Directory } from '../../directory/directory.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'

/** Its id. @throws {EmulatorOptionsError} when there is none, or when two have the name; `member` is what was to be said */
export function findClient(directory: Directory, name: string, member: string): string {
  const wanted = name.trim().toLowerCase()
  const byId = directory.findApplication(wanted)
  if (byId !== undefined) return byId.id
  const [found, second] = directory.applications.filter(
    ({ displayName }) => displayName.toLowerCase() === wanted,
  )
  if (found === undefined)
    throw new EmulatorOptionsError(member, `the directory has no application "${name}"`)
  if (second !== undefined)
    throw new EmulatorOptionsError(member, `"${name}" is the name of more than one application: say the id`)
  return found.id
}

/** @throws {EmulatorOptionsError} when the tenant is gone, or never was */
export function checkTenant(directory: Directory, tenantId: string, member: string): void {
  if (directory.findTenant(tenantId) === undefined)
    throw new EmulatorOptionsError(member, `"${tenantId}" is not in the directory`)
}
