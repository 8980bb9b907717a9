// The issuer of an API that is not registered with Entra: how it exchanges tokens, and where they are requested.
import type { TokenExchangeProfile, TokenExchangeProfileName } from '../grants/token-exchange-profiles.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { AnyWebApiOptions, OpenIdIssuerOptions } from '../options.ts'
import { resolveText, resolveUrl } from './values.ts'

/** Token exchange resolved. */
export interface TokenExchangeSettings {
  /** A known profile by its name, or one of the application's own. */
  readonly profile: TokenExchangeProfileName | TokenExchangeProfile
  /** `undefined`: what the metadata of the issuer say. */
  readonly tokenEndpoint: string | undefined
  /** Where those metadata are; `undefined`: below the issuer. */
  readonly metadataUrl: string | undefined
  readonly issuer: string
}

const entraOptions = ['tenantId', 'instance', 'allowedTenants', 'customSigningKeys', 'longRunning'] as const

/** @throws ConfigurationError when an option of Entra stands beside `authority`: whose tokens count must not be a matter of order. */
export function refuseEntraOptions(options: AnyWebApiOptions): void {
  for (const name of entraOptions)
    if (options[name] !== undefined)
      throw new ConfigurationError(
        name,
        'is for an API that is registered with Entra, and authority says that this one is not: leave one of the two out',
      )
}

const issuerOptions = [
  'issuer',
  'metadataUrl',
  'tokenEndpoint',
  'tokenExchange',
] as const satisfies readonly (keyof OpenIdIssuerOptions)[]

/** @throws ConfigurationError naming the member of `authority` that is unknown. Does not check issuer and metadata URL. */
export function checkIssuerOptions(authority: unknown): void {
  if (typeof authority !== 'object' || authority === null)
    throw new ConfigurationError('authority', "must be an object: { issuer: 'https://…' }")
  checkKnownOptions(authority, issuerOptions, 'authority')
}

/** @throws ConfigurationError naming the member of `authority` that is at fault. Does not contact the issuer. */
export function resolveTokenExchange(authority: OpenIdIssuerOptions): TokenExchangeSettings {
  const { issuer, metadataUrl, tokenEndpoint, tokenExchange } = authority
  return Object.freeze({
    issuer,
    metadataUrl,
    tokenEndpoint:
      tokenEndpoint === undefined ? undefined : resolveUrl('authority.tokenEndpoint', tokenEndpoint).href,
    profile: resolveProfile(tokenExchange ?? 'rfc8693'),
  })
}

const profileNames: readonly unknown[] = Object.keys({
  rfc8693: true,
  keycloak: true,
  auth0: true,
  okta: true,
  zitadel: true,
} satisfies Record<TokenExchangeProfileName, true>)

const at = 'authority.tokenExchange'

function resolveProfile(value: unknown): TokenExchangeProfileName | TokenExchangeProfile {
  if (profileNames.includes(value)) return value as TokenExchangeProfileName
  if (typeof value !== 'object' || value === null)
    throw new ConfigurationError(at, `must be one of ${profileNames.join(', ')}, or a profile of your own`)
  checkKnownOptions(value, Object.keys(profileMembers), at)
  for (const [name, check] of Object.entries(profileMembers))
    check(`${at}.${name}`, (value as Record<string, unknown>)[name])
  return Object.freeze({ ...(value as TokenExchangeProfile) })
}

/** Every member of a profile, and what it has to be. */
const profileMembers: Readonly<
  Record<keyof TokenExchangeProfile, (option: string, value: unknown) => unknown>
> = {
  name: resolveText,
  target: oneOf(['audience', 'resource']),
  requires: oneOf(['target', 'scope', 'target-or-scope']),
  subjectTokenType: resolveText,
  requestedTokenType: (option, value) => value === undefined || resolveText(option, value),
  clientAuthentication: oneOf(['client_secret_basic', 'client_secret_post']),
  sessionEnded: checkRefusals,
}

function oneOf(values: readonly unknown[]): (option: string, value: unknown) => void {
  return (option, value) => {
    if (!values.includes(value)) throw new ConfigurationError(option, `must be one of ${values.join(', ')}`)
  }
}

function checkRefusals(option: string, value: unknown): void {
  if (!Array.isArray(value))
    throw new ConfigurationError(option, 'must be a list of { error, errorDescription }, or empty')
  for (const [index, refusal] of (value as readonly Record<string, unknown>[]).entries())
    for (const name of ['error', 'errorDescription'])
      resolveText(`${option}[${index}].${name}`, refusal[name])
}
