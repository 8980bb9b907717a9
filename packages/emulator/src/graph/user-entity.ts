// What Graph shows of a user: to whom everything, to whom the name.
import type { Account, Directory } from '../directory/directory.ts'
import type { Tenant } from '../directory/model.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import type { EntityKind } from './collection.ts'
import type { Entity } from './entity.ts'
import type { GraphCaller } from './graph-caller.ts'
import { GraphError } from './graph-error.ts'

/** Users as entities. */
export const userKind: EntityKind = { path: 'users', onSelect: ['accountEnabled', 'userType'] }

/** With one of these a caller sees everything of everyone. */
const full: readonly unknown[] = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All']

/** Everything of one user. */
export function toGraphUser(account: Account, directory: Directory): Entity {
  const { displayName, givenName, jobTitle, mail, mobilePhone, officeLocation, ...rest } = account.user
  return {
    businessPhones: rest.businessPhones ?? [],
    displayName,
    givenName: givenName ?? null,
    jobTitle: jobTitle ?? null,
    mail: mail ?? null,
    mobilePhone: mobilePhone ?? null,
    officeLocation: officeLocation ?? null,
    preferredLanguage: rest.preferredLanguage ?? null,
    surname: rest.surname ?? null,
    userPrincipalName: principalName(account),
    id: account.id,
    accountEnabled: directory.isEnabled(account.user),
    userType: account.isGuest ? 'Guest' : 'Member',
  }
}

/** What this caller may see of a user that is not the caller. */
export function visibleUser(account: Account, caller: GraphCaller, directory: Directory): Entity {
  const user = toGraphUser(account, directory)
  if (caller.permissions.some((permission) => full.includes(permission))) return user
  // What User.ReadBasic.All lets an application see.
  const { displayName, givenName, mail, surname, userPrincipalName, id } = user
  return { displayName, givenName, mail, surname, userPrincipalName, id }
}

/**
 * The user of a path: `me`, or by object id or user principal name.
 * @throws {GraphError} when there is none, or when an application asks for `me`
 */
export function findAccount(c: EmulatorContext, { directory }: TokenIssuer, caller: GraphCaller): Account {
  const named = c.req.param('id')
  if (named === undefined) return ownAccount(caller)
  const wanted = decodeURIComponent(named).toLowerCase()
  const found = byName(directory, caller.tenant, wanted)
  if (found !== undefined) return found
  throw notFound(wanted)
}

/** @throws {GraphError} when an application calls for itself */
function ownAccount({ account }: GraphCaller): Account {
  if (account !== undefined) return account
  const message = '/me request is only valid with delegated authentication flow.'
  throw new GraphError('BadRequest', message, 400)
}

/** What is said of an object that is not there. */
export function notFound(wanted: string): GraphError {
  const message = `Resource '${wanted}' does not exist or one of its queried reference-property objects are not present.`
  return new GraphError('Request_ResourceNotFound', message, 404)
}

function byName(directory: Directory, tenant: Tenant, wanted: string): Account | undefined {
  const byId = directory.findAccountById(tenant, wanted)
  if (byId !== undefined) return byId
  const isNamed = (account: Account | undefined): boolean =>
    account !== undefined && principalName(account).toLowerCase() === wanted
  const user = directory.findUser(wanted)
  const member = user && directory.findAccount(user, tenant)
  return isNamed(member) ? member : directory.accountsOf(tenant).find(isNamed)
}

// A guest has another principal name in each tenant.
function principalName({ user: { username }, tenant, isGuest }: Account): string {
  return isGuest ? `${username.replace('@', '_')}#EXT#@${tenant.domains[0] ?? tenant.id}` : username
}
