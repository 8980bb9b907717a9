// A grant: what is shown to the token endpoint in exchange for a token (RFC 6749 §1.3), as pure parameters.
import type { GrantName } from '../kernel/observer.ts'
import type { Redacted } from '../kernel/redacted.ts'

/** The parameters of one exchange, without the client's own credential. */
export interface Grant {
  readonly name: GrantName
  /** Whether a person stands behind it, who can be asked to act when the authority refuses. */
  readonly forUser: boolean
  /** The scopes of the one resource asked for, without those of OpenID Connect. */
  readonly scopes: readonly string[]
  /** Wire names and values; what must not be printed is {@link Redacted}. */
  readonly parameters: Readonly<Record<string, string | Redacted>>
  /** Refusals by which this authority, against RFC 6749, says that the person has to sign in again. Default: none. */
  readonly sessionEnded?: readonly SessionEndedRefusal[]
}

/** A refusal that is known by its code and its text, for want of a code of its own. */
export interface SessionEndedRefusal {
  readonly error: string
  readonly errorDescription: string
}

/** The scopes as they go on the wire: the resource's, of which each is there once, then those of OpenID Connect that are not among them. */
export function writeScopes(scopes: readonly string[], openIdScopes: readonly string[]): string {
  return [...scopes, ...openIdScopes.filter((scope) => !scopes.includes(scope))].join(' ')
}
