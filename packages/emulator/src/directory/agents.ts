// Blueprints, their agents and the agents' user accounts: what Entra refuses to create, with the errors that it says so with.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { AgentIdentity, Application, DirectoryData, User } from './model.ts'

/** Agents that one blueprint can have in one tenant. */
const maximumAgents = 250

/**
 * Checks the agents of a directory, and who has a password.
 * @throws {EmulatorOptionsError} naming the path of the first mistake
 */
export function checkAgents(data: DirectoryData): void {
  const agents = data.agentIdentities ?? []
  for (const [index, agent] of agents.entries())
    checkAgent(
      agent,
      { ...data, agentIdentities: agents.slice(0, index) },
      `agentIdentities.${String(index)}`,
    )
  for (const [index, user] of data.users.entries()) checkUser(user, agents, `users.${String(index)}`)
  for (const [index, application] of data.applications.entries())
    checkInherited(application, data, `applications.${String(index)}.agentBlueprint.inheritablePermissions`)
}

/**
 * What is left of a directory without an agent: its user account goes with it, and what either was granted.
 * @see https://learn.microsoft.com/entra/agent-id/concept-agent-identity-deletion
 */
export function withoutAgent(data: DirectoryData, agentId: string): DirectoryData {
  const accounts = data.users.filter(({ agentIdentityId }) => agentIdentityId === agentId)
  const gone = new Set([agentId, ...accounts.map(({ id }) => id)])
  const { agentIdentities = [], consents = [], appRoleAssignments = [] } = data
  return {
    ...data,
    agentIdentities: agentIdentities.filter(({ id }) => id !== agentId),
    users: data.users.filter(({ id }) => !gone.has(id)),
    consents: consents.filter(({ clientId, userId = '' }) => !gone.has(clientId) && !gone.has(userId)),
    appRoleAssignments: appRoleAssignments.filter(({ principalId }) => !gone.has(principalId)),
  }
}

/** What stands against an agent: the member that is wrong, and, where the directory has one, its code. */
export interface AgentRefusal {
  readonly member: 'id' | 'tenantId' | 'blueprintId'
  readonly code?: string
  readonly problem: string
}

/**
 * Checks an agent beside those that are there already.
 * @throws {EmulatorOptionsError} below `directory.{path}`
 */
export function checkAgent(agent: AgentIdentity, beside: AgentsAround, path: string): void {
  const refusal = refuseAgent(agent, beside)
  if (refusal === undefined) return
  const { member, code, problem } = refusal
  fail(path, member, code === undefined ? problem : `${code}: ${problem}`)
}

/** What an agent is measured by. */
type AgentsAround = Pick<DirectoryData, 'tenants' | 'applications' | 'agentIdentities'>

/** Why an agent cannot be beside those that are there already; `undefined` where it can. */
export function refuseAgent(
  { id, blueprintId, tenantId }: AgentIdentity,
  { tenants, applications, agentIdentities = [] }: AgentsAround,
): AgentRefusal | undefined {
  const others = [...applications, ...agentIdentities]
  if (others.some((other) => other.id === id)) return { member: 'id', problem: `${id} is there twice` }
  if (!tenants.some((tenant) => tenant.id === tenantId))
    return { member: 'tenantId', problem: `${tenantId} is not in the directory` }
  const member = 'blueprintId'
  const parent = others.find((each) => each.id === blueprintId)
  if (parent === undefined) return { member, problem: `${blueprintId} is not in the directory` }
  const name = parent.displayName
  if (!('agentBlueprint' in parent))
    return { member, code: 'AgentIdentity_IncompatibleParentType', problem: `${name} is not a blueprint` }
  if (!isPrincipalOf(parent, tenantId))
    return {
      ...{ member, code: 'AgentIdentity_AgentBlueprintPrincipalDoesNotExist' },
      problem: `${name} is not provisioned in ${tenantId}`,
    }
  const siblings = agentIdentities.filter(
    (each) => each.blueprintId === blueprintId && each.tenantId === tenantId,
  )
  if (siblings.length < maximumAgents) return undefined
  const problem = `${name} has ${String(maximumAgents)} agents in the tenant`
  return { member, code: 'AgentIdentity_LimitExceeded', problem }
}

function isPrincipalOf({ tenantId, provisionedIn = [] }: Application, tenant: string): boolean {
  return tenantId === tenant || provisionedIn.includes(tenant)
}

function checkUser(
  { agentIdentityId, password, tenantId, guestIn = [] }: User,
  agents: readonly AgentIdentity[],
  path: string,
): void {
  if (agentIdentityId === undefined) {
    if (password === undefined) fail(path, 'password', 'a user who is no agent needs one')
    return
  }
  if (password !== undefined) fail(path, 'password', "an agent's user account has none")
  const agent = agents.find(({ id }) => id === agentIdentityId)
  if (agent === undefined)
    fail(path, 'agentIdentityId', `${agentIdentityId} is not an agent of the directory`)
  if (agent.tenantId !== tenantId) fail(path, 'tenantId', `is not the tenant of ${agent.displayName}`)
  if (guestIn.length > 0) fail(path, 'guestIn', "an agent's user account is nobody's guest")
}

function checkInherited(
  { agentBlueprint }: Application,
  { applications }: DirectoryData,
  path: string,
): void {
  const permissions = agentBlueprint?.inheritablePermissions ?? []
  for (const [index, { resourceId }] of permissions.entries())
    if (!applications.some(({ id }) => id === resourceId))
      fail(path, `${String(index)}.resourceId`, `${resourceId} is not in the directory`)
}

function fail(path: string, member: string, problem: string): never {
  throw new EmulatorOptionsError(`directory.${path}.${member}`, problem)
}
