// Checks a file of registrations where it is written: what nobody exposes, nobody can be given.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { isGuidInAnyCase } from '../kernel/guid.ts'
import type { ApplicationDefinition, DownstreamPermissions, Registrations } from './definition.ts'
import { checkRegistrationsShape } from './shape/registrations-shape.ts'
import { graphClientId, resolveApplications, scopesAndRoles } from './resolve-applications.ts'

/**
 * The registrations of a solution.
 *
 * @throws ConfigurationError naming the member at fault: an unknown member or application, a scope that its API does not expose, an id
 * that is no GUID or stands twice. Does not contact the tenant: `npx midtier registration diff` does.
 * @example
 * ```ts
 * export default defineRegistrations({
 *   name: 'todo',
 *   tenantId: 'c0000000-0000-4000-8000-000000000001',
 *   applications: {
 *     page: { displayName: 'To-do page', redirectUris: { spa: ['http://localhost:3000/'] }, downstream: { api: ['access_as_user'] } },
 *     api: {
 *       displayName: 'To-do API',
 *       scopes: { access_as_user: 'Read and change your to-do list' },
 *       downstream: { graph: ['User.Read'] },
 *       knownClients: ['page'],
 *     },
 *   },
 * })
 * ```
 */
export function defineRegistrations<const Name extends string>(
  registrations: Registrations<Name>,
): Registrations<Name> {
  checkRegistrationsShape('', registrations)
  const all: Registrations = registrations
  for (const name of Object.keys(all.applications)) checkApplication(name, all)
  checkUnique(all)
  return registrations
}

function checkApplication(name: string, registrations: Registrations): void {
  const at = `applications.${name}`
  if (name === 'graph') throw new ConfigurationError(at, 'stands for Microsoft Graph: take another name')
  const { [name]: application } = registrations.applications
  if (application === undefined) return
  for (const [api, permissions] of Object.entries(application.downstream ?? {}))
    checkPermissions(`${at}.downstream.${api}`, api, permissions, registrations)
  for (const client of application.knownClients ?? []) checkName(`${at}.knownClients`, client, registrations)
  for (const [client, scopes = []] of Object.entries(application.preAuthorizedClients ?? {})) {
    checkName(`${at}.preAuthorizedClients`, client, registrations)
    checkExposed(`${at}.preAuthorizedClients.${client}`, scopes, application.scopes)
  }
  if (application.agents !== undefined) checkBlueprint(at, application)
}

/** What Entra does not have for a blueprint. */
function checkBlueprint(at: string, application: ApplicationDefinition): void {
  const { redirectUris, publicClientFlows, idTokenIssuance } = application
  const signsIn = {
    'redirectUris.spa': redirectUris?.spa?.length,
    'redirectUris.publicClient': redirectUris?.publicClient?.length,
    publicClientFlows,
    idTokenIssuance,
  }
  for (const [member, value] of Object.entries(signsIn))
    if (value === true || (typeof value === 'number' && value > 0))
      throw new ConfigurationError(`${at}.${member}`, 'leave it out: a blueprint of agents signs nobody in')
}

function checkPermissions(
  at: string,
  api: string,
  permissions: DownstreamPermissions | undefined,
  registrations: Registrations,
): void {
  const { scopes, roles } = scopesAndRoles(permissions)
  if (api === 'graph' || isGuidInAnyCase(api)) return
  checkName(at, api, registrations)
  checkExposed(at, scopes, registrations.applications[api]?.scopes)
  checkExposed(at, roles, registrations.applications[api]?.appRoles)
}

function checkExposed(at: string, wanted: readonly string[], exposed: object = {}): void {
  const missing = wanted.find((name) => !Object.hasOwn(exposed, name))
  if (missing === undefined) return
  const known = Object.keys(exposed).join(', ')
  throw new ConfigurationError(
    at,
    `'${missing}' is not exposed; there is ${known === '' ? 'nothing' : known}`,
  )
}

function checkName(at: string, name: string, { applications }: Registrations): void {
  if (Object.hasOwn(applications, name)) return
  const known = Object.keys(applications).join(', ')
  throw new ConfigurationError(at, `there is no application '${name}'; there are ${known}`)
}

/** Ids of the tenant, ids within an application, and names that a tenant tells apart by more than their case. */
function checkUnique(registrations: Registrations): void {
  const clientIds = new Map([[graphClientId, 'Microsoft Graph']])
  const names = new Map<string, string>()
  for (const application of resolveApplications(registrations)) {
    const { name, clientId, scopes, appRoles, downstream, agents = [] } = application
    const at = `applications.${name}`
    once(names, name.toLowerCase(), at, (other) => `is ${other} but for its case: take another name`)
    once(clientIds, clientId, `${at}.clientId`, isThat)
    for (const agent of agents) once(clientIds, agent.clientId, `${at}.agents.${agent.name}.clientId`, isThat)
    for (const [kind, exposed] of Object.entries({ scopes, appRoles })) {
      const ids = new Map<string, string>()
      for (const { value, id } of exposed) once(ids, id, `${at}.${kind}.${value}.id`, isThat)
    }
    const apis = new Map<string, string>()
    for (const { clientId: api } of downstream)
      once(apis, api, `${at}.downstream`, () => `names the API ${api} twice: once is enough`)
  }
}

const isThat = (other: string): string => `is that of ${other} too`

function once(seen: Map<string, string>, key: string, at: string, refusal: (other: string) => string): void {
  const other = seen.get(key)
  if (other !== undefined) throw new ConfigurationError(at, refusal(other))
  seen.set(key, at.replace(/^applications\.|\.(client)?[iI]d$/g, ''))
}
