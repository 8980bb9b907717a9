// What has to be minted to ask a request again: a token like the one that it presented, which the log does not keep.
import type { RequestRecord } from '../../kernel/request-log.ts'
import type { MintRequest } from '../../tokens/mint.ts'

/** A request for a token with the claims that tell the presented one; `undefined` when none was presented. */
export function mintRequestOf({ presented, amr, time }: RequestRecord): MintRequest | undefined {
  if (presented === undefined) return undefined
  const { aud, azp, appid, oid, idtyp, scp, roles, tid, exp, xms_cc: capabilities } = presented
  const client = text(azp) ?? text(appid)
  const audience = text(aud)
  if (client === undefined || audience === undefined) return undefined
  const user = idtyp === 'app' ? undefined : text(oid)
  const scopes = text(scp)
    ?.split(' ')
    .filter((scope) => scope !== '')
  return {
    ...(user !== undefined && { user }),
    client,
    audience,
    ...(scopes !== undefined && { scopes }),
    ...(Array.isArray(roles) && { roles: texts(roles) }),
    ...(text(tid) !== undefined && { tenant: text(tid) ?? '' }),
    ...(user !== undefined && amr !== undefined && { amr }),
    ...overdue(exp, Date.parse(time)),
    ...(Array.isArray(capabilities) && { capabilities: texts(capabilities) }),
  }
}

// What was too late then is too late again.
function overdue(exp: unknown, then: number): Pick<MintRequest, 'lifetimeSeconds'> {
  const lifetimeSeconds = typeof exp === 'number' ? Math.round(exp - then / 1000) : 0
  return lifetimeSeconds < 0 ? { lifetimeSeconds } : {}
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined
}

function texts(claims: readonly unknown[]): readonly string[] {
  return claims.filter((each) => typeof each === 'string')
}
