// Checks a file of registrations where it is written: what nobody exposes, nobody can be given.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { ApplicationDefinition, DownstreamPermissions, Registrations } from './definition.ts'
import { clientIdOf, scopesAndRoles } from './resolve-applications.ts'

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
  checkKnownOptions(registrations, ['name', 'tenantId', 'applications'], '')
  checkSetName(registrations.name)
  checkTenant(registrations.tenantId)
  checkKnownOptions(registrations.applications, Object.keys(registrations.applications), 'applications')
  const all: Registrations = registrations
  for (const name of Object.keys(all.applications)) checkApplication(name, all)
  checkUnique(all)
  return registrations
}

const members = [
  'displayName',
  'clientId',
  'signInAudience',
  'identifierUris',
  'tokenVersion',
  'scopes',
  'appRoles',
  'optionalClaims',
  'redirectUris',
  'publicClientFlows',
  'downstream',
  'knownClients',
  'preAuthorizedClients',
  'agents',
] as const satisfies readonly (keyof ApplicationDefinition)[]

function checkApplication(name: string, registrations: Registrations): void {
  const at = `applications.${name}`
  if (!/^[A-Za-z]\w*$/.test(name)) throw new ConfigurationError(at, 'is no name: letters, digits and _ alone')
  const { [name]: application } = registrations.applications
  if (application === undefined) return
  checkKnownOptions(application, members, at)
  if (typeof (application.displayName as unknown) !== 'string')
    throw new ConfigurationError(`${at}.displayName`, 'is missing')
  if (application.clientId !== undefined) checkGuid(`${at}.clientId`, application.clientId)
  for (const member of ['scopes', 'appRoles'] as const)
    for (const value of Object.keys(application[member] ?? {})) checkPermissionName(`${at}.${member}`, value)
  for (const [api, permissions] of Object.entries(application.downstream ?? {}))
    checkPermissions(`${at}.downstream.${api}`, api, permissions, registrations)
  for (const client of application.knownClients ?? []) checkName(`${at}.knownClients`, client, registrations)
  for (const [client, scopes = []] of Object.entries(application.preAuthorizedClients ?? {})) {
    checkName(`${at}.preAuthorizedClients`, client, registrations)
    checkExposed(`${at}.preAuthorizedClients.${client}`, scopes, application.scopes)
  }
}

function checkPermissions(
  at: string,
  api: string,
  permissions: DownstreamPermissions | undefined,
  registrations: Registrations,
): void {
  const { scopes, roles } = scopesAndRoles(permissions)
  for (const name of [...scopes, ...roles]) checkPermissionName(at, name)
  // As it is looked up: an application of the file comes first.
  if (!Object.hasOwn(registrations.applications, api) && (api === 'graph' || guid.test(api))) return
  checkName(at, api, registrations)
  checkExposed(at, scopes, registrations.applications[api]?.scopes)
  checkExposed(at, roles, registrations.applications[api]?.appRoles)
}

/** What Entra takes as value of a scope or an app role: no space, no quotation mark, no backslash, no line end. */
const permissionName = /^(?!\.)[\w!#$%&'()*+,\-./:;=?@[\]^`{|}~]{1,120}$/

function checkPermissionName(at: string, name: unknown): void {
  if (typeof name !== 'string' || !permissionName.test(name))
    throw new ConfigurationError(at, 'holds a name that Entra does not take for a scope or an app role')
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

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function checkGuid(at: string, value: unknown): void {
  if (typeof value !== 'string' || !guid.test(value)) throw new ConfigurationError(at, 'is not a GUID')
}

/** An application of the real tenant is found by its GUID alone; domains change. */
function checkTenant(value: unknown): void {
  if (typeof value === 'string' && value.includes('.'))
    throw new ConfigurationError(
      'tenantId',
      'is not a GUID; write that of the tenant in place of its domain: az account show --query tenantId',
    )
  checkGuid('tenantId', value)
}

function checkSetName(name: unknown): void {
  if (name !== undefined && (typeof name !== 'string' || !/^[A-Za-z][\w-]*$/.test(name)))
    throw new ConfigurationError('name', 'is no name: letters, digits, _ and - alone')
}

function checkUnique(registrations: Registrations): void {
  const names = new Map<string, string>()
  for (const name of Object.keys(registrations.applications)) {
    const id = clientIdOf(registrations, name)
    const other = names.get(id)
    if (other !== undefined)
      throw new ConfigurationError(`applications.${name}.clientId`, `is that of ${other} too`)
    names.set(id, name)
  }
}
