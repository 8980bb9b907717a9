// What the library calls an option, as the setting that it came from: whoever starts the sidecar knows no options.
import type { ConfigurationError } from 'midtier'
import { SettingError } from '../kernel/refusals.ts'
import type { ApiDefinitions } from './downstream-apis.ts'

const names: Readonly<Record<string, string>> = {
  tenantId: 'AzureAd__TenantId',
  clientId: 'AzureAd__ClientId',
  instance: 'AzureAd__Instance',
  audience: 'AzureAd__Audience',
  allowedTenants: 'Sidecar__AllowedTenants__0',
  clientCredential: 'AzureAd__ClientCredentials__0',
  'requirements.scopes': 'AzureAd__Scopes',
  'tokenCache.keyRing': 'Sidecar__TokenCache__Keys__0',
}

const members: Readonly<Record<string, string>> = { baseUrl: 'BaseUrl', scopes: 'Scopes__0' }

/** An error of the library about the options that settings became. */
export function asSettingError(error: ConfigurationError, apis: ApiDefinitions): SettingError {
  const { option, message } = error
  const what = message.startsWith(`${option}: `) ? message.slice(option.length + 2) : message
  return new SettingError(settingOf(option, apis) ?? option, what)
}

function settingOf(option: string, apis: ApiDefinitions): string | undefined {
  const of = [...apis.values()].find(({ name }) => option.startsWith(`downstreamApis.${name}.`))
  if (of !== undefined) {
    const member = option.slice(`downstreamApis.${of.name}.`.length)
    return `DownstreamApis__${of.name}__${members[member] ?? member}`
  }
  const known = Object.keys(names).find((name) => option === name || option.startsWith(`${name}.`))
  return known === undefined ? undefined : names[known]
}
