// A successful answer of the token endpoint (RFC 6749 §5.1), read strictly: what is not a usable token is no token.
import type { JsonObject } from '../../kernel/json.ts'
import { Redacted } from '../../kernel/redacted.ts'

/** What the authority granted. */
export interface TokenResponse {
  readonly accessToken: Redacted
  readonly tokenType: 'Bearer'
  /** As granted; as asked for when the answer does not say (RFC 6749 §5.1). */
  readonly scopes: readonly string[]
  readonly expiresInSeconds: number
  /** After how many seconds the authority would like the token to be renewed; only for long-lived tokens. */
  readonly refreshInSeconds: number | undefined
  readonly refreshToken: Redacted | undefined
  /** `client-request-id` of the exchange. */
  readonly correlationId: string
}

/** Longest lifetime believed, in seconds: Entra's longest access token lives 28 hours. */
const longestLifetimeSeconds = 7 * 24 * 3600

// RFC 6750 §2.1, widened to visible ASCII: a line break in here would be a second header downstream.
const headerUnsafe = /[^\x21-\x7e]/

/** Reads a success body; a text that says what is wrong with it when it is not one. */
export function parseTokenResponse(
  body: JsonObject,
  requestedScopes: readonly string[],
  correlationId: string,
): TokenResponse | string {
  const accessToken = body['access_token']
  if (typeof accessToken !== 'string' || accessToken === '' || headerUnsafe.test(accessToken))
    return 'no usable access_token'
  const tokenType = body['token_type']
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer')
    return 'a token_type other than Bearer'
  const expiresInSeconds = parseSeconds(body['expires_in'])
  if (expiresInSeconds === undefined) return 'no usable expires_in'
  return {
    accessToken: new Redacted(accessToken),
    tokenType: 'Bearer',
    scopes: parseScopes(body['scope']) ?? requestedScopes,
    expiresInSeconds: Math.min(expiresInSeconds, longestLifetimeSeconds),
    refreshInSeconds: parseSeconds(body['refresh_in']),
    refreshToken: parseRefreshToken(body['refresh_token']),
    correlationId,
  }
}

/** The v1 endpoint writes its numbers as strings. */
function parseSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
    ? Math.floor(seconds)
    : undefined
}

function parseScopes(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'string') return undefined
  const scopes = value.split(' ').filter((scope) => scope !== '')
  return scopes.length === 0 ? undefined : scopes
}

function parseRefreshToken(value: unknown): Redacted | undefined {
  return typeof value === 'string' && value !== '' ? new Redacted(value) : undefined
}
