// The section `AzureAd`: the registration that callers are validated against and tokens are acquired with.
import type { Requirements, WebApiOptions } from 'midtier'
import { SettingError } from '../kernel/refusals.ts'
import type { Environment, Section } from './configuration.ts'
import { readCredential } from './credentials.ts'

/** What the section decides of the options of the web API. */
export type Registration = Pick<
  WebApiOptions,
  | 'tenantId'
  | 'clientId'
  | 'instance'
  | 'audience'
  | 'allowedTenants'
  | 'acceptTokensWithoutPermissions'
  | 'clientCredential'
> & { readonly requirements: Requirements }

/** @throws SettingError naming the setting at fault. */
export function readRegistration(root: Section, environment: Environment): Registration {
  const azureAd = root.section('AzureAd')
  const authority = readAuthority(azureAd)
  const tenantId = azureAd.text('TenantId') ?? authority.tenantId
  const clientId = azureAd.text('ClientId')
  if (tenantId === undefined)
    throw new SettingError(azureAd.nameOf('TenantId'), 'is missing: the GUID or a domain of the tenant')
  if (clientId === undefined)
    throw new SettingError(
      azureAd.nameOf('ClientId'),
      'is missing: the client id (a GUID) of the registration',
    )
  const instance = azureAd.text('Instance') ?? authority.instance
  const audience = [azureAd.text('Audience') ?? [], azureAd.texts('Audiences')].flat()
  const scopes = azureAd.texts('Scopes')
  return {
    tenantId,
    clientId,
    ...(instance === undefined ? {} : { instance }),
    ...(audience.length === 0 ? {} : { audience }),
    ...readTenants(root, tenantId),
    acceptTokensWithoutPermissions: azureAd.flag('AllowWebApiToBeAuthorizedByACL') ?? false,
    clientCredential: readCredential(azureAd, environment),
    requirements: scopes.length === 0 ? {} : { scopes },
  }
}

/** `https://login.microsoftonline.com/{tenant}/v2.0`, as some write it instead of instance and tenant. */
function readAuthority(azureAd: Section): { readonly instance?: string; readonly tenantId?: string } {
  const text = azureAd.text('Authority')
  if (text === undefined) return {}
  const url = URL.canParse(text) ? new URL(text) : undefined
  const tenantId = url?.pathname.split('/')[1]
  if (url === undefined || tenantId === undefined || tenantId === '')
    throw new SettingError(
      azureAd.nameOf('Authority'),
      'must be a URL such as https://login.microsoftonline.com/{tenant}',
    )
  return { instance: `${url.origin}/`, tenantId }
}

const ofEveryTenant: ReadonlySet<string> = new Set(['common', 'organizations'])

/** Whether callers of any tenant in the world are accepted: as the original does for such a registration. */
export function acceptsEveryTenant({ allowedTenants }: Registration): boolean {
  return allowedTenants === null
}

function readTenants(root: Section, tenantId: string): Pick<WebApiOptions, 'allowedTenants'> {
  const tenants = root.section('Sidecar').texts('AllowedTenants')
  if (tenants.length > 0) return { allowedTenants: tenants }
  return ofEveryTenant.has(tenantId.toLowerCase()) ? { allowedTenants: null } : {}
}
