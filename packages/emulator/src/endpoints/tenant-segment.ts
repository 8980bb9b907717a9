// Resolves the tenant segment of a path: a GUID, a verified domain, or one of the aliases.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Directory } from '../directory/directory.ts'
import type { Tenant } from '../directory/model.ts'

/** The tenant of personal accounts, which a directory of organizations does not have. */
const consumersId = '9188040d-6c67-4c5b-b112-36a304b66dad'

/**
 * The tenant of a path segment; `undefined` for `common` and `organizations`, where the user decides.
 * @throws {AadstsError} 90002 unknown tenant, 900023 neither GUID nor domain, 9001023 personal accounts
 */
export function resolveTenant(directory: Directory, segment: string): Tenant | undefined {
  const name = segment.toLowerCase()
  if (name === 'common' || name === 'organizations') return undefined
  if (name === 'consumers' || name === consumersId) throw new AadstsError(9001023)
  const tenant = directory.findTenant(name)
  if (tenant !== undefined) return tenant
  if (!/^[0-9a-f-]{36}$/.test(name) && !name.includes('.')) throw new AadstsError(900023, { tenant: segment })
  throw new AadstsError(90002, { tenant: segment })
}
