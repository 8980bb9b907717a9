// Whose set-up the doctor looks at: a module, else the environment; options of the command line go before what those say.
import type { AnyWebApiOptions, WebApiOptions } from '../options.ts'
import { checkGraphUrl } from './check-graph-url.ts'
import type { CommandLine, Flags } from './command-line.ts'
import { loadOptions } from './load-options.ts'
import type { CommandStreams } from './streams.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError for an option that cannot be meant here, ConfigurationError for options or variables that cannot work. */
export async function optionsFor(
  { words: [module], values }: CommandLine,
  { environment }: CommandStreams,
): Promise<AnyWebApiOptions> {
  refuseIdle(values, environment)
  checkGraphUrl(values['graph-url'])
  if (
    values.url !== undefined &&
    !/^https?:$/.test(URL.canParse(values.url) ? new URL(values.url).protocol : '')
  )
    throw new UsageError('--url: is not an absolute URL of http or https')
  const options =
    module === undefined
      ? await fromVariables(values, environment)
      : withFlags(await loadOptions(module), values)
  if (values.url !== undefined && options.resource === undefined)
    throw new UsageError(
      '--url: is for an MCP server, and no resource is configured; give --resource <url>, or the option resource in the module',
    )
  return options
}

/** What would change nothing: whoever typed it expects that it does. */
function refuseIdle(values: Flags, environment: CommandStreams['environment']): void {
  if (values['graph-url'] !== undefined && (environment['MIDTIER_GRAPH_TOKEN'] ?? '') === '')
    throw new UsageError('--graph-url: needs a token for that Graph in MIDTIER_GRAPH_TOKEN, which is not set')
  if (values['user-token'] === true && values['sign-in'] !== undefined)
    throw new UsageError('--sign-in: cannot stand beside --user-token; both bring the token of a user')
}

const ofEntra = ['tenant', 'instance', 'allowed-tenant'] as const

function withFlags(options: AnyWebApiOptions, values: Flags): AnyWebApiOptions {
  const { tenant, instance, audience, 'client-id': clientId, 'allowed-tenant': allowed, resource } = values
  const common = {
    ...(clientId === undefined ? {} : { clientId }),
    ...(audience === undefined ? {} : { audience }),
    ...(resource === undefined ? {} : { resource: resourceOf(resource, options, values) }),
  }
  if (options.authority === undefined)
    return {
      ...options,
      ...common,
      ...(tenant === undefined ? {} : { tenantId: tenant }),
      ...(instance === undefined ? {} : { instance }),
      ...(allowed === undefined ? {} : { allowedTenants: allowed }),
    }
  const stray = ofEntra.find((name) => values[name] !== undefined)
  if (stray !== undefined)
    throw new UsageError(`--${stray}: is for Entra, and the module names another authority; leave it out`)
  return { ...options, ...common }
}

/** Under its new name, with the scopes that were qualified by the old one. */
function resourceOf(
  identifier: string,
  { resource }: Pick<AnyWebApiOptions, 'resource'>,
  { scope = [] }: Flags,
): WebApiOptions['resource'] {
  const before = resource?.identifier ?? ''
  const scopes = resource?.scopes?.map((name) =>
    name.startsWith(`${before}/`) ? identifier + name.slice(before.length) : name,
  )
  return { ...resource, identifier, scopes: scopes ?? scope.map((name) => `${identifier}/${name}`) }
}

async function fromVariables(
  values: Flags,
  environment: CommandStreams['environment'],
): Promise<AnyWebApiOptions> {
  const { fromEnvironment } = await import('../client-auth/from-environment.ts')
  const { readBinaryFile } = await import('../client-auth/read-text-file.node.ts')
  const tenant = values.tenant ?? filled(environment['AZURE_TENANT_ID'])
  const clientId = values['client-id'] ?? filled(environment['AZURE_CLIENT_ID'])
  const isNamed = values.tenant !== undefined || values['client-id'] !== undefined
  // An API that calls no other needs no credential; where the environment alone describes the API, it is asked for.
  const isBare = isNamed && credentials.every((name) => filled(environment[name]) === undefined)
  if (isNamed && tenant === undefined) throw new UsageError('--tenant is missing: the tenant of the API')
  if (isNamed && clientId === undefined)
    throw new UsageError('--client-id is missing: the client id of the API')
  const { clientCredential, ...registration } = fromEnvironment(
    {
      ...environment,
      AZURE_TENANT_ID: tenant,
      AZURE_CLIENT_ID: clientId,
      ...(isBare ? { AZURE_CLIENT_SECRET: 'none' } : {}),
    },
    { readFile: readBinaryFile },
  )
  const options = {
    ...registration,
    ...(isNamed ? { allowedTenants: null } : {}),
    ...(isBare ? {} : { clientCredential }),
  }
  return withFlags(options, values)
}

const credentials = ['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH', 'AZURE_FEDERATED_TOKEN_FILE']

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value
}
