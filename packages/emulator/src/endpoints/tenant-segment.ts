// Resolves the tenant segment of a path: a GUID, a verified domain, or one of the aliases.
import { AadstsError, type AadstsDetails } from '../kernel/aadsts-error.ts'
import type { Directory } from '../directory/directory.ts'
import type { Tenant } from '../directory/model.ts'

/** The tenant of personal accounts, which a directory of organizations does not have. */
const consumersId = '9188040d-6c67-4c5b-b112-36a304b66dad'

/**
 * The tenant of a path segment; `undefined` for `common` and `organizations`, where the user decides.
 * @throws {AadstsError} 90002 unknown tenant, 900023 neither GUID nor domain, 9001023 personal accounts
 */
export function resolveTenant(directory: Directory, segment: string): Tenant | undefined {
  if (isConsumers(segment)) throw new AadstsError(9001023)
  return findTenant(directory, segment)
}

/**
 * The same for documents, which there are of personal accounts, too.
 * @throws {AadstsError} 90002 as `invalid_tenant`, 900023
 */
export function resolveDocumentTenant(directory: Directory, segment: string): Pick<Tenant, 'id'> | undefined {
  return isConsumers(segment)
    ? { id: consumersId }
    : findTenant(directory, segment, { error: 'invalid_tenant' })
}

function isConsumers(segment: string): boolean {
  return ['consumers', consumersId].includes(segment.toLowerCase())
}

function findTenant(directory: Directory, segment: string, details?: AadstsDetails): Tenant | undefined {
  const name = segment.toLowerCase()
  if (name === 'common' || name === 'organizations') return undefined
  const tenant = directory.findTenant(name)
  if (tenant !== undefined) return tenant
  if (!/^[0-9a-f-]{36}$/.test(name) && !name.includes('.')) throw new AadstsError(900023, { tenant: segment })
  throw new AadstsError(90002, { tenant: segment }, details)
}
