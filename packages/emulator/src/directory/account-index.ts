// The accounts of each tenant, counted out once for as long as users and tenants stay the same.
import type { Tenant, User } from './model.ts'

/** A person as one tenant sees them: a member of the home tenant, or a guest elsewhere. */
export interface Account {
  readonly user: User
  readonly tenant: Tenant
  /** Object id in this tenant. */
  readonly id: string
  readonly isGuest: boolean
}

/** The user as that tenant sees them; `undefined` when they are neither a member nor a guest. */
export function accountIn(tenant: Tenant, user: User): Account | undefined {
  if (user.tenantId === tenant.id) return { user, tenant, id: user.id, isGuest: false }
  const guest = user.guestIn?.find(({ tenantId }) => tenantId === tenant.id)
  return guest && { user, tenant, id: guest.id, isGuest: true }
}

/** Accounts by tenant, and in it by their object id. */
export class AccountIndex {
  readonly #users: readonly User[]
  readonly #byTenant = new Map<Tenant, ReadonlyMap<string, Account>>()
  readonly #listed = new Map<Tenant, readonly Account[]>()

  constructor(users: readonly User[]) {
    this.#users = users
  }

  /** The members and guests of a tenant. */
  list(tenant: Tenant): readonly Account[] {
    let listed = this.#listed.get(tenant)
    if (listed === undefined) {
      listed = this.#users.flatMap((user) => accountIn(tenant, user) ?? [])
      this.#listed.set(tenant, listed)
    }
    return listed
  }

  /** One of them by its object id there. */
  find(tenant: Tenant, id: string): Account | undefined {
    let byId = this.#byTenant.get(tenant)
    if (byId === undefined) {
      byId = new Map(this.list(tenant).map((account) => [account.id, account]))
      this.#byTenant.set(tenant, byId)
    }
    return byId.get(id)
  }
}
