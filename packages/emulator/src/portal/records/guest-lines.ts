// In which tenants a user is a guest, as lines: the tenant, and the object id of the guest there, which is made when it is left out.
import { deriveGuid } from '../../directory/derive-guid.ts'
import type { User } from '../../directory/model.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import type { LineFormat } from './record-kind.ts'

type Guest = NonNullable<User['guestIn']>[number]

/** `fabrikam.onmicrosoft.com`, or the same with an object id after it. */
export const guestLines: LineFormat = {
  write: (value) => {
    const { tenantId, id } = value as Guest
    return `${tenantId} ${id}`
  },
  read: (line, user, directory): Guest => {
    const [name = '', id, ...more] = line.split(/\s+/)
    const tenant = directory.findTenant(name)
    if (tenant === undefined || more.length > 0)
      throw new EmulatorOptionsError(
        'user.guestIn',
        `"${line}" is no tenant, with or without an object id after it`,
      )
    return { tenantId: tenant.id, id: id ?? deriveGuid('guest', user.id, tenant.id) }
  },
}
