// How far the user has come with an authorization request: what its forms carry from page to page.
import type { AuthorizationRequest } from './authorization-request.ts'

/** How far the user has come with a request. */
export interface Progress {
  readonly request: AuthorizationRequest
  /** Home object id of the account that was chosen or signed in. */
  readonly userId?: string | undefined
  /** Whether the user has just typed a password for this request. */
  readonly hasSignedIn?: boolean | undefined
  /** Whether the user has just consented to this request. */
  readonly hasConsented?: boolean | undefined
}
