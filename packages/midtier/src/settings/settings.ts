// The options resolved once: checked, every default filled in, frozen.
import type { DownstreamSettings } from '../call/downstream-settings.ts'
import type { ClientCredential } from '../client-auth/client-credential.ts'
import type { ManagedIdentity } from '../client-auth/managed-identity/managed-identity.ts'
import type { ResilienceOptions } from '../acquire/sources/with-resilience.ts'
import type { TokenExchangeProfile } from '../grants/token-exchange-profiles.ts'
import { systemClock, type Clock } from '../kernel/time/clock.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { createAuditLog } from '../kernel/log/audit-log.ts'
import { FailureLog } from '../kernel/log/failure-log.ts'
import { RefusalLog } from '../kernel/log/refusal-log.ts'
import type { AuthorityFetch, Fetch } from '../kernel/http/http.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { both, type Observer } from '../kernel/observer.ts'
import { guarded, type Telemetry } from '../kernel/telemetry.ts'
import { carefully, type WaitUntil } from '../kernel/wait-until.ts'
import { resolveChallenges, type ChallengeSettings } from './challenges.ts'
import { resolveDownstreamApis } from './downstream-apis.ts'
import { resolveAuditLogger, resolveLogger, resolveRefusalLogger } from './logger.ts'
import { resolveNumber } from './numbers.ts'
import { resolveFlag, resolveFunction, resolveText } from './values.ts'
import type { AnyWebApiOptions, LongRunningOptions, WebApiOptions } from '../options.ts'
import type { ValidatorSettings } from '../protect/settings.ts'
import type { Registration } from '../protect/registration.ts'
import type { RevocationSettings } from '../protect/revocations/revocations.ts'
import { resolveAuthorityFetch } from './proxy.ts'
import { resolveRegistrations } from './registrations.ts'
import { resolveRevocations } from './revocations.ts'
import { resolveResource, type Resource } from './resource.ts'
import { resolveTokenCache, type TokenCacheSettings } from './token-cache.ts'
import { resolveValidator } from './validator.ts'
import { resolveResilience } from './resilience.ts'
import { resolveTokenExchange } from './token-exchange.ts'

/** The options resolved: nothing is optional but what may be absent. */
export interface Settings {
  /** The registration that tokens are acquired with; the first of those in `validator`. */
  readonly registration: Registration
  /** Empty where there are no tenants to choose from: at an issuer other than Entra. */
  readonly tenantId: string
  /** Client id that tokens are acquired with. */
  readonly clientId: string
  readonly clientCredential: ClientCredential | undefined
  /** The identity whose app-only tokens are given instead of the registration's; never beside `clientCredential`. */
  readonly managedIdentity: ManagedIdentity | undefined
  /** What the authority wants of a token exchange, where that is how it acts for users. */
  readonly tokenExchange: TokenExchangeProfile | undefined
  readonly customSigningKeys: boolean
  readonly validator: ValidatorSettings
  readonly resource: Resource | undefined
  readonly tokenCache: TokenCacheSettings
  readonly tokenRequestTimeoutMs: number
  readonly resilience: ResilienceOptions
  /** `undefined` when it is not switched on. */
  readonly longRunning: { readonly lifetimeSeconds: number } | undefined
  readonly downstreamApis: ReadonlyMap<string, DownstreamSettings>
  readonly challenges: ChallengeSettings
  /** `undefined` when they are not switched on. */
  readonly revocations: RevocationSettings | undefined
  /** Whoever is told of every event: the observer and telemetry, one after the other. */
  readonly observer: Observer | undefined
  /** `undefined`: nobody follows what goes on. */
  readonly telemetry: Telemetry | undefined
  readonly log: FailureLog
  /** `undefined`: refused callers are in no log. */
  readonly refusals: RefusalLog | undefined
  readonly clock: Clock
  /** `undefined`: nothing finds the caller of a request but what it is handed to. */
  readonly runWithCaller: WebApiOptions['runWithCaller']
  /** `undefined`: nobody is handed what goes on behind a request's back. */
  readonly waitUntil: WaitUntil | undefined
  /** For downstream APIs. */
  readonly fetch: Fetch
  /** For authorities. */
  readonly authorityFetch: AuthorityFetch
}

const knownOptions = [
  'tenantId',
  'clientId',
  'authority',
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
  'resilience',
  'longRunning',
  'downstreamApis',
  'challengeStyle',
  'consentRedirectUri',
  'revocations',
  'observer',
  'telemetry',
  'runWithCaller',
  'waitUntil',
  'logger',
  'logRefusals',
  'auditLogger',
  'clock',
  'fetch',
  'proxy',
] as const satisfies readonly (keyof WebApiOptions)[]

/**
 * Checks the options and fills in the defaults.
 *
 * @throws ConfigurationError naming the option at fault and the fix. Does not contact the authority.
 */
export function resolveOptions(options: AnyWebApiOptions): Settings {
  checkKnownOptions(options, knownOptions, '')
  const [registration, ...additional] = resolveRegistrations(options)
  const registrations = [registration, ...additional]
  const identity = resolveIdentity(options, registration)
  const tokenRequestTimeoutMs = resolveNumber('tokenRequestTimeoutMs', options.tokenRequestTimeoutMs)
  const fetch = resolveFetch(options.fetch)
  const clock = resolveClock(options.clock)
  return Object.freeze({
    registration,
    ...identity,
    tokenExchange: options.authority === undefined ? undefined : resolveTokenExchange(options.authority),
    customSigningKeys: resolveCustomSigningKeys(options),
    validator: resolveValidator(options, registrations),
    resource: options.resource === undefined ? undefined : resolveResource(options.resource, registrations),
    tokenCache: resolveTokenCache(given(options.tokenCache)),
    tokenRequestTimeoutMs,
    resilience: resolveResilience(given(options.resilience), tokenRequestTimeoutMs),
    longRunning: options.longRunning === undefined ? undefined : resolveLongRunning(options.longRunning),
    downstreamApis: checkTokens(
      resolveDownstreamApis(given(options.downstreamApis), registration.authority),
      identity,
    ),
    challenges: resolveChallenges(options),
    revocations: options.revocations === undefined ? undefined : resolveRevocations(options.revocations),
    ...resolveObservers(options, registration.clientId),
    ...resolveLogs(options, clock),
    clock,
    runWithCaller: resolveRunWithCaller(options.runWithCaller),
    waitUntil: resolveWaitUntil(options.waitUntil),
    // Looked up at each call, so that what instruments the global `fetch` later is not missed.
    fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
    authorityFetch: resolveAuthorityFetch(options),
  })
}

/** As whom tokens are acquired. */
function resolveIdentity(
  options: AnyWebApiOptions,
  registration: Registration,
): Pick<Settings, 'tenantId' | 'clientId' | 'clientCredential' | 'managedIdentity'> {
  if (options.authority !== undefined)
    return {
      tenantId: '',
      clientId: resolveText('clientId', options.clientId),
      ...resolveCredential(options.clientCredential, false),
    }
  const credential = resolveCredential(options.clientCredential, options.longRunning === undefined)
  return { tenantId: options.tenantId.toLowerCase(), clientId: registration.clientId, ...credential }
}

/** @throws ConfigurationError for a managed identity where it is of no use, and for what is neither of the two. */
function resolveCredential(
  credential: ClientCredential | ManagedIdentity | undefined,
  identityIsOfUse: boolean,
): Pick<Settings, 'clientCredential' | 'managedIdentity'> {
  if (credential === undefined) return { clientCredential: undefined, managedIdentity: undefined }
  if (isClientCredential(credential)) return { clientCredential: credential, managedIdentity: undefined }
  if (!isManagedIdentity(credential))
    throw new ConfigurationError('clientCredential', 'is no credential: pass clientSecret(…) or another one')
  if (!identityIsOfUse)
    throw new ConfigurationError(
      'clientCredential',
      'is a managed identity, which gives app-only tokens of its own alone: pass federatedManagedIdentity(identity), or leave out authority and longRunning',
    )
  return { clientCredential: undefined, managedIdentity: credential }
}

function isClientCredential(value: unknown): value is ClientCredential {
  return typeof (value as Partial<ClientCredential> | null)?.addTo === 'function'
}

function isManagedIdentity(value: unknown): value is ManagedIdentity {
  return typeof (value as Partial<ManagedIdentity> | null)?.acquireToken === 'function'
}

/** @throws ConfigurationError when there would be no token to call a downstream API with. */
function checkTokens(
  apis: Settings['downstreamApis'],
  { clientCredential, managedIdentity }: Pick<Settings, 'clientCredential' | 'managedIdentity'>,
): Settings['downstreamApis'] {
  for (const [name, { token }] of apis) {
    if (clientCredential === undefined && managedIdentity === undefined)
      throw new ConfigurationError(
        'clientCredential',
        `is missing, and without one there is no token for downstreamApis.${name}: pass clientSecret(…) or another credential, or leave out downstreamApis`,
      )
    if (managedIdentity !== undefined && token === 'onBehalfOf')
      throw new ConfigurationError(
        `downstreamApis.${name}.token`,
        "is onBehalfOf, and a managed identity gives no token on behalf of anybody: say token: 'app', or pass federatedManagedIdentity(identity) as clientCredential",
      )
  }
  return apis
}

/** Options of a part: its defaults when there are none. What is there is checked, `null` too. */
function given<Options extends object>(options: Options | undefined): Options | Record<string, never> {
  if (options === undefined) return {}
  return options
}

function resolveLogs(
  { logger: given, logRefusals }: Pick<AnyWebApiOptions, 'logger' | 'logRefusals'>,
  clock: Clock,
): Pick<Settings, 'log' | 'refusals'> {
  const logger = resolveLogger(given)
  const forRefusals = resolveRefusalLogger(logRefusals, logger)
  return {
    log: new FailureLog(logger, clock),
    refusals: forRefusals && new RefusalLog(forRefusals, clock),
  }
}

function resolveObservers(
  options: Pick<AnyWebApiOptions, 'observer' | 'telemetry' | 'auditLogger'>,
  clientId: string,
): Pick<Settings, 'observer' | 'telemetry'> {
  const auditLogger = resolveAuditLogger(options.auditLogger)
  const { observer, telemetry } = resolveWatching(options)
  if (auditLogger === undefined) return { observer, telemetry }
  const audit = createAuditLog(auditLogger, clientId)
  return { observer: observer === undefined ? audit : both(observer, audit), telemetry }
}

function resolveWatching({
  observer,
  telemetry,
}: Pick<AnyWebApiOptions, 'observer' | 'telemetry'>): Pick<Settings, 'observer' | 'telemetry'> {
  if (observer !== undefined) resolveFunction('observer', observer, 'pass (event) => { … }')
  if (telemetry === undefined) return { observer, telemetry }
  for (const member of ['observe', 'within', 'activeTraceId'] as const)
    resolveFunction(
      'telemetry',
      (telemetry as Partial<Telemetry> | null)?.[member],
      "pass openTelemetry() of 'midtier/opentelemetry'",
    )
  return {
    observer: observer === undefined ? telemetry.observe : both(observer, telemetry.observe),
    telemetry: guarded(telemetry),
  }
}

function resolveRunWithCaller(run: WebApiOptions['runWithCaller']): WebApiOptions['runWithCaller'] {
  return run === undefined
    ? undefined
    : resolveFunction('runWithCaller', run, "pass runWithCaller of 'midtier/context'")
}

function resolveWaitUntil(waitUntil: WaitUntil | undefined): WaitUntil | undefined {
  return waitUntil === undefined
    ? undefined
    : carefully(resolveFunction('waitUntil', waitUntil, "pass waitUntil of 'cloudflare:workers'"))
}

function resolveFetch(fetch: Fetch | undefined): Fetch | undefined {
  return fetch === undefined
    ? undefined
    : resolveFunction('fetch', fetch, 'pass what is called like the global fetch')
}

/** A clock that told no number would make every comparison false: nothing would ever expire. */
function resolveClock(clock: Clock | undefined): Clock {
  if (clock === undefined) return systemClock
  const shape = 'pass { nowMs: () => milliseconds since the epoch }'
  if (typeof (clock as Partial<Clock> | null)?.nowMs !== 'function')
    throw new ConfigurationError('clock', `has no nowMs; ${shape}`)
  if (![clock.nowMs(), clock.passedMs?.() ?? 0].every(Number.isFinite))
    throw new ConfigurationError('clock', `tells no number; ${shape}`)
  return clock
}

/** The authority refuses such a token as an assertion, so an API downstream could never be called: better said now. */
function resolveCustomSigningKeys({ customSigningKeys, downstreamApis }: AnyWebApiOptions): boolean {
  const set = resolveFlag('customSigningKeys', customSigningKeys)
  if (set && Object.values(given(downstreamApis)).some((api) => api !== undefined))
    throw new ConfigurationError(
      'customSigningKeys',
      'rules out downstreamApis: the authority exchanges no token that a key of the application signed; remove the claims mapping, or the APIs',
    )
  return set
}

function resolveLongRunning(options: LongRunningOptions): { readonly lifetimeSeconds: number } {
  checkKnownOptions(options, ['lifetimeSeconds'], 'longRunning')
  return { lifetimeSeconds: resolveNumber('longRunning.lifetimeSeconds', options.lifetimeSeconds) }
}
