// Signs id_tokens: in the version of the endpoint that was called, for the client that asked.
import { epochSeconds } from '../kernel/clock.ts'
import { sha256Bytes } from '../kernel/digest.ts'
import type { Application } from '../directory/model.ts'
import { issuerV1, issuerV2 } from '../kernel/origins.ts'
import type { TokenIssuer } from './token-issuer.ts'
import { signCompact, type JsonObject } from './compact.ts'
import { buildAio } from './session-in-token.ts'
import { opaqueRh, pairwiseSubject, uniqueTokenId } from './identifiers.ts'
import { idTokenOptionalClaims, loginHint } from './optional-claims.ts'
import type { UserSubject } from './subject.ts'

/** What an id_token is made of. */
export interface IdTokenRequest {
  readonly client: Application
  readonly user: UserSubject
  readonly version: 1 | 2
  readonly nonce?: string | undefined
  readonly openid: ReadonlySet<string>
  /** Members of the `id_token` part of a claims request. */
  readonly requestedClaims?: readonly string[]
  /** The authorization code that it is sent with; default: none. */
  readonly code?: string | undefined
}

const lifetimeSeconds = 3600

/** Builds the claims of an id_token. */
export function buildIdToken(issuer: TokenIssuer, request: IdTokenRequest): JsonObject {
  const { client, user, version, nonce, code } = request
  const { account, session } = user
  const now = epochSeconds(issuer.clock)
  const nameOf = version === 2 ? issuerV2 : issuerV1
  return {
    aud: client.id,
    iss: nameOf(issuer.origins, account.tenant),
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    aio: buildAio(issuer, user),
    ...(version === 1 && { amr: session.amr, unique_name: account.user.username }),
    ...(account.isGuest && { idp: issuerV1(issuer.origins, { id: account.user.tenantId }) }),
    ...(code !== undefined && { c_hash: halfHash(code) }),
    ...(nonce !== undefined && { nonce }),
    ...profileClaims(request),
    oid: account.id,
    rh: opaqueRh(account.tenant.id, client.id),
    sid: session.sid,
    sub: pairwiseSubject(account.tenant.id, account.id, client.id),
    tid: account.tenant.id,
    uti: uniqueTokenId(),
    ver: version === 2 ? '2.0' : '1.0',
    ...requestedClaims(request),
    ...idTokenOptionalClaims(client, account.tenant.id, user),
  }
}

/** Issues an id_token. */
export function issueIdToken(issuer: TokenIssuer, request: IdTokenRequest): string {
  const { kid, privateKey } = issuer.keys.current
  const header = { typ: 'JWT', alg: 'RS256', ...(request.version === 1 && { x5t: kid }), kid }
  return signCompact(header, buildIdToken(issuer, request), privateKey)
}

// The left half of the digest, by the algorithm of the signature.
function halfHash(text: string): string {
  return sha256Bytes(text).subarray(0, 16).toString('base64url')
}

function profileClaims({ openid, version, user }: IdTokenRequest): JsonObject {
  const { displayName, username, mail } = user.account.user
  const hasProfile = openid.has('profile') || version === 1
  return {
    ...(hasProfile && { name: displayName }),
    ...(hasProfile && version === 2 && { preferred_username: username }),
    ...(openid.has('email') && mail !== undefined && { email: mail }),
  }
}

function requestedClaims({ requestedClaims = [], user }: IdTokenRequest): JsonObject {
  return {
    ...(requestedClaims.includes('login_hint') && { login_hint: loginHint(user) }),
  }
}
