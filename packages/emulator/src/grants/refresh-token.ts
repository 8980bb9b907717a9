// The refresh_token grant: a refresh token is good for every API that the user consented to, not only the first.
import { AadstsError } from '../kernel/aadsts-error.ts'
import { parseScopes, withoutScopes, type RequestedScopes } from '../directory/scopes.ts'
import { describeHolder, findActiveAccount } from './active-account.ts'
import { checkPlatform } from './cross-origin-rules.ts'
import { checkIndicatorOf } from './resource-indicator.ts'
import { refreshTokenKind, type RefreshToken } from './sealed-grants.ts'
import { readScope, requireParameter, type TokenRequest, type TokenResponse } from './token-request.ts'
import { describeTime } from '../tokens/time-window.ts'
import { issueUserTokens } from './user-token-response.ts'

/** Redeems a refresh token; it stays valid beside the new one, as in Entra. */
export function redeemRefreshToken(request: TokenRequest): TokenResponse {
  const { authority, client, tenant, look } = request
  look('refresh_token', { expected: `one that was issued to ${client.application.displayName}` })
  const refreshToken = openRefreshToken(request)
  request.note({ sessionId: refreshToken.session.sid })
  if (refreshToken.clientId !== client.application.id) throw new AadstsError(70000)
  checkPlatform(request, refreshToken.platform)
  checkLifetime(request, refreshToken)
  look('user', describeHolder(authority, refreshToken))
  const account = findActiveAccount(authority, refreshToken, { tenant, client: client.application })
  const { openid, resources } = chooseScopes(request, refreshToken)
  checkIndicatorOf(request, resources.slice(0, 1))
  return issueUserTokens(request, {
    user: { account, session: refreshToken.session },
    openid,
    // Several APIs are no error here: the first one wins.
    requested: resources[0] ?? withoutScopes(authority.directory),
    platform: refreshToken.platform,
    // A single-page application cannot extend its 24 hours by refreshing.
    refreshTokenExpiresAt: refreshToken.platform === 'spa' ? refreshToken.expiresAt : undefined,
  })
}

function openRefreshToken(request: TokenRequest): RefreshToken {
  const text = requireParameter(request, 'refresh_token').replace(/^1\./, '')
  const refreshToken = request.authority.sealer.open(refreshTokenKind, text)
  if (refreshToken === undefined) throw new AadstsError(9002313, {}, { error: 'invalid_grant' })
  return refreshToken
}

function checkLifetime(
  { authority, look }: TokenRequest,
  { platform, issuedAt, expiresAt }: RefreshToken,
): void {
  look('expired', describeTime({ exp: expiresAt / 1000 }, authority.clock))
  if (authority.clock.now() < expiresAt) return
  const issued = new Date(issuedAt).toISOString()
  if (platform === 'spa') throw new AadstsError(700084, { issued, lifetime: '1.00:00:00' })
  throw new AadstsError(700082, { issued, inactive: '90.00:00:00' })
}

function chooseScopes(request: TokenRequest, { scope }: RefreshToken): RequestedScopes {
  const { authority, tenant, client } = request
  const context = { tenant, client: client.application }
  const asked = readScope(request)
  request.look('resource', { expected: 'scopes of an API', actual: asked === '' ? scope : asked })
  const parsed = parseScopes(asked === '' ? scope : asked, authority.directory, context)
  // Without a new refresh token the client could never refresh again.
  const openid = new Set([...parsed.openid, 'offline_access'])
  return { openid, resources: parsed.resources }
}
