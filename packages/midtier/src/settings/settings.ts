// The options resolved once: checked, every default filled in, frozen.
import type { DownstreamSettings } from '../call/downstream-api.ts'
import type { ClientCredential } from '../client-auth/client-credential.ts'
import { systemClock, type Clock } from '../kernel/clock.ts'
import { ConfigurationError } from '../kernel/errors.ts'
import type { Fetch } from '../kernel/http.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { Observer } from '../kernel/observer.ts'
import { resolveFlag, resolveNumber, resolveTexts, resolveUrl } from './values.ts'
import type { DownstreamApiOptions, LongRunningOptions, WebApiOptions } from '../options.ts'
import { absoluteMaxTokenLength, type Registration, type ValidatorSettings } from '../protect/settings.ts'
import { resolveRegistrations } from './registrations.ts'
import { resolveResource, type Resource } from './resource.ts'
import { resolveTokenCache, type TokenCacheSettings } from './token-cache.ts'
import { resolveAlgorithms, resolveSigningKeys } from './signing-keys.ts'

/** The options resolved: nothing is optional but what may be absent. */
export interface Settings {
  /** The registration that tokens are acquired with; the first of those in `validator`. */
  readonly registration: Registration
  readonly tenantId: string
  readonly clientCredential: ClientCredential | undefined
  readonly customSigningKeys: boolean
  readonly validator: ValidatorSettings
  readonly resource: Resource | undefined
  readonly tokenCache: TokenCacheSettings
  readonly tokenRequestTimeoutMs: number
  /** `undefined` when it is not switched on. */
  readonly longRunning: { readonly lifetimeSeconds: number } | undefined
  readonly downstreamApis: ReadonlyMap<string, DownstreamSettings>
  readonly observer: Observer | undefined
  readonly clock: Clock
  readonly fetch: Fetch
}

const knownOptions = [
  'tenantId',
  'clientId',
  'clientCredential',
  'instance',
  'audience',
  'allowedTenants',
  'additionalRegistrations',
  'requirements',
  'acceptTokensWithoutPermissions',
  'algorithms',
  'customSigningKeys',
  'clockToleranceSeconds',
  'maxTokenLength',
  'maxCachedTokens',
  'signingKeys',
  'resource',
  'tokenCache',
  'tokenRequestTimeoutMs',
  'longRunning',
  'downstreamApis',
  'observer',
  'clock',
  'fetch',
] as const satisfies readonly (keyof WebApiOptions)[]

const knownDownstreamOptions = [
  'baseUrl',
  'scopes',
  'timeoutMs',
  'maxResponseBytes',
] as const satisfies readonly (keyof DownstreamApiOptions)[]

/**
 * Checks the options and fills in the defaults.
 *
 * @throws ConfigurationError naming the option at fault and the fix. Does not contact the authority.
 */
export function resolveOptions(options: WebApiOptions): Settings {
  checkKnownOptions(options, knownOptions, '')
  const [registration, ...additional] = resolveRegistrations(options)
  const registrations = [registration, ...additional]
  return Object.freeze({
    registration,
    tenantId: options.tenantId.toLowerCase(),
    clientCredential: options.clientCredential,
    customSigningKeys: resolveCustomSigningKeys(options),
    validator: resolveValidator(options, registrations),
    resource: options.resource === undefined ? undefined : resolveResource(options.resource, registrations),
    tokenCache: resolveTokenCache(options.tokenCache ?? {}),
    tokenRequestTimeoutMs: resolveNumber(
      'tokenRequestTimeoutMs',
      options.tokenRequestTimeoutMs ?? 10_000,
      1,
      120_000,
    ),
    longRunning: options.longRunning === undefined ? undefined : resolveLongRunning(options.longRunning),
    downstreamApis: resolveDownstreamApis(options.downstreamApis ?? {}),
    observer: options.observer,
    clock: options.clock ?? systemClock,
    // Looked up at each call, so that what instruments the global `fetch` later is not missed.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  })
}

/** The authority refuses such a token as an assertion, so an API downstream could never be called: better said now. */
function resolveCustomSigningKeys({ customSigningKeys, downstreamApis = {} }: WebApiOptions): boolean {
  const set = resolveFlag('customSigningKeys', customSigningKeys)
  if (set && Object.keys(downstreamApis).length > 0)
    throw new ConfigurationError(
      'customSigningKeys',
      'rules out downstreamApis: the authority exchanges no token that a key of the application signed; remove the claims mapping, or the APIs',
    )
  return set
}

function resolveValidator(options: WebApiOptions, registrations: readonly Registration[]): ValidatorSettings {
  const { clockToleranceSeconds, maxTokenLength, maxCachedTokens } = options
  return Object.freeze({
    registrations: Object.freeze(registrations),
    clockToleranceSeconds: resolveNumber('clockToleranceSeconds', clockToleranceSeconds ?? 300, 0, 900),
    maxTokenLength: resolveNumber('maxTokenLength', maxTokenLength ?? 65_536, 1_024, absoluteMaxTokenLength),
    maxCachedTokens: resolveNumber('maxCachedTokens', maxCachedTokens ?? 20_000, 0, 10_000_000),
    signingKeys: resolveSigningKeys(options.signingKeys ?? {}, resolveAlgorithms(options.algorithms)),
    requirements: options.requirements,
  })
}

function resolveLongRunning(options: LongRunningOptions): { readonly lifetimeSeconds: number } {
  checkKnownOptions(options, ['lifetimeSeconds'], 'longRunning')
  const { lifetimeSeconds = 90 * 24 * 3600 } = options
  return {
    lifetimeSeconds: resolveNumber('longRunning.lifetimeSeconds', lifetimeSeconds, 60, 366 * 24 * 3600),
  }
}

function resolveDownstreamApis(
  apis: Readonly<Record<string, DownstreamApiOptions>>,
): ReadonlyMap<string, DownstreamSettings> {
  return new Map(Object.entries(apis).map(([name, api]) => [name, resolveDownstreamApi(name, api)]))
}

function resolveDownstreamApi(name: string, options: DownstreamApiOptions): DownstreamSettings {
  const at = `downstreamApis.${name}`
  checkKnownOptions(options, knownDownstreamOptions, at)
  const { timeoutMs = 30_000, maxResponseBytes = 10 * 1024 * 1024 } = options
  return Object.freeze({
    name,
    baseUrl: resolveBaseUrl(`${at}.baseUrl`, options.baseUrl),
    scopes: resolveScopes(`${at}.scopes`, options.scopes),
    timeoutMs: resolveNumber(`${at}.timeoutMs`, timeoutMs, 1, 600_000),
    maxResponseBytes: resolveNumber(`${at}.maxResponseBytes`, maxResponseBytes, 1, 2 ** 31),
  })
}

function resolveBaseUrl(option: string, value: unknown): URL {
  const url = resolveUrl(option, value)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function resolveScopes(option: string, value: unknown): readonly string[] {
  const scopes = resolveTexts(option, value)
  if (!Array.isArray(value) || scopes.length === 0)
    throw new ConfigurationError(
      option,
      "is empty; name the scopes of the API, such as ['api://{its client id}/.default']",
    )
  return scopes
}
