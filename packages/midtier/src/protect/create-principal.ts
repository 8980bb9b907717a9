// The principal of a token whose every check has passed.
import { readText, readTexts, secondsOf, textOf } from '../jwt/claims.ts'
import type { JsonObject } from '../kernel/json.ts'
import { readClient, readKind, readScopes } from './checks/claim-checks.ts'
import type { Account } from '../token-cache/account.ts'
import { readAgent } from './agent.ts'
import { Claimed } from './claimed.ts'
import type { Trust } from './checks/evidence.ts'
import type { Principal } from './principal.ts'
import type { Registration } from './registration.ts'
import { readTraits } from './traits.ts'

/** Reads the principal from validated claims; `text` is their JSON, where it is at hand. Does not check anything. */
export function createPrincipal(claims: JsonObject, trust: Trust, text?: string): Principal {
  const kind = readKind(claims, trust) === 'user' ? 'user' : 'app'
  const { hasTenants } = trust.registration.authority
  const clientId = readClient(claims, trust)
  const issuer = textOf(claims, 'iss')
  const version = trust.issuer.version ?? '2.0'
  return Object.freeze(
    Object.assign(new Claimed(claims, readTraits(claims, issuer, version), text), {
      kind,
      tenantId: hasTenants ? textOf(claims, 'tid') : '',
      objectId: hasTenants ? readText(claims['oid']) : undefined,
      subject: textOf(claims, 'sub'),
      clientId,
      agent: hasTenants ? readAgent(claims, kind, clientId) : undefined,
      scopes: kind === 'user' ? readScopes(claims, trust) : noScopes,
      roles: readTexts(claims['roles']),
      issuer,
      version,
      expiresAtMs: secondsOf(claims, 'exp') * 1000,
    } satisfies Omit<Principal, 'claims'>),
  )
}

const noScopes: readonly string[] = Object.freeze([])

/**
 * Whose tokens are cached: a user of the registration that tokens are acquired with. Another authority could write the `oid` and `tid`
 * of our users, and nothing is cached for its callers.
 */
export function accountOf(
  principal: Principal,
  { registration }: Trust,
  own: Registration | undefined,
): Account | undefined {
  if (registration !== own || principal.kind !== 'user') return undefined
  return registration.authority.accountOf(principal)
}
