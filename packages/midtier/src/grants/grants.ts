// The grants, one row each: what each is built from.
import type { GrantName } from '../kernel/observer.ts'
import type { Redacted } from '../kernel/redacted.ts'
import { buildClientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'
import { buildOnBehalfOf } from './on-behalf-of.ts'
import { buildRefreshToken } from './refresh-token.ts'
import { buildTokenExchange, writeTarget } from './token-exchange.ts'
import type { TokenExchangeProfile } from './token-exchange-profiles.ts'

/** Everything that a grant may be built from. */
export interface GrantParts {
  readonly scopes: readonly string[]
  readonly audience: string | undefined
  /** The caller's access token. */
  readonly assertion: Redacted | undefined
  readonly refreshToken: Redacted | undefined
  /** Whether a long-running session is to keep a refresh token. */
  readonly wantsRefreshToken: boolean
  /** What the authority wants of a token exchange, where that is how it acts for users. */
  readonly profile: TokenExchangeProfile | undefined
}

/** Builds each grant; `undefined` when a part that it exchanges is missing. */
export const grants: Readonly<Record<GrantName, (parts: GrantParts) => Grant | undefined>> = {
  client_credentials: ({ scopes, audience, profile }) =>
    buildClientCredentials(scopes, profile && writeTarget(profile, audience)),
  on_behalf_of: ({ assertion, scopes, wantsRefreshToken }) =>
    assertion && buildOnBehalfOf({ assertion, scopes, wantsRefreshToken }),
  refresh_token: ({ refreshToken, scopes }) => refreshToken && buildRefreshToken(refreshToken, scopes),
  token_exchange: ({ profile, assertion, audience, scopes }) =>
    profile && assertion && buildTokenExchange({ profile, subjectToken: assertion, audience, scopes }),
}
