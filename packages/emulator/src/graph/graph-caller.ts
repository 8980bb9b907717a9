// Who calls Graph: only tokens of this emulator, for Graph, in their time, with one of the permissions that is needed.
import { epochSeconds } from '../kernel/clock.ts'
import { graphId } from '../directory/default-directory.ts'
import type { Account } from '../directory/directory.ts'
import type { Tenant } from '../directory/model.ts'
import { isIssuer } from '../kernel/origins.ts'
import type { Look, Seen } from '../kernel/decision.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { verifyGraphToken } from '../tokens/access-token.ts'
import { describeTime } from '../tokens/time-window.ts'
import type { JsonObject } from '../tokens/compact.ts'
import { readSession } from '../tokens/session-in-token.ts'
import { GraphError } from './graph-error.ts'

/** A caller of Graph. */
export interface GraphCaller {
  readonly tenant: Tenant
  readonly clientId: string
  /** Absent for an application that calls for itself. */
  readonly account?: Account | undefined
  /** Its scopes, or, of an application for itself, its roles. */
  readonly permissions: readonly unknown[]
}

/** Any one of these is enough. */
export interface NeededPermissions {
  /** For a user; `any` where whoever has a token for Graph may ask. */
  readonly scopes: readonly string[] | 'any'
  /** For an application; `any` where the endpoint itself says what it has for one. */
  readonly roles: readonly string[] | 'any'
}

const audiences: readonly unknown[] = [graphId, 'https://graph.microsoft.com', 'https://graph.microsoft.com/']

/** @throws {GraphError} 401 for a token that does not count, 403 for one that does not suffice */
export function authenticateGraphCaller(
  c: EmulatorContext,
  authority: TokenIssuer,
  needed: NeededPermissions,
): GraphCaller {
  const { look } = c.get('exchange')
  const claims = validateToken(c.req.header('authorization'), authority, look)
  look('issuer', { actual: String(claims['iss']) })
  const tenant = authority.directory.findTenant(String(claims['tid']))
  if (tenant === undefined || !isIssuer(authority.origins, tenant, claims['iss'])) {
    throw unauthorized('Access token validation failure. Invalid issuer.')
  }
  look('user', {
    expected: 'enabled and not revoked',
    actual: isScope(claims['scp']) ? String(claims['oid']) : 'an application',
  })
  const account = findAccount(authority, tenant, claims)
  if (account !== undefined) look('user', { actual: account.user.username })
  if (account !== undefined) checkNotRevoked(authority, account, claims)
  look('permissions', describePermissions(claims, needed))
  const permissions = checkPermissions(claims, needed)
  const clientId = String(claims['appid'] ?? claims['azp'])
  return { tenant, clientId, account, permissions }
}

function validateToken(header: string | undefined, authority: TokenIssuer, look: Look): JsonObject {
  look('signature', {
    expected: 'a bearer token that a published key signed',
    actual: header === undefined ? 'no token' : 'a token',
  })
  const text = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  if (text === undefined) throw unauthorized('Access token is empty.')
  const token = verifyGraphToken(authority, text)
  if (token === undefined) throw unauthorized('Access token validation failure. Invalid signature.')
  const { aud, exp } = token.payload
  look('audience', { expected: 'https://graph.microsoft.com', actual: String(aud) })
  if (!audiences.includes(aud)) throw unauthorized('Access token validation failure. Invalid audience.')
  look('expired', describeTime(token.payload, authority.clock))
  if (typeof exp !== 'number' || exp <= epochSeconds(authority.clock)) {
    throw unauthorized('Lifetime validation failed, the token is expired.')
  }
  return token.payload
}

// The tokens of agents that call by themselves have a slash there.
function isScope(scp: unknown): scp is string {
  return typeof scp === 'string' && scp !== '' && scp !== '/'
}

function describePermissions(
  { scp, roles }: JsonObject,
  { scopes, roles: neededRoles }: NeededPermissions,
): Seen {
  const isDelegated = isScope(scp)
  const needed = isDelegated ? scopes : neededRoles
  return {
    expected: needed === 'any' ? 'any' : needed.join(' or '),
    actual: isDelegated ? scp : Array.isArray(roles) ? roles.join(' ') : 'none',
  }
}

// Delegated scopes and application roles are two vocabularies: a token speaks one of them.
function checkPermissions({ scp, roles }: JsonObject, needed: NeededPermissions): readonly unknown[] {
  const isDelegated = isScope(scp)
  const granted: readonly unknown[] = isDelegated ? scp.split(' ') : Array.isArray(roles) ? roles : []
  const sufficient = isDelegated ? needed.scopes : needed.roles
  if (sufficient === 'any' || sufficient.some((permission) => granted.includes(permission))) return granted
  throw new GraphError(
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
    403,
  )
}

function findAccount(
  { directory }: TokenIssuer,
  tenant: Tenant,
  { oid, scp }: JsonObject,
): Account | undefined {
  if (!isScope(scp)) return undefined
  const account = typeof oid === 'string' ? directory.findAccountById(tenant, oid) : undefined
  if (account === undefined || !directory.isEnabled(account.user)) {
    throw unauthorized('The user of the token does not exist or is disabled.')
  }
  return account
}

// Continuous access evaluation: only a caller that declared `cp1` can act on a claims challenge.
function checkNotRevoked(authority: TokenIssuer, { user }: Account, claims: JsonObject): void {
  const { directory } = authority
  if (!directory.isRevoked(user, readSession(authority, claims).issuedAt)) return
  if (!isCapable(claims)) throw unauthorized('Access token validation failure. The token was revoked.')
  const seconds = String(Math.floor(directory.tokensValidFrom(user) / 1000))
  // As it was recorded: the time is text, and a blank stands before one of its members.
  const challenge = `{"access_token":{"nbf":{"essential":true, "value":"${seconds}"}}}`
  throw unauthorized(revocationMessage, challenge)
}

const revocationMessage =
  'Continuous access evaluation resulted in claims challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp'

function isCapable({ xms_cc: capabilities }: JsonObject): boolean {
  return Array.isArray(capabilities) && capabilities.some((each) => String(each).toLowerCase() === 'cp1')
}

function unauthorized(message: string, claims?: string): GraphError {
  return new GraphError('InvalidAuthenticationToken', message, 401, claims)
}
