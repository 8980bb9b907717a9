// What can be revoked: the tokens of a user, of a whole tenant, or of one session; each by a text that names it.
import { isGuid } from '../../authority/tenant.ts'
import { readText } from '../../jwt/claims.ts'
import type { Principal } from '../principal.ts'

/** Names a user; at an issuer other than Entra, `objectId` is the subject and `tenantId` the issuer, as accounts have them. */
export function userSubject({ objectId, tenantId }: { objectId: string; tenantId: string }): string {
  return JSON.stringify(['user', normalise(tenantId), normalise(objectId)])
}

/** Names a tenant. */
export function tenantSubject(tenantId: string): string {
  return JSON.stringify(['tenant', normalise(tenantId)])
}

/** Names a session: `sid`. */
export function sessionSubject(sid: string): string {
  return JSON.stringify(['session', normalise(sid)])
}

// A verified token keeps its principal, request after request.
const subjects = new WeakMap<Principal, readonly string[]>()

/** Everything that may have been revoked for this caller to be refused. */
export function subjectsOf(principal: Principal): readonly string[] {
  const before = subjects.get(principal)
  if (before !== undefined) return before
  const { objectId = principal.subject, claims } = principal
  const tenantId = principal.tenantId === '' ? principal.issuer : principal.tenantId
  const sid = readText(claims['sid'])
  const after = [
    userSubject({ objectId, tenantId }),
    tenantSubject(tenantId),
    ...(sid === undefined ? [] : [sessionSubject(sid)]),
  ]
  subjects.set(principal, after)
  return after
}

/** GUIDs in lower case, as tokens have them; portals and people write them in upper case as well. */
function normalise(id: string): string {
  return isGuid(id.toLowerCase()) ? id.toLowerCase() : id
}
