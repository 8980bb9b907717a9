// POST /servicePrincipals/microsoft.graph.agentIdentity: a blueprint creates its agents, and is refused as Entra refuses it.
import { randomUUID } from 'node:crypto'
import { parseObject } from '../kernel/base64url.ts'
import { refuseAgent } from '../directory/agents.ts'
import { managerRole } from '../directory/directory.ts'
import type { AgentIdentity } from '../directory/model.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { answer, graphBase } from './answer.ts'
import type { GraphCaller, NeededPermissions } from './graph-caller.ts'
import { GraphError } from './graph-error.ts'

const createAll = 'AgentIdentity.Create.All'
const needed: NeededPermissions = { scopes: [createAll], roles: [createAll, managerRole] }

/** Creates an agent below the blueprint that the body names; 201 with the agent. */
export function createAgentIdentity(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, needed, async (caller) => {
    const body = await readBody(c)
    const blueprintId = readText(body, 'agentIdentityBlueprintId').toLowerCase()
    checkCreator(authority, caller, blueprintId)
    checkProperties(body)
    const displayName = readText(body, 'displayName')
    const agent = { id: randomUUID(), displayName, blueprintId, tenantId: caller.tenant.id }
    checkAround(authority, agent)
    const context = { '@odata.context': `${graphBase(c, authority)}/$metadata#servicePrincipals/$entity` }
    return c.json({ ...context, ...toGraphAgent(authority.directory.addAgent(agent)) }, 201)
  })
}

async function readBody(c: EmulatorContext): Promise<Readonly<Record<string, unknown>>> {
  const body = parseObject(await c.req.text())
  if (body !== undefined) return body
  throw new GraphError('Request_BadRequest', 'The request body is not a JSON object.', 400)
}

function readText(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw new GraphError('Request_BadRequest', `A value is required for property '${name}' of resource.`, 400)
}

/** Nobody creates agents of somebody else, but who may create those of everybody; agents create none. */
function checkCreator({ directory }: TokenIssuer, caller: GraphCaller, blueprintId: string): void {
  if (directory.findAgent(caller.clientId) !== undefined)
    throw forbidden(
      'Error_AgentIdentitiesCreatingAgentIdentitiesNotAllowed',
      "Agent identities can't create other agent identities.",
    )
  if (caller.clientId === blueprintId) return
  if (directory.findApplication(caller.clientId)?.agentBlueprint !== undefined)
    throw forbidden(
      'Error_AgentBlueprintCannotCreateAssociatedIdentity',
      "Agent identity blueprints can't create agent identities of another blueprint.",
    )
  if (!caller.permissions.includes(createAll))
    throw forbidden(
      'Error_AgentIdentitySelfCreateRequired',
      "Applications create agent identities under themselves: AgentIdentityBlueprintId isn't the calling application.",
    )
}

function checkProperties(body: Readonly<Record<string, unknown>>): void {
  const credentials = ['passwordCredentials', 'keyCredentials'].filter((name) => body[name] !== undefined)
  if (credentials.length > 0)
    throw new GraphError(
      'AgentIdentity_CredentialsNotSupported',
      "Credentials aren't supported for agent identities. They belong to the agent identity blueprint.",
      400,
    )
  const sponsors = body['sponsors@odata.bind']
  if (!Array.isArray(sponsors) || sponsors.length === 0)
    throw new GraphError('Request_BadRequest', 'An agent identity needs a sponsor.', 400)
}

function checkAround({ directory }: TokenIssuer, agent: AgentIdentity): void {
  const { tenants, applications, agentIdentities } = directory
  const refusal = refuseAgent(agent, { tenants, applications, agentIdentities })
  if (refusal === undefined) return
  throw new GraphError(refusal.code ?? 'Request_BadRequest', `${refusal.problem}.`, 400)
}

function toGraphAgent({ id, displayName, blueprintId }: AgentIdentity): Readonly<Record<string, unknown>> {
  return {
    ...{ '@odata.type': '#microsoft.graph.agentIdentity', id, appId: id, displayName },
    ...{
      accountEnabled: true,
      agentIdentityBlueprintId: blueprintId,
      servicePrincipalType: 'ServiceIdentity',
    },
  }
}

function forbidden(code: string, message: string): GraphError {
  return new GraphError(code, message, 403)
}
