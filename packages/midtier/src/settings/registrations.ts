// The registrations of one API resolved: its own, and the additional ones whose tokens it accepts.
import { createAuthority, createOpenIdAuthority, type Authority } from '../authority/authority.ts'
import { isEntraHost } from '../authority/clouds.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { resolveAtPath, resolveFlag, resolveGuid, resolveText, resolveTexts, resolveUrl } from './values.ts'
import type {
  AdditionalRegistration,
  AnyWebApiOptions,
  EntraRegistrationOptions,
  OpenIdIssuerOptions,
  OpenIdRegistrationOptions,
  OpenIdWebApiOptions,
  WebApiOptions,
} from '../options.ts'
import type { Registration } from '../protect/registration.ts'
import { checkIssuerOptions, refuseEntraOptions } from './token-exchange.ts'

/** Far more than an API has; every one costs a look at each token. */
const maxAdditional = 20

/** The API's own registration first. @throws ConfigurationError naming the option at fault. */
export function resolveRegistrations(options: AnyWebApiOptions): readonly [Registration, ...Registration[]] {
  const permissive = resolveFlag('acceptTokensWithoutPermissions', options.acceptTokensWithoutPermissions)
  const own = { ...resolveOwn(options), acceptTokensWithoutPermissions: permissive }
  const additional = listAdditional(options.additionalRegistrations).map((each, index) =>
    Object.freeze({
      ...resolveAtPath(`additionalRegistrations[${index}]`, () => resolveAdditional(each)),
      acceptTokensWithoutPermissions: permissive,
    }),
  )
  return [Object.freeze(own), ...additional]
}

function resolveOwn(options: AnyWebApiOptions): Registration {
  if (options.authority !== undefined) return resolveOwnOpenId(options)
  return resolveEntra(options, options.customSigningKeys === true ? options.clientId : undefined)
}

function resolveOwnOpenId(options: OpenIdWebApiOptions): Registration {
  refuseEntraOptions(options)
  checkIssuerOptions(options.authority)
  const authority = resolveAtPath('authority', () => resolveIssuer(options.authority))
  return expectAudience(authority, options.audience)
}

function listAdditional(value: unknown): readonly AdditionalRegistration[] {
  if (value === undefined) return []
  if (Array.isArray(value) && value.length <= maxAdditional) return value as readonly AdditionalRegistration[]
  throw new ConfigurationError('additionalRegistrations', `must be a list of at most ${maxAdditional}`)
}

const knownEntra = [
  'tenantId',
  'clientId',
  'instance',
  'audience',
  'allowedTenants',
] as const satisfies readonly (keyof EntraRegistrationOptions)[]

const knownOpenId = [
  'issuer',
  'metadataUrl',
  'audience',
] as const satisfies readonly (keyof OpenIdRegistrationOptions)[]

function resolveAdditional(options: AdditionalRegistration): Registration {
  if (typeof options !== 'object' || (options as unknown) === null)
    throw new ConfigurationError(
      'tenantId',
      'is missing: a registration is { tenantId, clientId } or { issuer, audience }',
    )
  if ('issuer' in options) {
    checkKnownOptions(options, knownOpenId, '')
    return resolveOpenId(options)
  }
  checkKnownOptions(options, knownEntra, '')
  return resolveEntra(options, undefined)
}

function resolveEntra(
  options: EntraRegistrationOptions,
  customSigningKeysOf: string | undefined,
): Registration {
  const { tenantId, instance, audience } = options
  const authority = createAuthority({
    tenantId,
    ...(instance === undefined ? {} : { instance }),
    ...(customSigningKeysOf === undefined ? {} : { customSigningKeysOf }),
  })
  return {
    authority,
    clientId: resolveGuid(
      'clientId',
      options.clientId,
      'copy the application (client) id of the registration',
    ),
    audiences: audience === null ? null : resolveTexts('audience', audience),
    allowedTenants: resolveAllowedTenants(authority, options.allowedTenants),
  }
}

function resolveAllowedTenants(
  authority: Authority,
  allowed: WebApiOptions['allowedTenants'],
): readonly string[] | null {
  if (authority.multiTenant && allowed === undefined)
    throw new ConfigurationError(
      'allowedTenants',
      'is needed by a multi-tenant API: list the tenants (GUIDs) that may call, or null to let every tenant in',
    )
  if (allowed === undefined || allowed === null) return null
  if (!Array.isArray(allowed) || allowed.length === 0)
    throw new ConfigurationError('allowedTenants', 'must list at least one tenant; null lets every tenant in')
  return Object.freeze(
    (allowed as readonly unknown[]).map((tenant, index) =>
      resolveGuid(`allowedTenants[${index}]`, tenant, 'copy the tenant id of the organisation'),
    ),
  )
}

function resolveOpenId({ audience, ...issuer }: OpenIdRegistrationOptions): Registration {
  return expectAudience(resolveIssuer(issuer), audience)
}

function resolveIssuer({
  issuer,
  metadataUrl,
  tokenEndpoint,
}: Omit<OpenIdIssuerOptions, 'tokenExchange'>): Authority {
  return createOpenIdAuthority({
    issuer: refuseEntra(resolveText('issuer', issuer)),
    ...(metadataUrl === undefined ? {} : { metadataUrl }),
    ...(tokenEndpoint === undefined
      ? {}
      : { tokenEndpoint: resolveUrl('tokenEndpoint', tokenEndpoint).href }),
  })
}

/** The audience alone: an ID token has the client id in `aud`, and a client id that is no audience stays out of it. */
function expectAudience(authority: Authority, audience: unknown): Registration {
  const [first, ...others] = resolveTexts('audience', audience)
  if (first === undefined)
    throw new ConfigurationError(
      'audience',
      'is missing: say what aud has to be in the tokens of this issuer',
    )
  return { authority, clientId: first, audiences: others, allowedTenants: null }
}

/** As a generic issuer, Entra would be believed without a look at tenant, key issuer and version. */
function refuseEntra(issuer: string): string {
  if (!URL.canParse(issuer) || !isEntraHost(new URL(issuer).hostname)) return issuer
  throw new ConfigurationError('issuer', 'is one of Entra: give tenantId and clientId instead')
}
