// Mints tokens for tests: real ones by default, with any claim or header changed, removed or added.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { epochSeconds } from '../kernel/clock.ts'
import type { Account } from '../directory/directory.ts'
import type { Application, Tenant } from '../directory/model.ts'
import { chooseOrigins, type Listener } from '../kernel/origins.ts'
import type { TokenIssuer } from './token-issuer.ts'
import { buildAccessToken } from './access-token.ts'
import { signCompact, type JsonObject } from './compact.ts'
import { buildIdToken } from './id-token.ts'
import { createKey, type SigningKey } from './signing-keys.ts'
import type { ClientAuthenticationLevel, UserSubject } from './subject.ts'
import { checkMintRequest } from './mint-schema.ts'

/** What to mint. */
export interface MintRequest {
  /** Default `access`. */
  readonly type?: 'access' | 'id'
  /** User principal name or object id; absent: an app-only access token. */
  readonly user?: string
  /** Application id of the client that the token is issued to, or an agent's id. */
  readonly client: string
  /** Application id or application ID URI of the API; for an id_token the client itself. */
  readonly audience?: string
  /** Delegated scopes; whether they exist or were consented to is not checked. With none, a user's token permits nothing: APIs refuse it as such (401). */
  readonly scopes?: readonly string[]
  /** Application roles; default: those that are assigned. */
  readonly roles?: readonly string[]
  /** Tenant id or domain; default: the user's home tenant, otherwise the client's. */
  readonly tenant?: string
  /** Default: what the API accepts (access) or 2 (id). */
  readonly version?: 1 | 2
  /** How the client authenticated; default `2` for an agent, else `0` for a user's token and `1` for an app-only one. */
  readonly clientLevel?: ClientAuthenticationLevel
  /** Capabilities that the client declared, such as `cp1`. */
  readonly capabilities?: readonly string[]
  /** How the user signed in; default `['pwd']`. With `mfa` the session went through the second step. */
  readonly amr?: readonly string[]
  /** When the user signed in, in seconds since the epoch; default: now. */
  readonly authTime?: number
  /** The session that the user signed in to, in `sid`: the same text is the same session. Default: for each token one of its own. */
  readonly session?: string
  /** Lifetime from now in seconds; negative: it is over, and was issued as long before as it would have lived. Default: as issued. */
  readonly lifetimeSeconds?: number
  /** Claims that replace the usual ones; `undefined` removes one. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Header members that replace the usual ones; `undefined` removes one. The signature stays RS256. */
  readonly header?: Readonly<Record<string, unknown>>
  /** Whose issuer the token names where both listen and no public origin is given; default `https`. */
  readonly listener?: Listener
  /** Signs with a key that is published nowhere, under the `kid` of the current one; default false. */
  readonly withForeignKey?: boolean
}

/**
 * Mints a token. For Graph use the token endpoint: Graph's tokens are signed in a way of their own.
 * @throws {EmulatorOptionsError} when the directory does not have what the request names, or the request says what none can
 */
export async function mint(issuer: TokenIssuer, request: MintRequest): Promise<string> {
  checkMintRequest(request)
  await issuer.keys.ready()
  const origins = chooseOrigins(issuer.origins, request.listener)
  const { header, claims } = build({ ...issuer, origins }, request)
  const { privateKey } = await chooseKey(issuer, request)
  return signCompact(
    override(header, request.header),
    override(claims, lifetime(issuer, request, claims), request.claims),
    privateKey,
  )
}

function build(issuer: TokenIssuer, request: MintRequest): { header: JsonObject; claims: JsonObject } {
  const client = find('client', request.client, issuer.directory.findApplication(request.client))
  const account = findAccount(issuer, request, client)
  const tenant = account?.tenant ?? findTenant(issuer, request, client)
  const user = account && signedIn(issuer, account, request)
  return request.type === 'id'
    ? buildId(issuer, request, client, user)
    : buildAccess(issuer, request, { client, tenant, user })
}

function buildAccess(
  issuer: TokenIssuer,
  request: MintRequest,
  {
    client,
    tenant,
    user,
  }: { readonly client: Application; readonly tenant: Tenant; readonly user: UserSubject | undefined },
): { header: JsonObject; claims: JsonObject } {
  const identifier = request.audience ?? client.id
  const registered = find('audience', identifier, issuer.directory.findResource(identifier))
  const resource =
    request.version === undefined
      ? registered
      : { ...registered, accessTokenAcceptedVersion: request.version }
  const principal = user?.account.user.id ?? client.id
  return buildAccessToken(issuer, {
    tenant,
    client,
    clientLevel: request.clientLevel ?? usualLevel(issuer, client, user),
    resource,
    identifier,
    ...(user && { user }),
    scopes: request.scopes ?? [],
    roles: request.roles ?? issuer.directory.rolesOf(principal, tenant, registered),
    capabilities: request.capabilities ?? [],
  })
}

// Agents are proved by a federated credential, always.
function usualLevel(
  { directory }: TokenIssuer,
  { id }: Application,
  user: UserSubject | undefined,
): ClientAuthenticationLevel {
  if (directory.findAgent(id) !== undefined) return '2'
  return user ? '0' : '1'
}

function buildId(
  issuer: TokenIssuer,
  { version = 2 }: MintRequest,
  client: Application,
  user: UserSubject | undefined,
): { header: JsonObject; claims: JsonObject } {
  if (user === undefined) throw new EmulatorOptionsError('mint.user', 'an id_token needs a user')
  const claims = buildIdToken(issuer, {
    client,
    user,
    version,
    openid: new Set(['openid', 'profile', 'email']),
  })
  return { header: { typ: 'JWT', alg: 'RS256', kid: issuer.keys.current.kid }, claims }
}

function findAccount(
  { directory }: TokenIssuer,
  request: MintRequest,
  client: Application,
): Account | undefined {
  if (request.user === undefined) return undefined
  const user = find('user', request.user, directory.findUser(request.user))
  const name = request.tenant ?? user.tenantId
  const tenant = find('tenant', name, directory.findTenant(name))
  return find(
    'user',
    `${user.username} in ${tenant.displayName} for ${client.displayName}`,
    directory.findAccount(user, tenant),
  )
}

function findTenant({ directory }: TokenIssuer, request: MintRequest, client: Application): Tenant {
  const name = request.tenant ?? client.tenantId ?? ''
  return find('tenant', name, directory.findTenant(name))
}

function signedIn({ clock }: TokenIssuer, account: Account, request: MintRequest): UserSubject {
  const { amr = ['pwd'], authTime = epochSeconds(clock), session: sid = crypto.randomUUID() } = request
  return { account, session: { sid, authTime, amr } }
}

// One that is over was issued as long ago as it would have lived.
function lifetime(
  { clock }: TokenIssuer,
  { lifetimeSeconds }: MintRequest,
  { iat, exp }: JsonObject,
): JsonObject {
  if (lifetimeSeconds === undefined) return {}
  const endsAt = epochSeconds(clock) + lifetimeSeconds
  if (lifetimeSeconds > 0) return { exp: endsAt }
  const issuedAt = endsAt - (Number(exp) - Number(iat))
  return { iat: issuedAt, nbf: issuedAt, exp: endsAt }
}

async function chooseKey(
  { keys, clock }: TokenIssuer,
  { withForeignKey = false }: MintRequest,
): Promise<Pick<SigningKey, 'privateKey'>> {
  return withForeignKey ? createKey(clock) : keys.current
}

function override(...parts: readonly (JsonObject | undefined)[]): JsonObject {
  const merged = Object.assign({}, ...parts) as JsonObject
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))
}

function find<Value>(name: string, wanted: string, found: Value | undefined): Value {
  if (found !== undefined) return found
  throw new EmulatorOptionsError(`mint.${name}`, `${wanted} is not in the directory`)
}
