// The grant by which an Entra agent identity acts through its own user account: what it got for itself is shown beside its proof.
import type { Redacted } from '../kernel/redacted.ts'
import { type Grant, writeScopes } from './grant.ts'

/** The user account of an agent: by its object id, or by its name, which can be given to somebody else. */
export type AgentUserAccount =
  | { readonly objectId: string; readonly userPrincipalName?: undefined }
  | { readonly userPrincipalName: string; readonly objectId?: undefined }

/** What the exchange is made of. */
export interface UserFicOptions {
  readonly user: AgentUserAccount
  /** The agent's own token for the exchange. */
  readonly userAssertion: Redacted
  readonly scopes: readonly string[]
}

/** Builds the grant. Nobody can be asked to act when it is refused: no person signs in to such an account. */
export function buildUserFic({ user, userAssertion, scopes }: UserFicOptions): Grant {
  return {
    name: 'user_fic',
    forUser: false,
    scopes,
    parameters: {
      grant_type: 'user_fic',
      requested_token_use: 'on_behalf_of',
      user_federated_identity_credential: userAssertion,
      ...(user.objectId === undefined ? { username: user.userPrincipalName } : { user_id: user.objectId }),
      scope: writeScopes(scopes, ['openid', 'profile']),
    },
  }
}
