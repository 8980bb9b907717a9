// The refresh token grant (RFC 6749 §6): Entra's refresh tokens are good for every resource, so the scopes choose it.
import type { Redacted } from '../kernel/redacted.ts'
import { type Grant, writeScopes } from './grant.ts'

/** Builds the refresh token grant; asks for the rotated refresh token too. */
export function buildRefreshToken(refreshToken: Redacted, scopes: readonly string[]): Grant {
  return {
    name: 'refresh_token',
    forUser: true,
    scopes,
    parameters: {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      scope: writeScopes(scopes, ['openid', 'profile', 'offline_access']),
    },
  }
}
