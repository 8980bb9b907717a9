// Microsoft Graph from the directory: /me, /users (paged) and /users/{id}.
import type { Account } from '../directory/directory.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { listenerOrigin } from '../http/listener-origin.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { authenticateGraphCaller, type GraphCaller, type NeededPermissions } from './graph-caller.ts'
import { GraphError, sendGraphError } from './graph-error.ts'

type GraphUser = Readonly<Record<string, unknown>>

const maximumPageSize = 999
const defaultPageSize = 100
const readMe: NeededPermissions = { scopes: ['User.Read'], roles: 'any' }
const readUsers: NeededPermissions = { scopes: ['User.ReadBasic.All'], roles: ['User.Read.All'] }

/** GET v1.0/me */
export function me(c: EmulatorContext, authority: TokenIssuer): Response {
  return answer(c, authority, readMe, ({ account }) => {
    if (account === undefined) {
      const message = '/me request is only valid with delegated authentication flow.'
      throw new GraphError('BadRequest', message, 400)
    }
    return entity(c, authority, toGraphUser(account))
  })
}

/** GET v1.0/users */
export function users(c: EmulatorContext, authority: TokenIssuer): Response {
  return answer(c, authority, readUsers, ({ tenant, account }) => {
    const accounts = authority.directory.accountsOf(tenant)
    const size = pageSize(c)
    const start = skipCount(c)
    const end = start + size
    const value = accounts.slice(start, end).map((each) => (account ? toBasicUser(each) : toGraphUser(each)))
    const base = graphBase(c, authority)
    const next = `${base}/users?$top=${String(size)}&$skiptoken=${String(end)}`
    const context = { '@odata.context': `${base}/$metadata#users` }
    return { ...context, ...(end < accounts.length && { '@odata.nextLink': next }), value }
  })
}

/** GET v1.0/users/{id or userPrincipalName} */
export function user(c: EmulatorContext, authority: TokenIssuer): Response {
  return answer(c, authority, readUsers, ({ tenant, account: caller }) => {
    const wanted = decodeURIComponent(c.req.param('id') ?? '').toLowerCase()
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

/** Any other path below v1.0. */
export function unknownGraphPath(c: EmulatorContext, authority: TokenIssuer): Response {
  c.header('access-control-allow-origin', '*')
  const message = 'The emulator serves /me, /users and /users/{id} only.'
  return sendGraphError(c, authority.origins, new GraphError('BadRequest', message, 400))
}

/** OPTIONS of every path below v1.0. */
export function graphPreflight(c: EmulatorContext): Response {
  c.header('access-control-allow-origin', '*')
  c.header('access-control-allow-methods', 'GET, OPTIONS')
  c.header('access-control-allow-headers', c.req.header('access-control-request-headers') ?? 'authorization')
  c.header('access-control-max-age', '600')
  return c.body(null, 204)
}

function answer(
  c: EmulatorContext,
  authority: TokenIssuer,
  needed: NeededPermissions,
  read: (caller: GraphCaller) => Readonly<Record<string, unknown>>,
): Response {
  c.header('access-control-allow-origin', '*')
  c.header('access-control-expose-headers', 'www-authenticate, request-id, client-request-id, retry-after')
  c.header('cache-control', 'no-cache')
  c.header('request-id', c.get('exchange').traceId)
  try {
    return c.json(read(authenticateGraphCaller(c, authority, needed)))
  } catch (error) {
    if (error instanceof GraphError) return sendGraphError(c, authority.origins, error)
    throw error
  }
}

function entity(c: EmulatorContext, authority: TokenIssuer, graphUser: GraphUser): GraphUser {
  const selected = c.req.query('$select')?.split(',')
  const properties = Object.entries(graphUser).filter(([name]) => selected?.includes(name) !== false)
  const context = `${graphBase(c, authority)}/$metadata#users/$entity`
  return { '@odata.context': context, ...Object.fromEntries(properties) }
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

function graphBase(c: EmulatorContext, authority: TokenIssuer): string {
  const prefix = c.req.path.startsWith('/graph/') ? '/graph' : ''
  return `${listenerOrigin(c, authority.origins)}${prefix}/v1.0`
}
