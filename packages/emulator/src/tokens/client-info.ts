// client_info: tells MSAL the home account, from which its account identifiers are made.
import { encodeJson } from '../kernel/base64url.ts'
import type { Account } from '../directory/directory.ts'

/** The home object id and home tenant, also for a guest: `homeAccountId` is not `oid.tid`. */
export function buildClientInfo({ user }: Account): string {
  return encodeJson({ uid: user.id, utid: user.tenantId })
}
