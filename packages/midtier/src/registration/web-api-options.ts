// The options of createWebApi that a registration decides.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import type { DownstreamApiOptions } from '../options.ts'
import type { Registrations } from './definition.ts'
import {
  graphClientId,
  resolveApplications,
  type Permissions,
  type ResolvedApplication,
} from './resolve-applications.ts'

/** The part of the options of `createWebApi` that a registration decides. */
export interface RegisteredOptions<Api extends string = string> {
  readonly tenantId: string
  readonly clientId: string
  /** Application ID URIs, for tokens of version 1.0, which name the API by them. */
  readonly audience?: readonly string[]
  readonly downstreamApis: Readonly<Record<Api, DownstreamApiOptions>>
}

/**
 * The options of an application, for `createWebApi`.
 *
 * @param baseUrls Where the downstream APIs are, by the names under `downstream`; those that are left out are not among the options.
 * @throws ConfigurationError when there is no such application, or its registration lists no permission of a downstream API.
 * @example
 * ```ts
 * const api = createWebApi({
 *   ...webApiOptions(registrations, 'api', { graph: 'https://graph.microsoft.com/v1.0/' }),
 *   clientCredential: clientSecret(process.env['CLIENT_SECRET']),
 * })
 * ```
 */
export function webApiOptions<Name extends string, Api extends string = never>(
  registrations: Registrations<Name>,
  name: NoInfer<Name>,
  baseUrls?: Readonly<Record<Api, string>>,
): RegisteredOptions<Api> {
  const applications = resolveApplications(registrations)
  const application = applications.find((each) => each.name === name)
  if (application === undefined)
    throw new ConfigurationError(`applications.${name}`, 'there is no such application')
  const { clientId, identifierUris, tokenVersion } = application
  const apis = Object.entries<string>(baseUrls ?? {}).map(([api, baseUrl]) => {
    const permissions = application.downstream.find((each) => each.clientId === idOf(api, applications))
    if (permissions === undefined)
      throw new ConfigurationError(
        `applications.${name}.downstream`,
        `lists no permission of '${api}', which is to be called`,
      )
    return [api, downstreamOptions(baseUrl, permissions, applications)] as const
  })
  return {
    tenantId: registrations.tenantId,
    clientId,
    ...(tokenVersion === 1 ? { audience: identifierUris } : {}),
    downstreamApis: Object.fromEntries(apis) as Record<Api, DownstreamApiOptions>,
  }
}

function idOf(api: string, applications: readonly ResolvedApplication[]): string {
  if (api === 'graph') return graphClientId
  return applications.find(({ name }) => name === api)?.clientId ?? api.toLowerCase()
}

/** App roles alone: it is called as the application. */
function downstreamOptions(
  baseUrl: string,
  { clientId, scopes, roles }: Permissions,
  applications: readonly ResolvedApplication[],
): DownstreamApiOptions {
  const uri = applications.find((each) => each.clientId === clientId)?.identifierUris[0]
  const prefix = uri ?? clientId
  if (scopes.length === 0 && roles.length > 0) {
    const target = clientId === graphClientId ? 'https://graph.microsoft.com' : prefix
    return { baseUrl, scopes: [`${target}/.default`], token: 'app' }
  }
  return {
    baseUrl,
    scopes: clientId === graphClientId ? scopes : scopes.map((scope) => `${prefix}/${scope}`),
  }
}
