// Microsoft Graph from the directory: /me, /users (paged) and /users/{id}.
import type { Account } from '../directory/directory.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { routeParameter, type EmulatorContext } from '../http/exchange.ts'
import { answer, graphBase } from './answer.ts'
import type { NeededPermissions } from './graph-caller.ts'
import { GraphError } from './graph-error.ts'

type GraphUser = Readonly<Record<string, unknown>>

const maximumPageSize = 999
const defaultPageSize = 100
const readMe: NeededPermissions = { scopes: ['User.Read'], roles: 'any' }
const readUsers: NeededPermissions = { scopes: ['User.ReadBasic.All'], roles: ['User.Read.All'] }

/** GET v1.0/me */
export function me(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, readMe, ({ account }) => {
    if (account === undefined) {
      const message = '/me request is only valid with delegated authentication flow.'
      throw new GraphError('BadRequest', message, 400)
    }
    return entity(c, authority, toGraphUser(account))
  })
}

/** GET v1.0/users */
export function users(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, readUsers, ({ tenant, account }) => {
    const accounts = authority.directory.accountsOf(tenant)
    const size = pageSize(c)
    const start = skipCount(c)
    const end = start + size
    const value = accounts.slice(start, end).map((each) => (account ? toBasicUser(each) : toGraphUser(each)))
    const base = graphBase(c, authority)
    const next = `${base}/users?$top=${String(size)}&$skiptoken=${String(end)}`
    const context = { '@odata.context': `${base}/$metadata#users` }
    return c.json({ ...context, ...(end < accounts.length && { '@odata.nextLink': next }), value })
  })
}

/** GET v1.0/users/{id or userPrincipalName} */
export function user(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, readUsers, ({ tenant, account: caller }) => {
    const wanted = decodeURIComponent(routeParameter(c, 'id')).toLowerCase()
    const found = authority.directory
      .accountsOf(tenant)
      .find((account) => account.id === wanted || principalName(account).toLowerCase() === wanted)
    if (found === undefined) {
      const message = `Resource '${wanted}' does not exist or one of its queried reference-property objects are not present.`
      throw new GraphError('Request_ResourceNotFound', message, 404)
    }
    return entity(c, authority, caller ? toBasicUser(found) : toGraphUser(found))
  })
}

function entity(c: EmulatorContext, authority: TokenIssuer, graphUser: GraphUser): Response {
  const selected = c.req.query('$select')?.split(',')
  const properties = Object.entries(graphUser).filter(([name]) => selected?.includes(name) !== false)
  const context = `${graphBase(c, authority)}/$metadata#users/$entity`
  return c.json({ '@odata.context': context, ...Object.fromEntries(properties) })
}

function toGraphUser(account: Account): GraphUser {
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
  }
}

// What User.ReadBasic.All lets an application see.
function toBasicUser(account: Account): GraphUser {
  const { displayName, givenName, mail, surname, userPrincipalName, id } = toGraphUser(account)
  return { displayName, givenName, mail, surname, userPrincipalName, id }
}

// A guest has another principal name in each tenant.
function principalName({ user: { username }, tenant, isGuest }: Account): string {
  return isGuest ? `${username.replace('@', '_')}#EXT#@${tenant.domains[0] ?? tenant.id}` : username
}

function pageSize(c: EmulatorContext): number {
  const top = Number(c.req.query('$top') ?? defaultPageSize)
  if (Number.isInteger(top) && top >= 1 && top <= maximumPageSize) return top
  throw new GraphError('Request_BadRequest', `Invalid page size specified: '${String(top)}'.`, 400)
}

function skipCount(c: EmulatorContext): number {
  const count = Number(c.req.query('$skiptoken') ?? 0)
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new GraphError('Request_BadRequest', 'Invalid $skiptoken.', 400)
}
