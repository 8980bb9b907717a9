// The on-behalf-of grant: a middle tier trades the token that it received for one to the next API, after ordered checks.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Account } from '../directory/directory.ts'
import { isIssuer } from '../kernel/origins.ts'
import { isSignedByUs } from '../tokens/access-token.ts'
import type { CompactToken, JsonObject } from '../tokens/compact.ts'
import { readSession } from '../tokens/session-in-token.ts'
import { describeHolder, findActiveAccount } from './active-account.ts'
import { checkTimeWindow, parseAssertion, signatureError } from './assertion.ts'
import { readOneResource } from './one-resource.ts'
import { requireParameter, type TokenRequest, type TokenResponse } from './token-request.ts'
import { issueUserTokens } from './user-token-response.ts'

/** Exchanges an assertion. The first check that fails decides the error; tenant and client were checked before. */
export function grantOnBehalfOf(request: TokenRequest): TokenResponse {
  checkConfidentialClient(request)
  const { look } = request
  look('token_form', { expected: 'a signed JWT as assertion' })
  const assertion = parseAssertion(readAssertion(request))
  request.note({ presented: assertion.payload, sessionId: text(assertion.payload['sid']) })
  checkIsNotIdToken(request, assertion)
  checkSignature(request, assertion)
  checkTimeWindow(request, assertion.payload)
  checkAudience(request, assertion.payload)
  checkIsForUser(request, assertion.payload)
  const scopes = readOneResource(request)
  const { session, issuedAt } = readSession(request.authority, assertion.payload)
  const account = findUser(request, assertion.payload, issuedAt)
  return issueUserTokens(request, { user: { account, session }, ...scopes, platform: 'web' })
}

function checkConfidentialClient({ client }: TokenRequest): void {
  if (client.level === '0') throw new AadstsError(7000218)
}

function readAssertion(request: TokenRequest): string {
  if (requireParameter(request, 'requested_token_use') !== 'on_behalf_of') {
    throw new AadstsError(70003, { grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer' })
  }
  return requireParameter(request, 'assertion')
}

// Only access tokens say for which client they were issued. What nobody here signed is no id_token, whatever it lacks.
function checkIsNotIdToken({ authority, look }: TokenRequest, assertion: CompactToken): void {
  look('token_kind', { expected: 'an access token', actual: kindOf(assertion.payload) })
  const isAccessToken = ['azp', 'appid', 'scp', 'roles'].some((name) => name in assertion.payload)
  if (!isAccessToken && isSignedByUs(authority, assertion)) throw new AadstsError(240002)
}

function checkSignature(request: TokenRequest, assertion: CompactToken): void {
  const { authority, look } = request
  look('signature', { expected: 'signed by a published key', actual: `kid ${text(assertion.header['kid'])}` })
  if (authority.keys.find(assertion.header['kid']) === undefined)
    throw signatureError('The key was not found.')
  if (!isSignedByUs(authority, assertion)) {
    throw signatureError('The key was found, but use of the key to verify the signature failed.')
  }
  look('tenant_id', { expected: request.tenant?.id, actual: text(assertion.payload['tid']) })
  if (!isIssuedForTenant(request, assertion.payload)) {
    throw signatureError('The token was issued for another tenant than the one of this endpoint.')
  }
}

// The exchange happens in the tenant that issued the assertion, also for a guest.
function isIssuedForTenant({ authority, tenant }: TokenRequest, { iss, tid }: JsonObject): boolean {
  const issuing = typeof tid === 'string' ? authority.directory.findTenant(tid) : undefined
  if (issuing === undefined || (tenant !== undefined && tenant.id !== issuing.id)) return false
  return isIssuer(authority.origins, issuing, iss)
}

// What a caller gives to an agent is a token for the agent's blueprint.
function checkAudience({ authority, client, look }: TokenRequest, { aud }: JsonObject): void {
  const { agent, application } = client
  const blueprint = agent && authority.directory.findApplication(agent.blueprintId)
  const { id, identifierUris = [] } = blueprint ?? application
  const accepted = [id, ...identifierUris.flatMap((uri) => [uri, `${uri}/`])]
  look('audience', { expected: accepted.join(' or '), actual: text(aud) })
  if (typeof aud === 'string' && accepted.includes(aud)) return
  throw new AadstsError(500131, { actual: typeof aud === 'string' ? aud : '', expected: id })
}

function checkIsForUser({ client, look }: TokenRequest, { idtyp, scp }: JsonObject): void {
  look('permissions', {
    expected: 'scopes of a user (scp)',
    actual: idtyp === 'app' ? 'idtyp app' : `scp ${text(scp)}`,
  })
  if (idtyp !== 'app' && typeof scp === 'string' && !['', '/'].includes(scp)) return
  throw new AadstsError(7000114, { app: client.application.id })
}

function findUser(
  { authority, client, look }: TokenRequest,
  { oid, tid }: JsonObject,
  issuedAt: number,
): Account {
  const holder = { userId: text(oid), tenantId: text(tid), issuedAt }
  look('user', describeHolder(authority, holder))
  const tenant = authority.directory.findTenant(holder.tenantId)
  return findActiveAccount(authority, holder, { tenant, client: client.application })
}

function kindOf(claims: JsonObject): string {
  const { typ, azp, appid, scp, roles } = claims
  const isAccessToken = [azp, appid, scp, roles].some((claim) => claim !== undefined)
  return isAccessToken ? 'an access token' : `an id_token${typeof typ === 'string' ? ` (${typ})` : ''}`
}

function text(claim: unknown): string {
  return typeof claim === 'string' ? claim : ''
}
