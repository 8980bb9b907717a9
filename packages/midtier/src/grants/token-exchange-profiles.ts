// What authorities that speak RFC 8693 want of a token exchange, each as data: the standard leaves most of it open.
import type { SessionEndedRefusal } from './grant.ts'

const accessToken = 'urn:ietf:params:oauth:token-type:access_token'
const jwt = 'urn:ietf:params:oauth:token-type:jwt'

/** How a client secret is sent (RFC 6749 §2.3.1); a signed assertion is not affected. */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post'

/** One kind of authority. Make your own by spreading one: `{ ...tokenExchangeProfiles.rfc8693, target: 'resource' }`. */
export interface TokenExchangeProfile {
  /** For messages. */
  readonly name: string
  /** The parameter that names the downstream API: its logical name or its URL (RFC 8693 §2.1). */
  readonly target: 'audience' | 'resource'
  /** What has to be named, so that a request that would get a token for the wrong API is not sent. */
  readonly requires: 'target' | 'scope' | 'target-or-scope'
  readonly subjectTokenType: string
  /** `undefined` leaves it to the authority. */
  readonly requestedTokenType: string | undefined
  readonly clientAuthentication: ClientAuthentication
  /** Refusals that mean that the incoming token is not accepted any more, beside `invalid_grant`. */
  readonly sessionEnded: readonly SessionEndedRefusal[]
}

const rfc8693: TokenExchangeProfile = {
  name: 'rfc8693',
  target: 'audience',
  requires: 'target-or-scope',
  subjectTokenType: accessToken,
  requestedTokenType: accessToken,
  clientAuthentication: 'client_secret_basic', // the one that every authority has to support (RFC 6749 §2.3.1)
  sessionEnded: [],
}

/** The profiles that go by a name. */
export type TokenExchangeProfileName = 'rfc8693' | 'keycloak' | 'auth0' | 'okta' | 'zitadel'

/** The profiles that are known. */
export const tokenExchangeProfiles: Readonly<Record<TokenExchangeProfileName, TokenExchangeProfile>> =
  Object.freeze({
    rfc8693,
    // Standard token exchange (26.2 and later): `audience` is the client id of the API; `resource` is not known.
    // The error of an ended session is the one of every other mistake, and only its text tells them apart.
    keycloak: {
      ...rfc8693,
      name: 'keycloak',
      sessionEnded: [{ error: 'invalid_request', errorDescription: 'Invalid token' }],
    },
    // On-behalf-of token exchange: `audience` is the identifier of the API, and is required.
    auth0: { ...rfc8693, name: 'auth0', requires: 'target', clientAuthentication: 'client_secret_post' },
    // On-behalf-of token exchange of a custom authorization server: `scope` is required, `audience` is that of the server.
    okta: { ...rfc8693, name: 'okta', requires: 'scope' },
    // An `access_token` is opaque here; only a `jwt` can be validated by an API without asking the authority.
    zitadel: { ...rfc8693, name: 'zitadel', requestedTokenType: jwt },
  })
