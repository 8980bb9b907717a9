// What the validation of one request's token gives.
import type { Account } from '../token-cache/account.ts'
import type { Assertion, Principal } from './principal.ts'
import type { Registration } from './registration.ts'

/** A token that passed every check, and the caller who sent it. */
export interface ValidatedToken {
  readonly principal: Principal
  /** Whose tokens are cached; `undefined` for an application, and for a user of an authority that tokens are not acquired from. */
  readonly account: Account | undefined
  readonly assertion: Assertion
  /** The one whose issuer and audience the token has. */
  readonly registration: Registration
  /** When it was validated, milliseconds since the epoch. */
  readonly authenticatedAtMs: number
  /** How many forgettings this process had counted when it was. */
  readonly forgettingsBefore: number
}
