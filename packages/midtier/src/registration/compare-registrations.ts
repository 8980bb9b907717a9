// What a tenant has otherwise than the file says.
import type { JsonObject } from '../kernel/json.ts'
import type { Registrations } from './definition.ts'
import {
  readAgents,
  readApplication,
  readByUniqueName,
  readInherited,
  readServicePrincipal,
  type GraphAccess,
} from './read-graph.ts'
import {
  objects,
  rowsOfFile,
  rowsOfGraph,
  type NameOf,
  type RegisteredAgents,
  type Rows,
} from './registered.ts'
import { clientIdOf, resolveApplications } from './resolve-applications.ts'
import { uniqueNameOf } from './write/unique-name.ts'

/** One difference. */
export interface Difference {
  /** Name of the application in the file. */
  readonly application: string
  /** What differs: `scopes.access_as_user`, `redirectUris.spa.http://localhost:3000/`. */
  readonly what: string
  /** As the file says; `undefined`: not there. */
  readonly file: string | undefined
  /** As the tenant says; `undefined`: not there. */
  readonly tenant: string | undefined
}

/** Compares a file with the tenant, application by application. @throws GraphRefusal */
export async function compareRegistrations(
  registrations: Registrations,
  graph: GraphAccess,
): Promise<readonly Difference[]> {
  const names = createNames(graph)
  const found = await findAll(registrations, graph)
  const idOf = (name: string): string => {
    const appId = found.get(name)?.['appId']
    return typeof appId === 'string' ? appId.toLowerCase() : clientIdOf(registrations, name)
  }
  const differences: Difference[] = []
  for (const application of resolveApplications(registrations, idOf)) {
    const { name, clientId } = application
    const actual = found.get(name)
    if (actual === undefined)
      differences.push({ application: name, what: 'clientId', file: clientId, tenant: undefined })
    else {
      const agents = await readBlueprint(actual, clientId, graph)
      const rows = rowsOfGraph(actual, await names.for(actual), application, agents)
      differences.push(...compareRows(name, rowsOfFile(application), rows))
    }
  }
  return differences
}

function compareRows(application: string, expected: Rows, actual: Rows): readonly Difference[] {
  const differences: Difference[] = []
  const compare = (what: string, file: string | undefined, tenant: string | undefined): void => {
    if (file !== tenant) differences.push({ application, what, file, tenant })
  }
  for (const what of new Set([...expected.keys(), ...actual.keys()])) {
    const [file, tenant] = [expected.get(what), actual.get(what)]
    compare(what, file?.value, tenant?.value)
    if (file === undefined || tenant === undefined) continue
    const details = { ...file.details, ...tenant.details }
    for (const name of Object.keys(details))
      compare(`${what}.${name}`, file.details?.[name], tenant.details?.[name])
  }
  return differences
}

/** The registrations of the tenant by their names in the file: by client id, or by the unique name that the script gave them. */
async function findAll(
  registrations: Registrations,
  graph: GraphAccess,
): Promise<ReadonlyMap<string, JsonObject | undefined>> {
  const found = new Map<string, JsonObject | undefined>()
  for (const [name, { clientId }] of Object.entries(registrations.applications)) {
    const byId = await readApplication(graph, clientIdOf(registrations, name))
    const isUnnamed = clientId !== undefined || registrations.name === undefined
    found.set(
      name,
      byId ?? (isUnnamed ? undefined : await readByUniqueName(graph, uniqueNameOf(registrations, name))),
    )
  }
  return found
}

/** `undefined` for what is no blueprint. */
async function readBlueprint(
  application: JsonObject,
  clientId: string,
  graph: GraphAccess,
): Promise<RegisteredAgents | undefined> {
  if (application['@odata.type'] !== '#microsoft.graph.agentIdentityBlueprint') return undefined
  return {
    agents: await readAgents(graph, clientId),
    inherited: await readInherited(graph, String(application['id'])),
  }
}

/** Graph lists permissions by ids alone; what they are called, the service principals of their APIs say. */
function createNames(graph: GraphAccess): { for(application: JsonObject): Promise<NameOf> } {
  const known = new Map<string, ReadonlyMap<unknown, string>>()
  return {
    async for(application) {
      for (const { resourceAppId } of objects(application, 'requiredResourceAccess')) {
        const api = String(resourceAppId)
        if (!known.has(api)) known.set(api, permissionsOf(await readServicePrincipal(graph, api)))
      }
      return (api, id) => known.get(api)?.get(id)
    },
  }
}

function permissionsOf(principal: JsonObject = {}): ReadonlyMap<unknown, string> {
  return new Map(
    [...objects(principal, 'oauth2PermissionScopes'), ...objects(principal, 'appRoles')].map(
      ({ id, value }) => [id, String(value)],
    ),
  )
}
