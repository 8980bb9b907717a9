// The response of every grant that acts for a user: access token, refresh token, id_token, client_info, scopes.
import { AadstsError } from '../kernel/aadsts-error.ts'
import { epochSeconds } from '../kernel/clock.ts'
import type { Platform } from '../directory/model.ts'
import { graphId } from '../directory/default-directory.ts'
import { resolveGrant } from '../directory/permissions.ts'
import type { ResourceScopes } from '../directory/scopes.ts'
import { findUnmetDemand } from '../policies/demands.ts'
import { describeDemand, describeSession, explainPolicies } from '../policies/explain-policies.ts'
import { policyError } from '../policies/policy-error.ts'
import { issueAccessToken, type IssuedAccessToken } from '../tokens/access-token.ts'
import { buildClientInfo } from '../tokens/client-info.ts'
import { parseCompact } from '../tokens/compact.ts'
import { issueIdToken } from '../tokens/id-token.ts'
import type { UserSubject } from '../tokens/subject.ts'
import { refreshTokenKind, refreshTokenLifetimeMs } from './sealed-grants.ts'
import type { TokenRequest, TokenResponse } from './token-request.ts'

/** What is granted to whom. */
export interface UserGrant {
  readonly user: UserSubject
  readonly openid: ReadonlySet<string>
  readonly requested: ResourceScopes
  readonly platform: Platform
  readonly nonce?: string | undefined
  /** When the refresh token ends, in milliseconds since the epoch; default: its lifetime from now. */
  readonly refreshTokenExpiresAt?: number | undefined
  /** How long ago the user signed in, for policies on the age of sign-ins; default: what the session says. */
  readonly signInAgeSeconds?: number
}

interface Granted extends UserGrant {
  /** Names of the API's scopes, without prefix. */
  readonly names: readonly string[]
  readonly access: IssuedAccessToken
}

/** Above this lifetime Entra advises to refresh half-way. */
const refreshInThresholdSeconds = 7200

/**
 * Issues the tokens of a user grant.
 * @throws {AadstsError} 50105 the user is not assigned, 65001 consent is missing, 50076, 50079, 53003 or 70043 a policy refuses
 */
export function issueUserTokens(request: TokenRequest, asked: UserGrant): TokenResponse {
  checkAssignment(request, asked)
  const names = checkConsent(request, asked)
  checkPolicies(request, asked)
  const grant = withAuthContexts(asked, request.claims.authContexts)
  const access = issueFor(request, grant, names)
  const granted = { ...grant, names, access }
  const identity = idToken(request, granted)
  noteIssue(request, granted, identity['id_token'])
  return {
    token_type: 'Bearer',
    ...(request.version === 2 ? describeV2(granted) : describeV1(granted)),
    access_token: access.token,
    ...refreshToken(request, granted),
    ...identity,
    ...(request.form.get('client_info') === '1' && { client_info: buildClientInfo(grant.user.account) }),
  }
}

function checkConsent(
  { authority, client, look }: TokenRequest,
  { user, requested }: UserGrant,
): readonly string[] {
  const { application } = client
  const names = resolveGrant(authority.directory, user.account, application, requested)
  const wanted = requested.isDefault ? 'what was consented to' : requested.names.join(' ')
  look('consent', {
    expected: `${requested.resource.displayName}: ${wanted}`,
    actual: names?.join(' ') ?? 'none',
  })
  if (names !== undefined) return names
  throw new AadstsError(65001, { app: application.id, name: application.displayName })
}

// Against the API that the token is for: in an on-behalf-of request the downstream one, in the session of the assertion.
function checkPolicies(request: TokenRequest, { user, requested, signInAgeSeconds }: UserGrant): void {
  const { authority, claims, version } = request
  const { resource } = requested
  const { account, session } = user
  const ageSeconds = signInAgeSeconds ?? epochSeconds(authority.clock) - session.authTime
  const agentId = request.client.agent?.id
  const situation = { account, agentId, session, claims, ageSeconds, resources: [resource] }
  const demand = findUnmetDemand(authority.policies, situation)
  request.look('policies', { actual: describeSession(session) })
  request.note({ policyResults: explainPolicies(authority.policies, situation), amr: session.amr })
  if (demand === undefined) return
  const policies = demand.policies.map(({ name }) => name)
  request.look('policies', { expected: describeDemand(demand) })
  request.note({ user: account.user.username, policies })
  throw policyError(demand, { resource, session, endpoint: version === 1 ? 'token v1' : 'token' })
}

// What was asked for and met stays with the session, for the tokens that are made from this one.
function withAuthContexts(grant: UserGrant, asked: readonly string[]): UserGrant {
  const { user } = grant
  const authContexts = [...new Set([...(user.session.authContexts ?? []), ...asked])]
  return { ...grant, user: { ...user, session: { ...user.session, authContexts } } }
}

function checkAssignment(
  { authority, look }: TokenRequest,
  { user, requested: { resource } }: UserGrant,
): void {
  const { account } = user
  const isRequired = resource.appRoleAssignmentRequired === true
  look('assignment', { expected: isRequired ? `a role at ${resource.displayName}` : 'none is required' })
  if (resource.appRoleAssignmentRequired !== true) return
  if (authority.directory.rolesOf(account.user.id, account.tenant, resource).length > 0) return
  throw new AadstsError(50105, { app: resource.id, name: resource.displayName, user: account.user.username })
}

function issueFor(request: TokenRequest, grant: UserGrant, names: readonly string[]): IssuedAccessToken {
  const { authority, client, claims } = request
  const { user, openid, requested } = grant
  const { resource, identifier } = requested
  const { account } = user
  return issueAccessToken(authority, {
    tenant: account.tenant,
    client: client.application,
    clientLevel: client.level,
    resource,
    identifier,
    user,
    scopes: resource.id === graphId ? [...tokenOpenIdScopes(openid), ...names] : names,
    roles: authority.directory.rolesOf(account.user.id, account.tenant, resource),
    capabilities: claims.capabilities,
    authContexts: claims.authContexts,
  })
}

function describeV2({ names, requested, openid, access }: Granted): TokenResponse {
  const { lifetimeSeconds } = access
  return {
    scope: echoScopes(requested, names, openid),
    expires_in: lifetimeSeconds,
    ext_expires_in: lifetimeSeconds,
    ...(lifetimeSeconds >= refreshInThresholdSeconds && { refresh_in: Math.floor(lifetimeSeconds / 2) }),
  }
}

// The v1 endpoint answers with strings.
function describeV1({ names, requested, access }: Granted): TokenResponse {
  return { scope: names.join(' '), ...describeTimesV1(access), resource: requested.identifier }
}

/** Lifetimes as the v1 endpoint writes them. */
export function describeTimesV1({ lifetimeSeconds, claims }: IssuedAccessToken): TokenResponse {
  return {
    expires_in: String(lifetimeSeconds),
    ext_expires_in: String(lifetimeSeconds),
    expires_on: String(claims['exp']),
    not_before: String(claims['nbf']),
  }
}

// In the form that the caller used: MSAL looks its cache up by these strings, and never finds others.
function echoScopes(
  requested: ResourceScopes,
  names: readonly string[],
  openid: ReadonlySet<string>,
): string {
  const scopes = names.map((name) => `${requested.prefix}${name}`)
  const standard = requested.isDefault ? [`${requested.prefix}.default`] : []
  return [...tokenOpenIdScopes(openid), ...scopes, ...standard].join(' ')
}

// offline_access shows as the refresh token itself.
function tokenOpenIdScopes(openid: ReadonlySet<string>): readonly string[] {
  return [...openid].filter((name) => name !== 'offline_access')
}

function refreshToken({ authority, client, version }: TokenRequest, granted: Granted): TokenResponse {
  const { user, openid, requested, platform, names } = granted
  if (version === 2 && !openid.has('offline_access')) return {}
  const issuedAt = authority.clock.now()
  const expiresAt = granted.refreshTokenExpiresAt ?? issuedAt + refreshTokenLifetimeMs(platform)
  const token = authority.sealer.seal(refreshTokenKind, {
    clientId: client.application.id,
    tenantId: user.account.tenant.id,
    userId: user.account.user.id,
    scope: [...openid, ...refreshScopes(requested, names)].join(' '),
    platform,
    session: user.session,
    issuedAt,
    expiresAt,
  })
  const expires =
    platform === 'spa' ? { refresh_token_expires_in: Math.floor((expiresAt - issuedAt) / 1000) } : {}
  return { refresh_token: `1.${token}`, ...expires }
}

function refreshScopes({ prefix, isDefault }: ResourceScopes, names: readonly string[]): readonly string[] {
  return isDefault ? [`${prefix}.default`] : names.map((name) => `${prefix}${name}`)
}

function idToken(
  { authority, client, version, claims }: TokenRequest,
  { openid, user, nonce }: Granted,
): TokenResponse {
  if (!openid.has('openid')) return {}
  const { application } = client
  const requestedClaims = claims.idTokenClaims
  return {
    id_token: issueIdToken(authority, { client: application, user, version, nonce, openid, requestedClaims }),
  }
}

function noteIssue(
  { note, look }: TokenRequest,
  { user, requested, names, access }: Granted,
  identity: TokenResponse[string] | undefined,
): void {
  note({
    user: user.account.user.username,
    tenant: user.account.tenant.id,
    resource: requested.resource.displayName,
    scopes: names,
    issued: access.claims,
    sessionId: user.session.sid,
    idToken: typeof identity === 'string' ? parseCompact(identity)?.payload : undefined,
  })
  look('token', {
    actual: `for ${requested.resource.displayName}, ${String(access.lifetimeSeconds)} seconds`,
  })
}
