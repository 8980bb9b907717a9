// What a directory refers to has to be in it, and what names one thing may not name another.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { DirectoryData } from './model.ts'

/**
 * Checks ids and names of a directory, and what refers to them. Does not check those of agents and managed identities.
 * @throws {EmulatorOptionsError} naming the path of the first mistake
 */
export function checkReferences(data: DirectoryData): void {
  const tenants = new Set(data.tenants.map(({ id }) => id))
  const applications = new Set(data.applications.map(({ id }) => id))
  const clients = new Set([...applications, ...(data.agentIdentities ?? []).map(({ id }) => id)])
  for (const list of ['tenants', 'users', 'applications', 'groups'] as const)
    checkUnique(list, 'id', data[list] ?? [], ({ id }) => [id])
  checkUnique('tenants', 'domains', data.tenants, ({ domains }) => domains)
  checkUnique('users', 'username', data.users, ({ username }) => [username])
  // In every tenant: an API is found by its id or its URI alone, with a slash at its end or without.
  checkUnique('applications', 'identifierUris', data.applications, ({ id, identifierUris = [] }) => [
    ...new Set([id, ...identifierUris].map((name) => name.replace(/\/$/, '').toLowerCase())),
  ])
  checkKnown('users', 'tenantId', data.users, tenants)
  checkKnown('applications', 'tenantId', data.applications, tenants)
  checkKnown('consents', 'tenantId', data.consents ?? [], tenants)
  checkKnown('consents', 'clientId', data.consents ?? [], clients)
  checkKnown('consents', 'resourceId', data.consents ?? [], applications)
  checkKnown('appRoleAssignments', 'resourceId', data.appRoleAssignments ?? [], applications)
}

// In any case of letters.
function checkUnique<Item>(
  list: string,
  member: string,
  items: readonly Item[],
  namesOf: (item: Item) => readonly string[],
): void {
  const seen = new Set<string>()
  for (const [index, item] of items.entries())
    for (const name of namesOf(item)) {
      if (seen.has(name.toLowerCase()))
        throw new EmulatorOptionsError(
          `directory.${list}.${String(index)}.${member}`,
          `${name} is there twice`,
        )
      seen.add(name.toLowerCase())
    }
}

function checkKnown<Name extends string>(
  list: string,
  name: Name,
  items: readonly Partial<Record<Name, string>>[],
  known: ReadonlySet<string>,
): void {
  for (const [index, item] of items.entries()) {
    const id = item[name]
    if (id === undefined || known.has(id)) continue
    throw new EmulatorOptionsError(
      `directory.${list}.${String(index)}.${name}`,
      `${id} is not in the directory`,
    )
  }
}
