// The grants, one row each: what each is built from.
import type { GrantName } from '../kernel/observer.ts'
import type { Redacted } from '../kernel/redacted.ts'
import { buildClientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'
import { buildOnBehalfOf } from './on-behalf-of.ts'
import { buildRefreshToken } from './refresh-token.ts'
import { buildTokenExchange, writeTarget } from './token-exchange.ts'
import { buildUserFic, type UserFicOptions } from './user-fic.ts'
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
  /** The agent for which the application asks for what it shows to act; `undefined` for any other token. */
  readonly agentId: string | undefined
  /** The user account through which an agent acts, and the agent's own token for that. */
  readonly agentUser: Pick<UserFicOptions, 'user' | 'userAssertion'> | undefined
}

/** Builds each grant; `undefined` when a part that it exchanges is missing. */
export const grants: Readonly<Record<GrantName, (parts: GrantParts) => Grant | undefined>> = {
  client_credentials: ({ scopes, audience, profile, agentId }) =>
    buildClientCredentials(scopes, profile && writeTarget(profile, audience), agentId),
  on_behalf_of: ({ assertion, scopes, wantsRefreshToken }) =>
    assertion && buildOnBehalfOf({ assertion, scopes, wantsRefreshToken }),
  refresh_token: ({ refreshToken, scopes }) => refreshToken && buildRefreshToken(refreshToken, scopes),
  token_exchange: ({ profile, assertion, audience, scopes }) =>
    profile && assertion && buildTokenExchange({ profile, subjectToken: assertion, audience, scopes }),
  user_fic: ({ agentUser, scopes }) => agentUser && buildUserFic({ ...agentUser, scopes }),
}
