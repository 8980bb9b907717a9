// The issuer of an API that is not registered with Entra: which options it has, and how it exchanges tokens.
import { tokenExchangeProfiles, type TokenExchangeProfile } from '../grants/token-exchange-profiles.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { AnyWebApiOptions, OpenIdIssuerOptions } from '../options.ts'
import { resolveText } from './values.ts'

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

const profiles: ReadonlyMap<unknown, TokenExchangeProfile> = new Map(Object.entries(tokenExchangeProfiles))

const at = 'authority.tokenExchange'

/** A known profile, or one of the application's own. @throws ConfigurationError naming the member that is at fault. */
export function resolveTokenExchange({ tokenExchange }: OpenIdIssuerOptions): TokenExchangeProfile {
  const value = tokenExchange ?? 'rfc8693'
  const known = profiles.get(value)
  if (known !== undefined) return known
  if (typeof value !== 'object')
    throw new ConfigurationError(
      at,
      `must be one of ${[...profiles.keys()].join(', ')}, or a profile of your own`,
    )
  checkKnownOptions(value, Object.keys(profileMembers), at)
  for (const [name, check] of Object.entries(profileMembers)) check(`${at}.${name}`, Reflect.get(value, name))
  return Object.freeze({ ...value })
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
