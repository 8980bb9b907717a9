// Checks of what a token is for: this API, an access token, of a kind that cannot be mistaken.
import { isGuid } from '../../authority/tenant.ts'
import { hasWords, readText, readTexts, readWords } from '../../jwt/claims.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { quote, quoteAll, type Check } from './check.ts'
import type { SignedEvidence, Trust } from './evidence.ts'

/** A token for another API, replayed here: whoever runs that API could call us as its users (RFC 9068 §4). Exact, no prefix. */
export const audience: Check<SignedEvidence> = {
  name: 'audience',
  passes: ({ claims, trust: { audiences } }) =>
    audiences === undefined || readTexts(claims['aud']).some((value) => audiences.has(value)),
  description: 'The token was issued for another API; request a token for a scope of this one',
  expected: ({ trust: { audiences } }) => quoteAll(audiences ?? ['any']),
  actual: ({ claims }) => quote(claims['aud']),
  mistake: ({ claims, trust }) => audienceMistake(claims, trust),
}

const graphAudiences: ReadonlySet<unknown> = new Set([
  '00000003-0000-0000-c000-000000000000',
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
])

function audienceMistake(claims: JsonObject, { issuer }: Trust): string {
  if (graphAudiences.has(claims['aud']))
    return 'a token for Microsoft Graph: the client asked for a Graph scope instead of this API’s'
  if (issuer.version === '1.0')
    return `v1.0 token: set requestedAccessTokenVersion (accessTokenAcceptedVersion) to 2 in the manifest, or accept its audience`
  return 'the client asked for the scope of another API, or clientId is not the one of this API'
}

/** An ID token of a client that shares our registration has our `aud`; it says who signed in, not that they may call (RFC 9068 §5). */
export const idToken: Check<SignedEvidence> = {
  name: 'id_token',
  passes: ({ claims }) =>
    claims['nonce'] === undefined && claims['at_hash'] === undefined && claims['c_hash'] === undefined,
  description: 'This is an ID token; call this API with an access token',
  expected: () => 'neither nonce nor at_hash nor c_hash',
  actual: ({ claims }) =>
    ['nonce', 'at_hash', 'c_hash'].filter((name) => claims[name] !== undefined).join(', ') || 'none',
  mistake: () => 'the client sends id_token where it should send access_token',
}

/** A token bound to a key that its sender did not prove to have: as a plain Bearer token it may be stolen (RFC 9449 §7.2). */
export const boundToSender: Check<SignedEvidence> = {
  name: 'bound_to_sender',
  passes: ({ claims }) => claims['cnf'] === undefined,
  description: 'The token is bound to a key of its holder and cannot be used as a Bearer token',
  expected: () => 'no cnf',
  actual: ({ claims }) => (claims['cnf'] === undefined ? 'absent' : 'present'),
}

/** Access tokens of Entra always name the client that got them, ID tokens do not; and every token has a subject. */
export const client: Check<SignedEvidence> = {
  name: 'client',
  passes: ({ claims, trust }) =>
    readText(claims['sub']) !== undefined &&
    (!trust.registration.authority.namesClient || readClient(claims, trust) !== undefined),
  description: 'The token does not say which application it was issued to',
  expected: ({ trust: { registration, issuer } }) => {
    if (!registration.authority.namesClient) return 'sub'
    return issuer.version === '1.0' ? 'sub and appid' : 'sub and azp'
  },
  actual: ({ claims, trust }) =>
    readText(claims['sub']) === undefined ? 'no subject' : quote(readClient(claims, trust) ?? 'no client'),
  mistake: () => 'an ID token: the client sends id_token where it should send access_token',
}

/** The application that holds the token, by the claim of the token's version. */
export function readClient(claims: JsonObject, { issuer: { version } }: Trust): string | undefined {
  if (version === '1.0') return readText(claims['appid'])
  if (version === '2.0') return readText(claims['azp'])
  return readText(claims['azp']) ?? readText(claims['client_id']) ?? readText(claims['cid']) // the last is Okta's
}

/** Delegated permissions, frozen. */
export function readScopes(claims: JsonObject, trust: Trust): readonly string[] {
  if (isWithoutScope(claims, trust)) return noScopes
  const scopes = readWords(claims['scp'])
  return scopes.length === 0 && mayWriteScope(trust) ? readListOrScope(claims) : scopes
}

const noScopes: readonly string[] = Object.freeze([])

/** What Entra writes into a token of an agent that acts by itself. */
function isWithoutScope(claims: JsonObject, trust: Trust): boolean {
  const scopes = claims['scp']
  return typeof scopes === 'string' && scopes.trim() === '/' && !mayWriteScope(trust)
}

function readListOrScope(claims: JsonObject): readonly string[] {
  const listed =
    claims['scp'] === undefined ? [] : readTexts(claims['scp']).filter((scope) => scope.trim() !== '')
  return listed.length === 0 ? readWords(claims['scope']) : Object.freeze(listed)
}

const mayWriteScope = ({ registration: { authority } }: Trust): boolean =>
  authority.scopeClaims === 'scp-or-scope'

/** Whether {@link readScopes} has any to give. */
function hasScopes(claims: JsonObject, trust: Trust): boolean {
  if (isWithoutScope(claims, trust)) return false
  return hasWords(claims['scp']) || (mayWriteScope(trust) && readListOrScope(claims).length > 0)
}

/** A token without any permission: every application in every tenant can get one for a multi-tenant API, without consent. */
export const permissions: Check<SignedEvidence> = {
  name: 'permissions',
  passes: ({ claims, trust }) =>
    hasScopes(claims, trust) ||
    readTexts(claims['roles']).length > 0 ||
    trust.registration.acceptTokensWithoutPermissions === true,
  description: 'The token carries no permission for this API: neither a scope nor an application role',
  expected: () => 'scp or roles',
  actual: ({ claims, trust }) =>
    quote([...readScopes(claims, trust), ...readTexts(claims['roles'])].join(' ') || 'neither'),
  mistake: () => 'the application has no role assigned (admin consent), or the API exposes none',
}

/** An application passed off as a person, or an ID token with roles as an application: the kind has to be beyond doubt. */
export const tokenKind: Check<SignedEvidence> = {
  name: 'token_kind',
  passes: ({ claims, trust }) => readKind(claims, trust) !== undefined,
  description: 'The token is neither one of a user (scp) nor clearly one of an application by itself',
  expected: () => 'scp for a user; without scp idtyp app, or sub equal to oid',
  actual: ({ claims, trust }) =>
    `idtyp ${quote(claims['idtyp'])}, scp ${isWithoutScope(claims, trust) ? 'without a scope' : claims['scp'] === undefined ? 'absent' : 'present'}`,
}

/**
 * Whether a person or an application by itself calls; `undefined` when the claims contradict each other.
 *
 * `idtyp` is an optional claim: without it, an application's `sub` is its own object id, and a person's never is.
 */
export function readKind(claims: JsonObject, trust: Trust): 'user' | 'app' | undefined {
  if (trust.registration.authority.kindClaim === 'sub') return readKindBySubject(claims, trust)
  const type = readText(claims['idtyp'])
  if (hasScopes(claims, trust)) return type === undefined || type === 'user' ? 'user' : undefined
  if (type !== undefined) return type === 'app' ? 'app' : undefined
  const objectId = readText(claims['oid'])
  return objectId !== undefined && objectId === readText(claims['sub']) ? 'app' : undefined
}

/** With client credentials the subject is the client (RFC 9068 §2.2), at Auth0 with a suffix; a person's token has scopes. */
function readKindBySubject(claims: JsonObject, trust: Trust): 'user' | 'app' | undefined {
  const subject = readText(claims['sub'])
  const client = readClient(claims, trust)
  if (client !== undefined && (subject === client || subject === `${client}@clients`)) return 'app'
  if (isServiceAccountOf(client, claims)) return claims['client_id'] === client ? 'app' : undefined
  return hasScopes(claims, trust) ? 'user' : undefined
}

/**
 * Keycloak gives every client that calls by itself a user, known by this name. Only such a token has `client_id` beside `azp`: without
 * it, a person may have chosen the name.
 */
function isServiceAccountOf(client: string | undefined, claims: JsonObject): boolean {
  return client !== undefined && claims['preferred_username'] === `service-account-${client.toLowerCase()}`
}

/** `oid` becomes half of the account that caches are divided by: a GUID, so that no two users can be spelled alike. */
export const userObjectId: Check<SignedEvidence> = {
  name: 'object_id',
  passes: ({ claims, trust }) => {
    if (!trust.registration.authority.hasTenants) return true
    const objectId = readText(claims['oid'])
    return objectId === undefined ? readKind(claims, trust) === 'app' : isGuid(objectId)
  },
  description: 'The token does not name its user by a GUID',
  expected: () => 'a GUID in oid',
  actual: ({ claims }) => {
    if (claims['oid'] === undefined) return 'absent'
    return isGuid(claims['oid']) ? 'a GUID' : 'not a GUID' // whose it is stays out of messages
  },
}
