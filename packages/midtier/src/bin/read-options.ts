// The options of an API as the command line gives them.
import type { WebApiOptions } from '../options.ts'
import type { Requirements } from '../web-api/requirements.ts'
import type { Flags } from './command-line.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError when tenant or client id are missing. */
export function readOptions(values: Flags): WebApiOptions {
  const { tenant, instance, audience, 'client-id': clientId, 'allowed-tenant': allowed, resource } = values
  const { scope = [] } = values
  if (tenant === undefined) throw new UsageError('--tenant is missing: the tenant of the API')
  if (clientId === undefined) throw new UsageError('--client-id is missing: the client id of the API')
  return {
    tenantId: tenant,
    clientId,
    allowedTenants: allowed ?? null,
    ...(instance === undefined ? {} : { instance }),
    ...(audience === undefined ? {} : { audience }),
    // How clients ask for the scopes, nobody here knows: as they should, below the resource.
    ...(resource === undefined
      ? {}
      : { resource: { identifier: resource, scopes: scope.map((name) => `${resource}/${name}`) } }),
  }
}

/** What a route demands; `undefined` when nothing was said. @throws UsageError for a scope as clients ask for it */
export function readRequirements({ scope, role }: Flags): Requirements | undefined {
  if (scope === undefined && role === undefined) return undefined
  if (scope?.some((name) => name.includes('://')) === true)
    throw new UsageError(
      '--scope: leave out the Application ID URI; a token names its scopes without it: --scope access_as_user',
    )
  return {
    ...(scope === undefined ? {} : { scopes: scope }),
    ...(role === undefined ? {} : { roles: role }),
  }
}
