// The claims of a v2 access token: for APIs whose registration accepts version 2.
import { issuerV1, issuerV2 } from '../kernel/origins.ts'
import type { TokenIssuer } from './token-issuer.ts'
import { opaqueRh, opaqueValue, pairwiseSubject, uniqueTokenId } from './identifiers.ts'
import type { AccessTokenRequest, UserSubject } from './subject.ts'
import { buildAio } from './session-in-token.ts'
import type { JsonObject } from './compact.ts'

/** Builds the claims that every v2 access token has; times and optional claims are added by the caller. */
export function buildAccessTokenV2(issuer: TokenIssuer, request: AccessTokenRequest): JsonObject {
  const { tenant, client, clientLevel, resource, user, roles } = request
  return {
    aud: resource.id,
    iss: issuerV2(issuer.origins, tenant),
    aio: buildAio(issuer, user),
    azp: client.id,
    azpacr: clientLevel,
    ...(user ? userClaims(issuer, request, user) : applicationClaims(issuer, request)),
    rh: opaqueRh(tenant.id, client.id),
    ...(roles.length > 0 && { roles }),
    tid: tenant.id,
    uti: uniqueTokenId(),
    ver: '2.0',
    xms_ftd: opaqueValue(),
  }
}

function userClaims(
  issuer: TokenIssuer,
  { tenant, resource, scopes }: AccessTokenRequest,
  user: UserSubject,
): JsonObject {
  const { account } = user
  return {
    ...(account.isGuest && { idp: issuerV1(issuer.origins, { id: account.user.tenantId }) }),
    name: account.user.displayName,
    oid: account.id,
    preferred_username: account.user.username,
    scp: scopes.join(' '),
    sub: pairwiseSubject(tenant.id, account.id, resource.id),
  }
}

function applicationClaims({ directory }: TokenIssuer, { client, tenant }: AccessTokenRequest): JsonObject {
  const id = directory.servicePrincipalId(client, tenant)
  return { oid: id, sub: id }
}
