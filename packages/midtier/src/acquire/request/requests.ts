// Builds the request of one acquisition, and refuses at once, in plain words, what the authority could only refuse.
import type { Authority } from '../../authority/authority.ts'
import { isGuid } from '../../authority/tenant.ts'
import {
  checkAmount,
  checkOptions,
  checkScopes,
  checkSignal,
  checkText,
  refuseArgument,
} from '../../kernel/check-argument.ts'
import { AcquisitionError } from '../../kernel/errors/errors.ts'
import type { CallContext } from '../../kernel/observer.ts'
import type { Assertion, Principal } from '../../protect/principal.ts'
import type { AgentUserAccount } from '../../grants/user-fic.ts'
import {
  type AgentKeyPart,
  type CacheKeys,
  createCacheKeys,
  encodeKeyList,
} from '../../token-cache/cache-key.ts'
import type { Account } from '../../token-cache/account.ts'
import { RepeatedSlot } from '../../token-cache/memory-store.ts'
import type { Slot } from '../../token-cache/store.ts'
import { parseClaimsRequest } from '../../kernel/claims-request.ts'
import { refuseUntargeted } from '../../grants/token-exchange.ts'
import type { TokenExchangeProfile } from '../../grants/token-exchange-profiles.ts'
import { RememberedSlots } from './remembered-slots.ts'
import { parsePlainScopes, parseScopes, type ScopeSet, ScopeSets } from './scopes.ts'
import { type AgentProofs, createAgentProofs } from './agent-proofs.ts'
import type { AgentExchange, TokenRequest } from '../token-source.ts'

/** What one acquisition asks for. */
export interface AcquireOptions {
  /** Scopes of one downstream API; the OpenID Connect scopes are added on the wire and need not be named. */
  readonly scopes: readonly string[]
  /** The downstream API by the name that its authority knows it by. For authorities that exchange tokens by RFC 8693 alone: Entra's scopes name it. */
  readonly audience?: string | undefined
  /** A claims request from a challenge, as JSON or base64: the cached token is dropped and a new one acquired. */
  readonly claims?: string | undefined
  /** Skip the cache and replace what is in it. Default `false`. */
  readonly forceRefresh?: boolean | undefined
  /** Stops waiting. What others wait for as well goes on. */
  readonly signal?: AbortSignal | undefined
  /** Longest wait for a token that is not cached, in milliseconds. Default: the limits of the authority. */
  readonly timeoutMs?: number | undefined
  /** A GUID that the authority logs a request for this token with (`client-request-id`), if one is made. Default: a fresh one. */
  readonly correlationId?: string | undefined
}

/** {@link AcquireOptions} of an app-only token. */
export interface AcquireForClientOptions extends AcquireOptions {
  /** Tenant to act in. Default: the application's own. For Entra alone, and not for a managed identity, which has one. */
  readonly tenantId?: string | undefined
}

/** The validated caller, as far as acquiring needs it. */
export interface CallerFacts {
  readonly principal: Principal
  readonly assertion: Assertion
  /** `undefined` when the token does not say whose it is. */
  readonly account: Pick<Account, 'id'> | undefined
  /** When the token was validated, milliseconds since the epoch by the clock of this process. Default: now. */
  readonly authenticatedAtMs?: number
  /** How many forgettings this process had counted by then. Default: it is not known. */
  readonly forgettingsBefore?: number
}

/** A long-running session, as far as acquiring needs it. */
export interface SessionFacts {
  /** SHA-256 of the session key. */
  readonly digest: string
  readonly tenantId: string
  /** `oid.tid`; `undefined` when the token that began the session did not hold both. */
  readonly accountId: string | undefined
  /** The agent that the session was begun by; `undefined` for the application itself. */
  readonly agentId?: string | undefined
  /** Holds everything of the account, so that forgetting the account ends the session. */
  readonly partition: string
  /** When the session began, milliseconds since the epoch. */
  readonly startedAtMs: number
  /** When the session is over, by the same clock. */
  readonly endsAtMs: number
}

/** Whom tokens are acquired from, as far as requests depend on it. */
export type RequestAuthority = Pick<
  Authority,
  'name' | 'graphHosts' | 'exchangeAudience' | 'userGrant' | 'clientCapabilities' | 'namesApiBy' | 'appScopes'
>

/** What the requests of one application have in common. */
export interface RequestSettings {
  readonly clientId: string
  /** Its name and its capabilities are part of every cache key. */
  readonly authority: RequestAuthority
  /** The application's own tenant; empty where there is none to choose. */
  readonly tenantId: string
  /** What the authority wants of a token exchange, where that is how it acts for users. */
  readonly tokenExchange?: TokenExchangeProfile
}

/** Builds requests; each function throws {@link AcquisitionError} before anything is sent. */
export interface TokenRequests {
  /** The exchange of the caller's token; by the agent, if one is named. */
  onBehalfOf(
    caller: CallerFacts,
    options: AcquireOptions,
    context: CallContext,
    agentId?: string,
  ): TokenRequest
  /** The same token, from the cache alone. */
  silent(caller: CallerFacts, options: AcquireOptions, context: CallContext, agentId?: string): TokenRequest
  /** A token of the application itself. */
  forClient(options: AcquireForClientOptions, context: CallContext): TokenRequest
  /** A token of an agent itself, or of its user account. */
  forAgent(agent: ActingAgent, options: AcquireForClientOptions, context: CallContext): TokenRequest
  /** As {@link TokenRequests.slotOf}, of an agent by itself or its user account, in this tenant. Default: the application's own. */
  slotOfAgent(agent: ActingAgent, options: AcquireOptions, tenantId: string | undefined): Slot | undefined
  /** A token of a long-running session, by the refresh token that it keeps. */
  forSession(session: SessionFacts, options: AcquireOptions, context: CallContext): TokenRequest
  /**
   * Where the token of a caller lies that was asked for before, by scopes alone; `undefined` leaves it to the functions above, which
   * check what has to be checked once.
   */
  slotOf(caller: CallerFacts, options: AcquireOptions, agentId?: string): Slot | undefined
  /** The partition that holds every token of an account. */
  partition(accountId: string): string
  /** The partition that holds everything that is an agent's own. */
  agentPartition(agentId: string): string
}

/** An agent that acts by itself, or through its user account. */
export interface ActingAgent {
  readonly id: string
  readonly user: AgentUserAccount | undefined
}

/** Prepares what all requests share. */
export function createTokenRequests(settings: RequestSettings): TokenRequests {
  const { clientId, authority } = settings
  const { name, clientCapabilities, graphHosts } = authority
  const keys = createCacheKeys({ clientId, authority: name, clientCapabilities, tokenType: 'Bearer' })
  const scopeSets = new ScopeSets(
    authority.namesApiBy === 'scopes' ? (written) => parseScopes(written, graphHosts) : parsePlainScopes,
  )
  const parts = { settings, keys, scopeSets, proofs: createAgentProofs(keys, authority.exchangeAudience) }
  const { forUser, slotOf } = requestsForUsers(parts)
  return {
    onBehalfOf: (caller, options, context, agentId) =>
      forUser(caller, options, { cacheOnly: false, context, agentId }),
    silent: (caller, options, context, agentId) =>
      forUser(caller, options, { cacheOnly: true, context, agentId }),
    forClient: requestsForClient(parts),
    ...requestsForAgents(parts),
    forSession: requestsForSessions(parts),
    slotOf,
    partition: (accountId) => keys.partition(accountId),
    agentPartition: (agentId) => keys.agentPartition(agentId),
  }
}

interface Parts {
  readonly settings: RequestSettings
  readonly keys: CacheKeys
  readonly scopeSets: ScopeSets
  readonly proofs: AgentProofs
}

interface ForUsers extends Pick<TokenRequests, 'slotOf'> {
  readonly forUser: (
    caller: CallerFacts,
    options: AcquireOptions,
    how: Pick<TokenRequest, 'cacheOnly' | 'context'> & { readonly agentId: string | undefined },
  ) => TokenRequest
}

function requestsForUsers({ settings, keys, scopeSets, proofs }: Parts): ForUsers {
  const grant = settings.authority.userGrant
  const noAudience = encodeAudience(settings.authority, undefined)
  const slots = new RememberedSlots<Principal>() // a verified token keeps its principal, request after request
  const forUser: ForUsers['forUser'] = ({ principal, assertion, account }, options, how) => {
    refuseApplication(principal)
    checkAcquireOptions(options)
    const scopeSet = scopeSets.read(options.scopes)
    const encodedScopes = encodeTarget(settings, scopeSet, options.audience)
    const { tenantId } = principal // a guest's token is exchanged where it was issued, never in `common`
    const { digest } = assertion
    const accountId = account?.id
    const { cacheOnly, context, agentId } = how
    const slot = slots.get(principal, digest, encodedScopes, agentId, () => {
      // Without an account the session stands alone: a whole key of its own, never half of someone's.
      const partition = keys.partition(accountId ?? digest)
      const agent = agentId === undefined ? undefined : agentToken(agentId)
      const key = keys.key({ grant, tenantId, accountId, encodedScopes, binding: digest, agent })
      return new RepeatedSlot(partition, key)
    })
    const user = { accountId, assertion, assertionExpiresAtMs: principal.expiresAtMs }
    const agent =
      agentId === undefined ? undefined : proofs.exchangeOf({ agentId, tenantId }, undefined, context)
    return buildRequest({ grant, tenantId, scopeSet, slot, cacheOnly, agent }, user, options, context)
  }
  const slotOf: ForUsers['slotOf'] = ({ principal, assertion }, options, agentId) => {
    const scopeSet = asksByScopesAlone(options) ? scopeSets.peek(options.scopes) : undefined
    if (scopeSet === undefined) return undefined
    return slots.peek(principal, assertion.digest, scopeSet.encoded + noAudience, agentId)
  }
  return { forUser, slotOf }
}

function agentToken(agentId: string): AgentKeyPart {
  return { agentId, of: 'token', user: undefined }
}

/** What is written otherwise is looked at closely by {@link checkAcquireOptions}. */
function asksByScopesAlone(options: AcquireOptions): boolean {
  if (typeof (options as unknown) !== 'object' || (options as unknown) === null) return false
  const { scopes, audience, claims, forceRefresh = false, signal, timeoutMs } = options
  if (audience !== undefined || claims !== undefined || signal !== undefined) return false
  if (timeoutMs !== undefined || forceRefresh || !Array.isArray(scopes)) return false
  for (const scope of scopes) if (typeof scope !== 'string') return false
  return true
}

function requestsForSessions({ settings, keys, scopeSets, proofs }: Parts): TokenRequests['forSession'] {
  const grant = 'refresh_token'
  return (facts, options, context) => {
    checkAcquireOptions(options)
    const scopeSet = scopeSets.read(options.scopes)
    const encodedScopes = encodeTarget(settings, scopeSet, options.audience)
    const { digest, tenantId, accountId, agentId, partition, startedAtMs, endsAtMs } = facts
    const byAgent = agentId === undefined ? undefined : agentToken(agentId)
    const key = keys.key({ grant, tenantId, accountId, encodedScopes, binding: digest, agent: byAgent })
    const agent =
      agentId === undefined ? undefined : proofs.exchangeOf({ agentId, tenantId }, undefined, context)
    const target = { grant, tenantId, scopeSet, slot: { partition, key }, cacheOnly: false, agent } as const
    const session = { digest, startedAtMs, endsAtMs, refreshToken: undefined, receive: undefined }
    return { ...buildRequest(target, { ...nobody, accountId }, options, context), session }
  }
}

function requestsForClient({ settings, keys, scopeSets }: Parts): TokenRequests['forClient'] {
  const grant = 'client_credentials'
  const slots = new RememberedSlots<ScopeSet>()
  return (options, context) => {
    checkAcquireOptions(options)
    checkText('tenantId', options.tenantId)
    const scopeSet = scopeSets.read(options.scopes)
    if (settings.authority.appScopes === 'default') refuseNamedScopes(scopeSet)
    const encodedScopes = encodeTarget(settings, scopeSet, options.audience)
    const tenantId = chooseTenant(settings, options)
    const slot = slots.get(scopeSet, encodedScopes, tenantId, undefined, () => {
      const inputs = { tenantId, accountId: undefined, encodedScopes, binding: undefined }
      return new RepeatedSlot(keys.partition(undefined), keys.key({ grant, ...inputs }))
    })
    const target = { grant, tenantId, scopeSet, slot, cacheOnly: false, agent: undefined } as const
    return buildRequest(target, nobody, options, context)
  }
}

function requestsForAgents({
  settings,
  keys,
  scopeSets,
  proofs,
}: Parts): Pick<TokenRequests, 'forAgent' | 'slotOfAgent'> {
  const noAudience = encodeAudience(settings.authority, undefined)
  const slots = new RememberedSlots<ActingAgent>() // an agent is made once, and asked again and again
  const forAgent: TokenRequests['forAgent'] = (acting, options, context) => {
    const { id: agentId, user } = acting
    checkAcquireOptions(options)
    checkText('tenantId', options.tenantId)
    const scopeSet = scopeSets.read(options.scopes)
    if (user === undefined) refuseNamedScopes(scopeSet)
    const encodedScopes = encodeTarget(settings, scopeSet, options.audience)
    const tenantId = chooseTenant(settings, options)
    const agent = proofs.exchangeOf({ agentId, tenantId }, user, context)
    const grant = user === undefined ? 'client_credentials' : 'user_fic'
    const accountId = user?.objectId === undefined ? undefined : `${user.objectId}.${tenantId}`
    const slot = slots.get(acting, tenantId, encodedScopes, undefined, () => {
      const named = user && keyPartOf(user)
      const inputs = { grant, tenantId, accountId, encodedScopes, binding: undefined } as const
      // With the agent, however the account and the tenant are named: whoever forgets the agent forgets all of it.
      const key = keys.key({ ...inputs, agent: { agentId, of: 'token', user: named } })
      return new RepeatedSlot(keys.agentPartition(agentId), key)
    })
    const target = { grant, tenantId, scopeSet, slot, cacheOnly: false, agent } as const
    return buildRequest(target, { ...nobody, accountId }, options, context)
  }
  return {
    forAgent,
    slotOfAgent(acting, options, tenantId = settings.tenantId) {
      const scopeSet = asksByScopesAlone(options) ? scopeSets.peek(options.scopes) : undefined
      return scopeSet && slots.peek(acting, tenantId, scopeSet.encoded + noAudience)
    },
  }
}

function keyPartOf(user: AgentUserAccount): AgentKeyPart['user'] {
  return user.objectId === undefined
    ? { by: 'userPrincipalName', value: user.userPrincipalName }
    : { by: 'objectId', value: user.objectId }
}

/** @throws AcquisitionError `argument_invalid` naming the member that is of another kind than its type says. */
function checkAcquireOptions(options: AcquireOptions): void {
  checkOptions(options)
  checkScopes(options.scopes)
  checkText('audience', options.audience)
  checkText('claims', options.claims)
  checkSignal(options.signal)
  checkAmount('timeoutMs', options.timeoutMs)
  checkText('correlationId', options.correlationId)
  if (options.correlationId !== undefined && !isGuid(options.correlationId.toLowerCase()))
    throw refuseArgument('correlationId', 'must be a GUID')
}

interface Target {
  readonly grant: TokenRequest['grant']
  readonly tenantId: string
  readonly scopeSet: ScopeSet
  readonly slot: Slot
  readonly cacheOnly: boolean
  readonly agent: AgentExchange | undefined
}

type User = Pick<TokenRequest, 'accountId' | 'assertion' | 'assertionExpiresAtMs'>

const nobody: User = { accountId: undefined, assertion: undefined, assertionExpiresAtMs: undefined }

function buildRequest(
  target: Target,
  user: User,
  options: AcquireOptions,
  context: CallContext,
): TokenRequest {
  return {
    grant: target.grant,
    tenantId: target.tenantId,
    scopes: target.scopeSet.scopes,
    audience: options.audience,
    assertion: user.assertion,
    assertionExpiresAtMs: user.assertionExpiresAtMs,
    accountId: user.accountId,
    slot: target.slot,
    claims: readClaims(options.claims),
    forceRefresh: options.forceRefresh ?? false,
    cacheOnly: target.cacheOnly,
    renewal: false,
    agent: target.agent,
    session: undefined,
    signal: options.signal,
    timeoutMs: options.timeoutMs,
    correlationId: options.correlationId,
    context,
  }
}

function refuseApplication(principal: Principal): void {
  if (principal.kind === 'app')
    throw new AcquisitionError(
      'app_only_caller',
      'The caller is an application, and only a user can be acted on behalf of: use acquireTokenForClient, if its permissions are meant (of an agent, its own acquireToken)',
    )
}

/** What is asked for, as a part of a cache key. @throws AcquisitionError when the authority could not know which API is meant. */
function encodeTarget(settings: RequestSettings, scopeSet: ScopeSet, audience: string | undefined): string {
  const { authority, tokenExchange } = settings
  if (authority.namesApiBy === 'scopes' && audience !== undefined)
    throw new AcquisitionError(
      'audience_not_supported',
      'Entra is told the API by the scopes: leave the audience out',
    )
  if (tokenExchange !== undefined) refuseUntargeted(tokenExchange, audience, scopeSet.scopes)
  return scopeSet.encoded + encodeAudience(authority, audience)
}

/** Where the scopes do not say which API is meant, the audience is part of a cache key. */
function encodeAudience({ namesApiBy }: RequestAuthority, audience: string | undefined): string {
  if (namesApiBy === 'scopes') return ''
  return encodeKeyList(audience === undefined ? [] : [audience])
}

function refuseNamedScopes(scopeSet: ScopeSet): void {
  if (!scopeSet.isDefault)
    throw new AcquisitionError(
      'app_scope_not_default',
      'An app-only token carries every permission that was granted: ask for {resource}/.default alone',
    )
}

const tenantAliases: readonly string[] = ['common', 'organizations', 'consumers']

function chooseTenant(
  settings: RequestSettings,
  { tenantId = settings.tenantId }: AcquireForClientOptions,
): string {
  if (settings.tenantId === '' && tenantId !== '')
    throw new AcquisitionError(
      'tenant_not_supported',
      'There is no tenant to choose from: leave tenantId out',
    )
  refuseAlias(tenantId)
  return tenantId
}

function refuseAlias(tenantId: string): void {
  if (tenantAliases.includes(tenantId.toLowerCase()))
    throw new AcquisitionError(
      'tenant_not_concrete',
      `An application acts in one tenant: name it instead of "${tenantId.toLowerCase()}"`,
    )
}

function readClaims(claims: string | undefined): string | undefined {
  if (claims === undefined) return undefined
  const parsed = parseClaimsRequest(claims)
  if (parsed === undefined)
    throw new AcquisitionError(
      'claims_malformed',
      'The claims request is neither a JSON object nor one in base64',
    )
  return JSON.stringify(parsed)
}
