// The on-behalf-of exchange: the caller's access token is the assertion for a token to the next API (RFC 7523 §2.1, Entra's profile).
import type { Redacted } from '../kernel/redacted.ts'
import { type Grant, writeScopes } from './grant.ts'

/** What the exchange is made of. */
export interface OnBehalfOfOptions {
  /** The incoming access token, issued for this application. */
  readonly assertion: Redacted
  readonly scopes: readonly string[]
  /**
   * Also ask for a refresh token. Default `false`: a refresh token outlives the session that it came from,
   * so only a long-running process, which stores it under its own key, has a use for it.
   */
  readonly wantsRefreshToken?: boolean
}

/** Builds the on-behalf-of grant. Does not check the assertion: only validation makes one. */
export function buildOnBehalfOf(options: OnBehalfOfOptions): Grant {
  const openIdScopes =
    options.wantsRefreshToken === true ? ['openid', 'profile', 'offline_access'] : ['openid', 'profile']
  return {
    name: 'on_behalf_of',
    forUser: true,
    scopes: options.scopes,
    parameters: {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      assertion: options.assertion,
      scope: writeScopes(options.scopes, openIdScopes),
    },
  }
}
