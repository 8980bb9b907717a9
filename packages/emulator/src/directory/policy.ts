// A Conditional Access policy as data: whom and what it is about, and what it demands.

/** What a policy demands. */
export type PolicyKind =
  /** A second step in the session: AADSTS50076 without it. */
  | 'require_mfa'
  /** A second step by a user who has none yet and registers one first: AADSTS50079, afterwards as `require_mfa`. */
  | 'require_registration'
  /** Nobody gets in: AADSTS53003. */
  | 'block'
  /** A sign-in that is not older than `maxAgeSeconds`: AADSTS70043. */
  | 'sign_in_frequency'
  /** A session that was stepped up to the authentication context `authContext`: AADSTS50076 with `acrs`. */
  | 'require_auth_context'

/** Every kind. */
export const policyKinds: readonly PolicyKind[] = [
  'require_mfa',
  'require_registration',
  'block',
  'sign_in_frequency',
  'require_auth_context',
]

/** A policy as it is written down; what is left out has a default. */
export interface PolicyDefinition {
  /** A GUID, which `capolids` names; default: derived from the name, so that it is the same on every start. */
  readonly id?: string
  /** Default: made from what the policy demands, of whom and for what. */
  readonly name?: string
  readonly kind: PolicyKind
  /** The API that tokens are for: application id, application ID URI or display name; default `all`. */
  readonly resource?: string
  /** User principal names or object ids; default: everyone. */
  readonly users?: readonly string[]
  /**
   * Agents that act, by id or display name, or `all` of them; default: whoever acts for a user. An agent that acts by itself
   * is held to `block` alone, and only where `agents` has it.
   */
  readonly agents?: 'all' | readonly string[]
  /** Tenant id or domain; default: every tenant. */
  readonly tenant?: string
  /**
   * An authentication context, `c1` to `c99`. Needed by `require_auth_context`; a policy of another kind then applies
   * to requests that ask for this context only.
   */
  readonly authContext?: string
  /** How old a sign-in may be, in seconds; needed by `sign_in_frequency`. */
  readonly maxAgeSeconds?: number
  /** Default true. */
  readonly enabled?: boolean
}

/** A policy of a running emulator. */
export interface Policy extends PolicyDefinition {
  readonly id: string
  readonly name: string
  /** Application id of the API, or `all`. */
  readonly resource: string
  readonly enabled: boolean
}
