// Signs access tokens in the version that the API accepts, whichever endpoint was called.
import { encodeJson } from '../kernel/base64url.ts'
import { epochSeconds } from '../kernel/clock.ts'
import { sha256 } from '../kernel/digest.ts'
import { randomText } from '../kernel/random.ts'
import { graphId } from '../directory/default-directory.ts'
import type { TokenIssuer } from './token-issuer.ts'
import { agentClaims, agentScope } from './agent-claims.ts'
import { buildAccessTokenV1 } from './access-token-v1.ts'
import { buildAccessTokenV2 } from './access-token-v2.ts'
import { parseCompact, signCompact, verifyRs256, type CompactToken, type JsonObject } from './compact.ts'
import { accessTokenLifetimeSeconds } from './lifetime.ts'
import { accessTokenOptionalClaims } from './optional-claims.ts'
import type { SigningKey } from './signing-keys.ts'
import type { AccessTokenRequest } from './subject.ts'

/** An access token with what the response and the request log say about it. */
export interface IssuedAccessToken {
  readonly token: string
  readonly claims: JsonObject
  readonly lifetimeSeconds: number
}

/** Builds the header and the claims of an access token, unsigned. */
export function buildAccessToken(
  issuer: TokenIssuer,
  request: AccessTokenRequest,
): { header: JsonObject; claims: JsonObject; lifetimeSeconds: number } {
  const isV2 = request.resource.accessTokenAcceptedVersion === 2
  const build = isV2 ? buildAccessTokenV2 : buildAccessTokenV1
  const { kid } = issuer.keys.current
  const issuedAt = epochSeconds(issuer.clock)
  const lifetimeSeconds = lifetimeOf(issuer, request)
  const times = { iat: issuedAt, nbf: issuedAt, exp: issuedAt + lifetimeSeconds }
  return {
    header: { typ: 'JWT', alg: 'RS256', ...(!isV2 && { x5t: kid }), kid },
    claims: {
      ...build(issuer, request),
      ...times,
      ...accessTokenOptionalClaims(request),
      ...authContextClaims(request),
      ...agentClaims(issuer, request),
      ...agentScope(issuer, request),
      ...identityClaims(request),
    },
    lifetimeSeconds,
  }
}

/** Issues an access token. */
export function issueAccessToken(issuer: TokenIssuer, request: AccessTokenRequest): IssuedAccessToken {
  const { header, claims, lifetimeSeconds } = buildAccessToken(issuer, request)
  const key = issuer.keys.current
  const isForGraph = request.resource.id === graphId
  const token = isForGraph ? signForGraph(header, claims, key) : signCompact(header, claims, key.privateKey)
  return { token, claims, lifetimeSeconds }
}

/**
 * Whether a token was signed with one of the published keys.
 * Does not check times, issuer or audience, and refuses tokens for Graph, as everyone but Graph has to.
 */
export function isSignedByUs(issuer: TokenIssuer, token: CompactToken): boolean {
  const key = issuer.keys.find(token.header['kid'])
  return (
    key !== undefined &&
    token.header['alg'] === 'RS256' &&
    verifyRs256(token, token.signingInput, key.publicKey)
  )
}

/** Decodes a token for Graph when one of the published keys signed it. Does not check times or audience. */
export function verifyGraphToken(issuer: TokenIssuer, text: string): CompactToken | undefined {
  const token = parseCompact(text)
  const key = issuer.keys.find(token?.header['kid'])
  if (token === undefined || key === undefined || token.header['alg'] !== 'RS256') return undefined
  const [, body = ''] = token.signingInput.split('.')
  const signedHeader = encodeJson(withHashedNonce(token.header))
  return verifyRs256(token, `${signedHeader}.${body}`, key.publicKey) ? token : undefined
}

// Graph's tokens carry a nonce in the header whose hash was signed: nobody else can verify them, so nobody else
// comes to depend on them.
function signForGraph(header: JsonObject, claims: JsonObject, { privateKey }: SigningKey): string {
  const withNonce = { ...header, nonce: randomText(32, 'base64url') }
  const signed = signCompact(withHashedNonce(withNonce), claims, privateKey)
  return `${encodeJson(withNonce)}${signed.slice(signed.indexOf('.'))}`
}

function withHashedNonce(header: JsonObject): JsonObject {
  const { nonce } = header
  if (typeof nonce !== 'string') return header
  return { ...header, nonce: sha256(nonce, 'base64url') }
}

// What the client asked for, and for an API that registered the optional claim everything that the session has.
function authContextClaims({ authContexts = [], resource, user }: AccessTokenRequest): JsonObject {
  const isRegistered = resource.optionalClaims?.accessToken?.some(
    (claim) => (typeof claim === 'string' ? claim : claim.name) === 'acrs',
  )
  const ofSession = isRegistered === true ? (user?.session.authContexts ?? []) : []
  const contexts = [...new Set([...authContexts, ...ofSession])]
  return contexts.length === 0 ? {} : { acrs: contexts }
}

// The Azure resource that a managed identity is.
function identityClaims({ client }: AccessTokenRequest): JsonObject {
  const { managedIdentity } = client
  return managedIdentity === undefined ? {} : { xms_mirid: managedIdentity.resourceId }
}

function lifetimeOf({ lifetime }: TokenIssuer, { resource, client, user }: AccessTokenRequest): number {
  return accessTokenLifetimeSeconds(lifetime, resource, client.id, user?.account.id ?? '')
}
