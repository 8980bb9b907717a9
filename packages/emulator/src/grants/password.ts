// The password grant (RFC 6749 §4.3): a user name and a password become tokens; nobody can be asked for anything more.
import { randomUUID } from 'node:crypto'
import { AadstsError } from '../kernel/aadsts-error.ts'
import { epochSeconds } from '../kernel/clock.ts'
import { isEqualText } from '../kernel/equal-text.ts'
import type { Account } from '../directory/directory.ts'
import { parseScopes, withoutScopes } from '../directory/scopes.ts'
import { checkIndicatorOf } from './resource-indicator.ts'
import { checkPublicFlow } from './public-flow.ts'
import { readScope, requireParameter, type TokenRequest, type TokenResponse } from './token-request.ts'
import { issueUserTokens } from './user-token-response.ts'

/**
 * Signs a user in by name and password.
 * @throws {AadstsError} 9001023 for `common`, 50034 nobody of that name, 50126 another password, 50057 disabled; what a policy demands
 * (50076) and consent that is missing (65001) cannot be given here
 */
export function grantPassword(request: TokenRequest): TokenResponse {
  const { authority, client, segment, tenant } = request
  if (segment.toLowerCase() === 'common') throw new AadstsError(9001023)
  const platform = checkPublicFlow(request)
  const account = findPerson(request)
  const scope = readScope(request)
  if (scope === '') throw new AadstsError(900144, { parameter: 'scope' })
  const context = { tenant: tenant ?? account.tenant, client: client.application }
  request.look('resource', { expected: 'scopes of one API', actual: scope })
  const { openid, resources } = parseScopes(scope, authority.directory, context)
  if (resources.length > 1) throw new AadstsError(28000, { scope })
  checkIndicatorOf(request, resources)
  const session = { sid: randomUUID(), authTime: epochSeconds(authority.clock), amr: ['pwd'] }
  const requested = resources[0] ?? withoutScopes(authority.directory)
  return issueUserTokens(request, { user: { account, session }, openid, requested, platform })
}

// The user account of an agent has no password, and nobody signs in as it.
function findPerson(request: TokenRequest): Account {
  const { authority, look } = request
  const { directory } = authority
  const username = requireParameter(request, 'username')
  const password = requireParameter(request, 'password')
  look('user', { expected: 'somebody of the tenant', actual: username })
  const user = directory.findUser(username)
  const tenant = request.tenant ?? (user && directory.findTenant(user.tenantId))
  const account = user && tenant && directory.findAccount(user, tenant)
  if (account === undefined)
    throw new AadstsError(50034, { user: username, tenant: tenant?.displayName ?? 'emulated' })
  request.note({ user: account.user.username })
  look('password', { expected: 'the password of the account' })
  const expected = account.user.password
  if (expected === undefined || !isEqualText(expected, password)) throw new AadstsError(50126)
  if (!directory.isEnabled(account.user)) throw new AadstsError(50057)
  return account
}
