// The validated caller: who it is and what it may do, made only by validation.
import type { Redacted } from '../kernel/redacted.ts'
import type { AgentPrincipal } from './agent.ts'

/** Who called, as the validated access token says. Data is keyed by `tenantId` and `objectId`, never by a name or an address. */
export interface Principal {
  /**
   * A user (the token has `scp`), or an application by itself. Never guessed from `oid`. A user is a person, unless `agent` says that it is
   * the user account of an agent.
   */
  readonly kind: 'user' | 'app'
  /** `tid`: the tenant the token was issued in; for a guest, the resource tenant. Empty for an issuer that is not Entra. */
  readonly tenantId: string
  /** `oid`: the user, or the application's service principal, in that tenant. Absent for an issuer that is not Entra. */
  readonly objectId: string | undefined
  /** `sub`: pairwise for this API. */
  readonly subject: string
  /** `azp` (v2) or `appid` (v1): the application that holds the token. */
  readonly clientId: string | undefined
  /** The Entra agent identity that holds the token, and for whom it acts; `undefined` for every other caller. */
  readonly agent: AgentPrincipal | undefined
  /** `scp`: delegated permissions; empty for an application. */
  readonly scopes: readonly string[]
  /** `roles`: application permissions, or the user's app roles. */
  readonly roles: readonly string[]
  /** `iss`, already checked. */
  readonly issuer: string
  /** `ver`. */
  readonly version: '1.0' | '2.0'
  /** `exp`, milliseconds since the epoch. */
  readonly expiresAtMs: number
  /**
   * Every claim of the token, frozen; inherits nothing, so that a claim called `constructor` is a claim. Not enumerable: no log, JSON or copy
   * of a principal has the names and addresses in it.
   */
  readonly claims: Readonly<Record<string, unknown>>
}

/** The incoming token as we may present it to the authority, and the digest that stands for it everywhere else. */
export interface Assertion {
  readonly token: Redacted
  /** SHA-256 of the compact token, base64url; worked out when it is first asked for, where it was not needed before. */
  readonly digest: string
}
