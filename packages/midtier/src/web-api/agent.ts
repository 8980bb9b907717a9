// An Entra agent identity that acts with the credential of this API, its blueprint: for a caller, by itself, or through its user account.
import type { ActingAgent } from '../acquire/request/requests.ts'
import type { Exit } from '../answer/outgoing-errors.ts'
import { isGuid, parseTenantSegment } from '../authority/tenant.ts'
import { defaultScopeOf } from '../call/token-kind.ts'
import type { AgentUserAccount } from '../grants/user-fic.ts'
import { refuseArgument } from '../kernel/check-argument.ts'
import { AcquisitionError, ConfigurationError } from '../kernel/errors/errors.ts'
import { webApiMark } from '../kernel/errors/marks.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { Settings } from '../settings/settings.ts'
import { type Acting, type ActingPorts, createActing, leaving } from './acting.ts'
import { Caller } from './caller.ts'
import { demandAcquirer } from './create-acquirer.ts'
import { watch } from './watch.ts'

/** Options of `api.agent`. */
export interface AgentOptions {
  /**
   * The tenant of the agent identity, which has one alone: a GUID, or a domain. Default: that of this API; an API of several tenants has to
   * name it, unless the agent acts on behalf of a caller, in whose tenant it then is.
   */
  readonly tenantId?: string | undefined
}

/**
 * An agent identity. Its own calls are the agent's by itself (app-only, for `{resource}/.default`); for others there are
 * {@link Agent.onBehalfOf} and {@link Agent.asUser}.
 *
 * An agent that is disabled gets no new token from then on. What it got before is valid at the downstream APIs until it expires.
 */
export interface Agent<Api extends string = string> extends Acting<Api> {
  /** Client id of the agent identity, in lower case. */
  readonly id: string
  /**
   * The same caller, acted for by the agent: tokens name the person as their subject and the agent as the client. For `api.longRunning.start`
   * and the SDK bridges, too. Belongs to the caller's request, as the caller does.
   *
   * @throws ConfigurationError when it is no caller that this API authenticated, or where `tenantId` is a domain; AcquisitionError when
   *   the agent is of another tenant.
   */
  onBehalfOf(caller: Caller<Api>): Caller<Api>
  /**
   * The agent through its own user account, by object id or by user name; for delegated scopes. By object id, `api.forget({ id: 'oid.tid' })`
   * reaches its tokens.
   */
  asUser(user: AgentUserAccount): AgentUser<Api>
  /**
   * Deletes everything that is the agent's own, in every process that shares the store: what lets it act, and what it got by itself and
   * through its user account, however account and tenant are named. What it got on behalf of people is theirs: `api.forget(account)`.
   * Does not revoke anything at the authority, and what has left the process is valid until it expires.
   *
   * @throws TokenStoreError when the shared store failed; this process has forgotten nonetheless.
   */
  forget(): Promise<void>
}

/** An agent identity that acts through its own user account: nobody signs in, and nobody can be asked to act when it is refused. */
export interface AgentUser<Api extends string = string> extends Acting<Api> {
  /**
   * The same as {@link Agent.forget}: the account is the agent's own, and no other agent has it. It is forgotten with everything else of
   * the agent, by which name it is called here or elsewhere.
   */
  forget(): Promise<void>
}

/** Gives agents by their ids. */
export type Agents = (agentId: string, options?: AgentOptions) => Agent

/** Prepares agents. Which ones there are is the owner's to say: no token is looked at for it. */
export function createAgents(settings: Settings, ports: ActingPorts): Agents {
  return (agentId, options = {}) => {
    const id = checkAgentId(agentId)
    const tenantId = readTenant(settings, options)
    ports.exit.noteBlueprint()
    const self: ActingAgent = Object.freeze({ id, user: undefined })
    const forget = (): Promise<void> =>
      leaving(ports.exit, settings, 'forget', async () => {
        const { requests, source } = demandAcquirer(ports.acquirer)
        await source.forget(requests.agentPartition(id))
      })
    return mark(ports.exit, settings, {
      id,
      ...actAs(settings, ports, self, tenantId),
      forget,
      onBehalfOf(caller) {
        const known = Caller.known(caller, ports.home)
        if (known === undefined)
          throw new ConfigurationError('caller', 'is not a caller that this API authenticated')
        const { tenantId: ofCaller } = known.validated.principal
        if (tenantId !== undefined && !isGuid(tenantId))
          throw new ConfigurationError(
            'agent.tenantId',
            'is a domain, which no caller can be measured by: leave it out, or give the GUID of the tenant',
          )
        if (tenantId !== undefined && tenantId !== ofCaller)
          throw ports.home.leave(otherTenant(), known, 'acquire_token')
        // Member by member: to spread what is known takes four times as long as finding the token.
        return new Caller(ports.home, { validated: known.validated, context: known.context, agent: self })
      },
      asUser(user) {
        const account: ActingAgent = Object.freeze({ id, user: checkUser(user) })
        if (account.user?.objectId !== undefined)
          ports.acquirer?.source.agentAccounts.know(account.user.objectId, id)
        return mark(ports.exit, settings, { ...actAs(settings, ports, account, tenantId), forget })
      },
    })
  }
}

/** @throws ConfigurationError Checked where the agent is named: it becomes part of requests, of cache keys and of logs. */
export function checkAgentId(agentId: unknown): string {
  const id: unknown = typeof agentId === 'string' ? agentId.toLowerCase() : agentId
  if (isGuid(id)) return id
  throw new ConfigurationError(
    'agentId',
    'is not the client id (a GUID) of an agent identity; its name or its blueprint will not do',
  )
}

function readTenant({ registration }: Settings, options: AgentOptions): string | undefined {
  checkKnownOptions(options, ['tenantId'], 'agent')
  if (!registration.authority.hasTenants)
    throw new ConfigurationError('authority', 'is not Entra, which alone has agent identities')
  const { tenantId } = options
  return tenantId === undefined ? undefined : parseTenantSegment(tenantId, 'agent.tenantId').segment
}

function checkUser(user: unknown): AgentUserAccount {
  const { objectId, userPrincipalName } = (user ?? {}) as Partial<Record<string, unknown>>
  if ((objectId === undefined) === (userPrincipalName === undefined))
    throw refuseArgument('user', 'must name one account: { objectId } or { userPrincipalName }')
  if (objectId === undefined) {
    if (typeof userPrincipalName !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(userPrincipalName))
      throw refuseArgument('user.userPrincipalName', 'must be a user name: name@domain')
    return Object.freeze({ userPrincipalName: userPrincipalName.toLowerCase() })
  }
  const id: unknown = typeof objectId === 'string' ? objectId.toLowerCase() : objectId
  if (!isGuid(id)) throw refuseArgument('user.objectId', 'must be the object id (a GUID) of a user account')
  return Object.freeze({ objectId: id })
}

/** Nobody stands behind an agent who could bring a better session: what is refused is acquired anew, once. */
function actAs(
  settings: Settings,
  ports: ActingPorts,
  agent: ActingAgent,
  tenantId: string | undefined,
): Acting {
  const where = tenantId === undefined ? {} : { tenantId }
  return createActing(settings, ports, {
    request: (requests, options, context) => requests.forAgent(agent, { ...options, ...where }, context),
    slot: (requests, options) =>
      'tenantId' in options ? undefined : requests.slotOfAgent(agent, options, tenantId),
    scopes: (scopes) => (agent.user === undefined ? defaultScopeOf(scopes) : scopes),
  })
}

/** Lets the errors of an SDK client out that acts as this one: see `leaveBeside`. */
function mark<Actor extends object>(exit: Exit, settings: Settings, actor: Actor): Actor {
  const leave = (error: unknown): unknown =>
    exit.leave(error, { operation: 'relay', context: watch(settings) })
  return Object.freeze(Object.defineProperty(actor, webApiMark, { value: { leave } }))
}

function otherTenant(): AcquisitionError {
  return new AcquisitionError(
    'other_tenant',
    'The agent identity is of another tenant than the caller: an agent acts in its own tenant alone',
  )
}
