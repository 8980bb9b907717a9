// Finds the person behind a grant again, and refuses those who were disabled, revoked or are strangers to the tenant.
import { AadstsError, formatTimestamp } from '../kernel/aadsts-error.ts'
import type { Seen } from '../kernel/decision.ts'
import type { Account } from '../directory/directory.ts'
import type { Application, Tenant } from '../directory/model.ts'
import { issuerV1 } from '../kernel/origins.ts'
import type { GrantingAuthority } from './granting-authority.ts'
import type { Origins } from '../kernel/origins.ts'

/** What a grant remembers of its user. */
export interface GrantHolder {
  /** Object id of the user, at home or as a guest. */
  readonly userId: string
  readonly tenantId: string
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
}

/**
 * The account that a grant was issued to, as the tenant sees it now.
 * @throws {AadstsError} 50034, 50020, 50057 or 50173
 */
export function findActiveAccount(
  { directory, origins }: Pick<GrantingAuthority, 'directory' | 'origins'>,
  { userId, tenantId, issuedAt }: GrantHolder,
  { tenant, client }: { readonly tenant: Tenant | undefined; readonly client: Application },
): Account {
  const target = tenant ?? directory.findTenant(tenantId)
  const user = directory.findUser(userId)
  if (user === undefined || target === undefined)
    throw new AadstsError(50034, { user: userId, tenant: tenantId })
  const account = directory.findAccount(user, target)
  if (account === undefined) throw strangerError(origins, user, target, client)
  if (!directory.isEnabled(user)) throw new AadstsError(50057)
  if (directory.isRevoked(user, issuedAt)) throw revokedError(directory.tokensValidFrom(user), issuedAt)
  return account
}

/** What a check of the holder looks at, in words. */
export function describeHolder(
  { directory }: Pick<GrantingAuthority, 'directory'>,
  { userId, issuedAt }: GrantHolder,
): Seen {
  const user = directory.findUser(userId)
  if (user === undefined) return { expected: 'a user of the directory', actual: userId }
  const state = directory.isEnabled(user)
    ? directory.isRevoked(user, issuedAt)
      ? ', whose sessions were revoked since'
      : ''
    : ', disabled'
  return { expected: 'enabled, not revoked', actual: `${user.username}${state}` }
}

/** The error for a user who is neither a member nor a guest of a tenant. */
export function strangerError(
  origins: Origins,
  user: Pick<Account['user'], 'username' | 'tenantId'>,
  tenant: Tenant,
  client: Application,
): AadstsError {
  const idp = issuerV1(origins, { id: user.tenantId })
  const names = {
    user: user.username,
    tenant: tenant.displayName,
    idp,
    app: client.id,
    name: client.displayName,
  }
  return new AadstsError(50020, names)
}

function revokedError(validFrom: number, issuedAt: number): AadstsError {
  const times = { issued: new Date(issuedAt).toISOString(), validFrom: formatTimestamp(validFrom) }
  return new AadstsError(50173, times)
}
