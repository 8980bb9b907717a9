// The claims of a v1 access token: what APIs receive unless their registration asks for version 2.
import { issuerV1 } from '../kernel/origins.ts'
import type { TokenIssuer } from './token-issuer.ts'
import { opaqueRh, pairwiseSubject, uniqueTokenId } from './identifiers.ts'
import type { AccessTokenRequest, UserSubject } from './subject.ts'
import { buildAio } from './session-in-token.ts'
import type { JsonObject } from './compact.ts'

/** Builds the claims that every v1 access token has; times and optional claims are added by the caller. */
export function buildAccessTokenV1(issuer: TokenIssuer, request: AccessTokenRequest): JsonObject {
  const { tenant, client, clientLevel, identifier, user, roles } = request
  return {
    aud: identifier,
    iss: issuerV1(issuer.origins, tenant),
    aio: buildAio(issuer, user),
    appid: client.id,
    appidacr: clientLevel,
    ...(user ? userClaims(issuer, request, user) : applicationClaims(issuer, request)),
    rh: opaqueRh(tenant.id, client.id),
    ...(roles.length > 0 && { roles }),
    tid: tenant.id,
    uti: uniqueTokenId(),
    ver: '1.0',
  }
}

function userClaims(
  issuer: TokenIssuer,
  { tenant, resource, scopes }: AccessTokenRequest,
  user: UserSubject,
): JsonObject {
  const { account, session } = user
  const { username, displayName, givenName, surname, tenantId } = account.user
  return {
    acr: '1',
    amr: session.amr,
    ...(givenName !== undefined && { given_name: givenName }),
    ...(surname !== undefined && { family_name: surname }),
    ...(account.isGuest && { idp: issuerV1(issuer.origins, { id: tenantId }) }),
    ipaddr: '127.0.0.1',
    name: displayName,
    oid: account.id,
    scp: scopes.join(' '),
    sid: session.sid,
    sub: pairwiseSubject(tenant.id, account.id, resource.id),
    unique_name: username,
    ...(!account.isGuest && { upn: username }),
  }
}

function applicationClaims(issuer: TokenIssuer, { client, tenant }: AccessTokenRequest): JsonObject {
  const id = issuer.directory.servicePrincipalId(client, tenant)
  return { idp: issuerV1(issuer.origins, tenant), oid: id, sub: id }
}
