// The token exchange of RFC 8693: the caller's access token becomes a token for the next API, at authorities other than Entra.
import { AcquisitionError } from '../kernel/errors/errors.ts'
import type { Redacted } from '../kernel/redacted.ts'
import { type Grant, writeScopes } from './grant.ts'
import type { TokenExchangeProfile } from './token-exchange-profiles.ts'

/** What the exchange is made of. */
export interface TokenExchangeOptions {
  readonly profile: TokenExchangeProfile
  /** The incoming access token, issued for this application. */
  readonly subjectToken: Redacted
  /** The downstream API, by the name or URL that the authority knows it by. */
  readonly audience: string | undefined
  /** As the authority spells them; nothing is added. */
  readonly scopes: readonly string[]
}

/**
 * Builds the token exchange grant. No actor token is sent: the authenticated client is the actor (RFC 8693 §2.1).
 *
 * Does not check the subject token: only validation makes one.
 * @see RFC 8693 §2.1
 */
export function buildTokenExchange(options: TokenExchangeOptions): Grant {
  const { profile, subjectToken, audience, scopes } = options
  const { subjectTokenType, requestedTokenType, sessionEnded } = profile
  const scope = writeScopes(scopes, [])
  return {
    name: 'token_exchange',
    forUser: true,
    scopes,
    sessionEnded,
    parameters: {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subjectToken,
      subject_token_type: subjectTokenType,
      ...(requestedTokenType === undefined ? {} : { requested_token_type: requestedTokenType }),
      ...writeTarget(profile, audience),
      ...(scope === '' ? {} : { scope }),
    },
  }
}

/** The parameter that names the downstream API; none when it is not named. */
export function writeTarget(
  { target }: TokenExchangeProfile,
  audience: string | undefined,
): Readonly<Record<string, string>> {
  return audience === undefined ? {} : { [target]: audience }
}

/** @throws AcquisitionError when what the authority needs to know is missing, before anything is sent. */
export function refuseUntargeted(
  { name, requires }: TokenExchangeProfile,
  audience: string | undefined,
  scopes: readonly string[],
): void {
  const named = { target: audience !== undefined, scope: scopes.length > 0 }
  const enough = requires === 'target-or-scope' ? named.target || named.scope : named[requires]
  if (!enough)
    throw new AcquisitionError(
      'target_missing',
      `A token exchange (${name}) has to name ${requirements[requires]} of the downstream API`,
    )
}

const requirements = {
  target: 'the audience',
  scope: 'a scope',
  'target-or-scope': 'the audience or a scope',
} as const
