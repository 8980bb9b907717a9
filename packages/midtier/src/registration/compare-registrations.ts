// What a tenant has otherwise than the file says.
import type { JsonObject } from '../kernel/json.ts'
import type { Registrations } from './definition.ts'
import { readApplication, readServicePrincipal, type GraphAccess } from './read-graph.ts'
import { objects, rowsOfFile, rowsOfGraph, type NameOf } from './registered.ts'
import { resolveApplications } from './resolve-applications.ts'

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
  const differences: Difference[] = []
  for (const application of resolveApplications(registrations)) {
    const expected = rowsOfFile(application)
    const found = await readApplication(graph, application.clientId)
    if (found === undefined) {
      differences.push({
        application: application.name,
        what: 'clientId',
        file: application.clientId,
        tenant: undefined,
      })
      continue
    }
    const actual = rowsOfGraph(found, await names.for(found), expected)
    for (const what of new Set([...expected.keys(), ...actual.keys()])) {
      const [file, tenant] = [expected.get(what), actual.get(what)]
      if (file !== tenant) differences.push({ application: application.name, what, file, tenant })
    }
  }
  return differences
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
