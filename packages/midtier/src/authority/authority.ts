// Who issues the tokens: an instance and a tenant turned into endpoints and into the exact issuers that are believed.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { isSecure } from '../kernel/http/loopback.ts'
import { entraRules, openIdRules, type AuthorityRules } from './authority-rules.ts'
import { findCloud, globalCloud, type Cloud } from './clouds.ts'
import { isIssuerTemplate, issuerOfTenant } from './issuer-template.ts'
import { parseTenantSegment, type TenantSegment } from './tenant.ts'

/** Version of a token: `ver`. */
export type TokenVersion = '1.0' | '2.0'

/** One issuer, or one template of issuers, and where its metadata is found. */
export interface TrustedIssuer {
  /** The version of the tokens it issues; `undefined` for a generic OpenID Connect issuer, whose tokens have none. */
  readonly version: TokenVersion | undefined
  /** Exact, or with `{tenantid}`. */
  readonly issuer: string
  /** The one tenant; `undefined` when there are several, or when it is learned from the metadata, or when there are none. */
  readonly tenantId: string | undefined
  /** Whether the metadata may name a template, one issuer for each of several tenants. */
  readonly multiTenant: boolean
  readonly metadataUrl: string
  /** Origins on which the keys may be published; the metadata cannot name another. */
  readonly keyOrigins: readonly string[]
}

/** At least one; that of v2.0 tokens, if there is one, stands first. */
type Issuers = readonly [TrustedIssuer, ...TrustedIssuer[]]

/** An authority that this API trusts: everything that depends on which one it is, resolved once. */
export interface Authority extends AuthorityRules {
  /** For events and messages: instance and tenant, or the issuer. */
  readonly name: string
  readonly issuers: Issuers
  /** Whether one of several tenants may have issued a token: `common` and `organizations`. */
  readonly multiTenant: boolean
  /** Whether tokens of personal Microsoft accounts may come: not from `organizations`. */
  readonly personalAccounts: boolean
  /** Hosts of Microsoft Graph, the one that a bare scope such as `User.Read` means first; empty where scopes name no API. */
  readonly graphHosts: readonly string[]
  /** Audience of the assertions by which agents act; `undefined` where there are none. */
  readonly exchangeAudience: string | undefined
  /**
   * Where tokens are requested; `undefined` where the metadata say it.
   *
   * @throws ConfigurationError when `tenantId` is neither a GUID nor a domain nor an alias.
   */
  tokenEndpoint(tenantId: string): string | undefined
  /** Where people sign in and consent; `undefined` where it is not known. @throws ConfigurationError as {@link Authority.tokenEndpoint}. */
  authorizeEndpoint(tenantId: string): string | undefined
}

/** Options of {@link createAuthority}. */
export interface AuthorityOptions {
  /**
   * Authority host: a cloud's, `https://{name}.ciamlogin.com/` for External ID, or your own, such as an emulator's origin.
   * Default: `https://login.microsoftonline.com/`. Plain http is accepted for loopback hosts alone.
   */
  readonly instance?: string | URL
  /** GUID, verified domain, `common`, `organizations` or `consumers`. For External ID default `{name}.onmicrosoft.com`. */
  readonly tenantId?: string
  /** Client id whose custom signing keys (claims mapping) are asked for by `?appid=`; on-behalf-of is not available to such APIs. */
  readonly customSigningKeysOf?: string
  /** Token versions that are accepted. Default: both, as far as the cloud has them. */
  readonly versions?: readonly TokenVersion[]
}

const defaultInstance = `https://${globalCloud.host}/`

/**
 * The Entra or External ID authority of an instance and a tenant.
 *
 * @throws ConfigurationError when the instance or the tenant cannot be one. Does not contact it.
 */
export function createAuthority(options: AuthorityOptions): Authority {
  const instance = parseInstance(instanceOf(options))
  const externalId = instance.hostname.endsWith('.ciamlogin.com')
  const tenant = parseTenantSegment(options.tenantId ?? defaultTenant(instance, externalId))
  const issuers = externalId ? [externalIdIssuer(instance, tenant)] : entraIssuers(instance, tenant)
  return Object.freeze({
    ...entraRules,
    name: `${instance.href}${tenant.segment}`,
    issuers: narrow(issuers, options),
    multiTenant: tenant.kind === 'several',
    personalAccounts: tenant.segment !== 'organizations',
    graphHosts: graphHostsOf(instance),
    exchangeAudience: (findCloud(instance.host) ?? globalCloud).exchangeAudience,
    tokenEndpoint: rememberLatest(
      (tenantId) => `${instance.href}${parseTenantSegment(tenantId).segment}/oauth2/v2.0/token`,
    ),
    authorizeEndpoint: (tenantId: string) =>
      `${instance.href}${parseTenantSegment(tenantId).segment}/oauth2/v2.0/authorize`,
  })
}

/** One tenant is asked about again and again, even by an API of several. */
function rememberLatest(find: (tenantId: string) => string): (tenantId: string) => string {
  let latest: { readonly tenantId: string; readonly found: string } | undefined
  return (tenantId) => {
    if (latest?.tenantId !== tenantId) latest = { tenantId, found: find(tenantId) }
    return latest.found
  }
}

/** Options of {@link createOpenIdAuthority}. */
export interface OpenIdAuthorityOptions {
  /** `iss`, exactly as the authority writes it. */
  readonly issuer: string
  /** Default: the issuer followed by `/.well-known/openid-configuration`. */
  readonly metadataUrl?: string
  /** Where tokens are requested. Default: what the metadata say. */
  readonly tokenEndpoint?: string | undefined
}

/**
 * An OpenID Connect issuer other than Entra. It has no tenants.
 *
 * @throws ConfigurationError when the issuer or the metadata URL is not https (http for loopback hosts).
 */
export function createOpenIdAuthority(options: OpenIdAuthorityOptions): Authority {
  const { issuer, tokenEndpoint } = options
  const { origin } = parseHttps('issuer', issuer)
  const metadata = parseHttps(
    'metadataUrl',
    options.metadataUrl ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  )
  const keyOrigins = [...new Set([origin, metadata.origin])]
  return Object.freeze<Authority>({
    ...openIdRules,
    name: issuer,
    issuers: [
      {
        version: undefined,
        issuer,
        tenantId: undefined,
        multiTenant: false,
        metadataUrl: metadata.href,
        keyOrigins,
      },
    ],
    multiTenant: false,
    personalAccounts: false,
    graphHosts: [],
    exchangeAudience: undefined,
    tokenEndpoint: () => tokenEndpoint,
    authorizeEndpoint: () => undefined,
  })
}

// Tokens, keys and secrets travel on these URLs: whoever reads or changes them on the way owns the API.
function parseHttps(option: string, value: string | URL): URL {
  if (!(typeof value === 'string' || (value as unknown) instanceof URL) || !URL.canParse(value))
    throw new ConfigurationError(option, 'is not an absolute URL')
  const url = new URL(value)
  if (!isSecure(url))
    throw new ConfigurationError(option, 'must be https; plain http is for loopback hosts alone')
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new ConfigurationError(option, 'must have no user name, password or fragment')
  return url
}

function instanceOf({ instance = defaultInstance }: AuthorityOptions): string | URL {
  return instance
}

function parseInstance(value: string | URL): URL {
  const url = parseHttps('instance', value)
  if (url.search !== '') throw new ConfigurationError('instance', 'must have no query')
  if (url.pathname !== '/')
    throw new ConfigurationError(
      'instance',
      'must have no path: it is the host alone, and the tenant goes into tenantId',
    )
  const cloud = findCloud(url.host)
  if (cloud !== undefined) url.host = cloud.host // an alias such as login.windows.net never is the issuer of a token
  return url
}

/** At an authority of one's own, such as an emulator's, and in a cloud whose Graph is not documented: those of the global cloud. */
function graphHostsOf(instance: URL): readonly string[] {
  const { graphHosts } = findCloud(instance.host) ?? globalCloud
  return graphHosts.length === 0 ? globalCloud.graphHosts : graphHosts
}

function defaultTenant(instance: URL, externalId: boolean): string {
  if (externalId) return `${instance.hostname.slice(0, -'.ciamlogin.com'.length)}.onmicrosoft.com`
  throw new ConfigurationError('tenantId', "is missing; give the tenant's GUID or domain, or 'organizations'")
}

function entraIssuers(instance: URL, tenant: TenantSegment): readonly TrustedIssuer[] {
  const cloud = findCloud(instance.host)
  const base = `${instance.href}${tenant.segment}`
  const common = {
    tenantId: tenant.kind === 'id' ? tenant.segment : undefined,
    multiTenant: tenant.kind === 'several',
    keyOrigins: originsOf(instance, cloud),
  }
  const v2 = `${instance.href}{tenantid}/v2.0`
  const v1 = v1Issuer(instance, cloud)
  return [
    { ...common, version: '2.0', issuer: v2, metadataUrl: `${base}/v2.0/.well-known/openid-configuration` },
    ...(v1 === undefined
      ? []
      : [
          {
            ...common,
            version: '1.0' as const,
            issuer: v1,
            metadataUrl: `${base}/.well-known/openid-configuration`,
          },
        ]),
  ]
}

/** An instance of one's own, such as an emulator, writes its own name into v1.0 issuers. */
function v1Issuer(instance: URL, cloud: Cloud | undefined): string | undefined {
  if (cloud === undefined) return `${instance.href}{tenantid}/`
  return cloud.v1IssuerHost === undefined ? undefined : `https://${cloud.v1IssuerHost}/{tenantid}/`
}

function originsOf(instance: URL, cloud: Cloud | undefined): readonly string[] {
  if (cloud === undefined) return [instance.origin]
  return [instance.origin, ...cloud.aliases.map((host) => `https://${host}`)]
}

/** External ID: metadata on the tenant's name, issuer and often the keys on its GUID. */
function externalIdIssuer(instance: URL, tenant: TenantSegment): TrustedIssuer {
  if (tenant.kind === 'several')
    throw new ConfigurationError(
      'tenantId',
      `'${tenant.segment}' does not exist in External ID; give the tenant's GUID or domain`,
    )
  return {
    version: '2.0',
    issuer: 'https://{tenantid}.ciamlogin.com/{tenantid}/v2.0',
    tenantId: tenant.kind === 'id' ? tenant.segment : undefined,
    multiTenant: false,
    metadataUrl: `${instance.href}${tenant.segment}/v2.0/.well-known/openid-configuration`,
    keyOrigins: [instance.origin, 'https://{tenantid}.ciamlogin.com'],
  }
}

function narrow(issuers: readonly TrustedIssuer[], options: AuthorityOptions): Issuers {
  const [first, ...others] = issuers.filter(
    ({ version }) => version === undefined || (options.versions?.includes(version) ?? true),
  )
  if (first === undefined)
    throw new ConfigurationError('versions', 'leaves no token version that this authority issues')
  const { customSigningKeysOf } = options
  return [pin(first, customSigningKeysOf), ...others.map((issuer) => pin(issuer, customSigningKeysOf))]
}

/** With the tenant known, the issuer is exact from the start. */
function pin(issuer: TrustedIssuer, appId: string | undefined): TrustedIssuer {
  const { tenantId } = issuer
  const metadataUrl =
    appId === undefined ? issuer.metadataUrl : `${issuer.metadataUrl}?appid=${encodeURIComponent(appId)}`
  if (tenantId === undefined || !isIssuerTemplate(issuer.issuer)) return { ...issuer, metadataUrl }
  return { ...issuer, metadataUrl, issuer: issuerOfTenant(issuer.issuer, tenantId) }
}
