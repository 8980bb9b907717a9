// The authorization_code grant (RFC 6749 §4.1.3, RFC 7636): a code becomes tokens, once, for one API.
import { AadstsError } from '../kernel/aadsts-error.ts'
import { sha256 } from '../kernel/digest.ts'
import { isEqualText } from '../kernel/equal-text.ts'
import { parseScopes, withoutScopes, type ResourceScopes, type RequestedScopes } from '../directory/scopes.ts'
import { describeHolder, findActiveAccount } from './active-account.ts'
import { checkPlatform } from './cross-origin-rules.ts'
import { checkIndicatorOf } from './resource-indicator.ts'
import { authorizationCodeKind, codeLifetimeMs, type AuthorizationCode } from './sealed-grants.ts'
import { readScope, requireParameter, type TokenRequest, type TokenResponse } from './token-request.ts'
import { mergeClaimsRequests, parseClaimsRequest } from '../tokens/claims-request.ts'
import { issueUserTokens } from './user-token-response.ts'

/** Redeems an authorization code. */
export function redeemAuthorizationCode(request: TokenRequest): TokenResponse {
  const { authority, client, tenant, look } = request
  const code = openCode(request)
  request.note({ sessionId: code.session.sid, codeId: code.id })
  checkCode(request, code)
  checkPlatform(request, code.platform)
  checkVerifier(request, code)
  look('single_use', { expected: 'a code that was not redeemed before' })
  if (!authority.usedCodes.redeem(code.id)) throw new AadstsError(54005)
  look('user', describeHolder(authority, code))
  const account = findActiveAccount(authority, code, { tenant, client: client.application })
  const { openid } = readScopes(request, code.scope)
  const claims = mergeClaimsRequests(parseClaimsRequest(code.claims), request.claims)
  return issueUserTokens(
    { ...request, claims },
    {
      user: { account, session: code.session },
      openid,
      requested: chooseResource(request, code),
      platform: code.platform,
      nonce: code.nonce,
      // How old the sign-in may be was decided at the authorize endpoint, minutes ago at most.
      signInAgeSeconds: 0,
    },
  )
}

function openCode(request: TokenRequest): AuthorizationCode {
  request.look('code', { expected: 'a code that this emulator issued to this client' })
  const text = requireParameter(request, 'code').replace(/^1\./, '')
  const code = request.authority.sealer.open(authorizationCodeKind, text)
  if (code === undefined) throw new AadstsError(9002313, {}, { error: 'invalid_grant' })
  return code
}

function checkCode(request: TokenRequest, code: AuthorizationCode): void {
  const { client, tenant, authority, look } = request
  if (code.clientId !== client.application.id) {
    throw new AadstsError(700007, { actual: code.clientId, app: client.application.id })
  }
  if (tenant !== undefined && tenant.id !== code.tenantId) throw new AadstsError(700005)
  look('code', { actual: describeAge(authority.clock.now() - code.issuedAt) })
  if (code.issuedAt + codeLifetimeMs < authority.clock.now()) throw new AadstsError(70008)
  const redirectUri = request.form.get('redirect_uri')
  look('redirect_uri', { expected: code.redirectUri, actual: redirectUri })
  if (redirectUri === undefined) throw new AadstsError(700009)
  if (redirectUri !== code.redirectUri) {
    throw new AadstsError(500112, { actual: redirectUri, expected: code.redirectUri })
  }
}

function checkVerifier(
  { form, look }: TokenRequest,
  { codeChallenge, codeChallengeMethod }: AuthorizationCode,
): void {
  const verifier = form.get('code_verifier')
  const challenge =
    codeChallenge === undefined
      ? 'none, as no code_challenge was sent'
      : `one for the ${codeChallengeMethod ?? 'plain'} challenge`
  look('code_verifier', { expected: challenge, actual: verifier === undefined ? 'none' : 'one' })
  if (codeChallenge === undefined) {
    // A verifier without a challenge is a downgrade: someone dropped the challenge from the authorization request.
    if (verifier !== undefined) throw new AadstsError(501481)
    return
  }
  if (verifier === undefined) throw new AadstsError(900144, { parameter: 'code_verifier' })
  const isHashed = codeChallengeMethod === 'S256'
  const derived = isHashed ? sha256(verifier, 'base64url') : verifier
  if (!isEqualText(derived, codeChallenge)) throw new AadstsError(501481)
}

function describeAge(milliseconds: number): string {
  return `one of ${String(Math.round(milliseconds / 1000))} seconds ago`
}

// The code may cover several APIs; a redemption is for one: the one asked for now, or the first.
function chooseResource(request: TokenRequest, code: AuthorizationCode): ResourceScopes {
  const scope = readScope(request)
  request.look('resource', { expected: 'scopes of one API', actual: scope === '' ? code.scope : scope })
  const asked = readScopes(request, scope).resources
  if (asked.length > 1) throw new AadstsError(28000, { scope })
  const authorized = readScopes(request, code.scope).resources
  checkIndicatorOf(request, scope === '' ? authorized.slice(0, 1) : asked)
  return asked[0] ?? authorized[0] ?? withoutScopes(request.authority.directory)
}

function readScopes({ authority, tenant, client }: TokenRequest, scope: string): RequestedScopes {
  return parseScopes(scope, authority.directory, { tenant, client: client.application })
}
