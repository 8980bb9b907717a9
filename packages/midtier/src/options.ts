// What `createWebApi` takes: every option with its meaning, unit, default, and the risk of relaxing it.
import type { ClientCredential } from './client-auth/client-credential.ts'
import type { ManagedIdentity } from './client-auth/managed-identity/managed-identity.ts'
import type { TokenExchangeProfile, TokenExchangeProfileName } from './grants/token-exchange-profiles.ts'
import type { Clock } from './kernel/time/clock.ts'
import type { ChallengeStyle } from './kernel/errors/errors.ts'
import type { Fetch } from './kernel/http/http.ts'
import type { AuditLogger } from './kernel/log/audit-log.ts'
import type { Logger } from './kernel/log/logger.ts'
import type { Observer } from './kernel/observer.ts'
import type { Telemetry } from './kernel/telemetry.ts'
import type { SignatureAlgorithm } from './kernel/crypto/signature-algorithm.ts'
import type { RunWithCaller } from './web-api/caller.ts'
import type { Requirements } from './web-api/requirements.ts'
import type { KeyRingOptions } from './token-cache/key-ring.ts'
import type { TokenStore } from './token-cache/store.ts'

/** What {@link createWebApi} takes: the options for one of the two kinds of registration. */
export type AnyWebApiOptions<Api extends string = string> = WebApiOptions<Api> | OpenIdWebApiOptions<Api>

/**
 * Options of {@link createWebApi} for an API that is registered with Entra or External ID. `Api` are the names of the downstream APIs:
 * `createWebApi` finds them by itself, and options that are written elsewhere keep them by `satisfies WebApiOptions`.
 */
export interface WebApiOptions<Api extends string = string> {
  /**
   * Tenant of the registration: its GUID or a verified domain. `organizations` for a multi-tenant API: then say which tenants may
   * call with `allowedTenants`.
   */
  readonly tenantId: string
  /** Application (client) id of this API's registration: a GUID. */
  readonly clientId: string
  /** Not here: see {@link OpenIdWebApiOptions.authority}. */
  readonly authority?: never
  /**
   * How this API proves itself to the authority. Absent: it validates callers but acquires no tokens. A managed identity itself, not
   * as a federated credential, gives app-only tokens of that identity, and none on behalf of anybody.
   */
  readonly clientCredential?: ClientCredential | ManagedIdentity | undefined
  /**
   * Authority host, such as `https://login.microsoftonline.us/` for US Government, or an emulator's origin.
   * Default: `https://login.microsoftonline.com/`. Plain http is accepted for loopback hosts alone.
   */
  readonly instance?: string | undefined
  /**
   * What `aud` may be beside the default, which is the client id, and for v1.0 tokens `api://{clientId}` as well. Compared exactly.
   * `null` accepts tokens that were issued for any other API: whoever runs one of those can call this one as its users.
   */
  readonly audience?: string | readonly string[] | null | undefined
  /**
   * Tenants (GUIDs) whose callers are accepted. Default: the tenant of `tenantId`; needed when that is `organizations` or `common`.
   * `null` accepts every tenant in the world: then data has to be kept apart by `principal.tenantId`.
   */
  readonly allowedTenants?: readonly string[] | null | undefined
  /**
   * Further registrations and authorities whose tokens are accepted, 20 at most; the issuer of a token selects the one that it is
   * measured against. Their callers are validated in full, but nothing is acquired on their behalf, so they have no `account`.
   */
  readonly additionalRegistrations?: readonly AdditionalRegistration[] | undefined
  /**
   * What every caller of this API has to meet beside the requirements of a route; both have to be met. Default: nothing more
   * than a valid token.
   */
  readonly requirements?: Requirements<Api> | undefined
  /**
   * Accepts tokens with neither a scope nor a role. Default false. Risk: every application in every accepted tenant can get such a
   * token without anybody's consent; only for an API that looks up every caller in a list of its own.
   */
  readonly acceptTokensWithoutPermissions?: boolean | undefined
  /**
   * Signature algorithms that are accepted. Default `['RS256']`, all that Entra uses; `PS256` and `ES256` for other issuers. A key
   * that does not name its algorithm counts for the first one here that fits its type.
   */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
  /**
   * Asks the authority for the keys of this application (`?appid={clientId}`), which sign its tokens when claims mapping or a key of
   * its own is configured. Default false. Applies to `tenantId`, not to additional registrations. Entra refuses such tokens as
   * assertions, so on-behalf-of is impossible: it is an AcquisitionError `custom_signing_keys`, and `downstreamApis` cannot be
   * given. App-only tokens are not affected.
   */
  readonly customSigningKeys?: boolean | undefined
  /** How far clocks may differ. Seconds; default 300. More widens the time in which a stolen token works. */
  readonly clockToleranceSeconds?: number | undefined
  /**
   * Longest token that is looked at. Characters; default 65 536, at most 256 000. Node itself accepts 16 KiB of headers unless
   * started with `--max-http-header-size`. More lets strangers make us hash and decode more.
   */
  readonly maxTokenLength?: number | undefined
  /**
   * Verified tokens that are remembered by digest, from their second use, so that a repeated one costs microseconds, at about 3 kB
   * each. Default 20 000; 0 remembers none. A remembered token still has to be unexpired and its key still published.
   */
  readonly maxCachedTokens?: number | undefined
  /** How the authority's signing keys are kept. */
  readonly signingKeys?: SigningKeysOptions | undefined
  /** This API as protected-resource metadata (RFC 9728) describes it; every challenge then names where that is found. */
  readonly resource?: ResourceOptions | undefined
  /** Where acquired tokens are kept. Default: in this process, 50 000 tokens or 128 MiB. */
  readonly tokenCache?: TokenCacheOptions | undefined
  /** Switches on `api.longRunning`; needs `tokenCache` with a `store`, since a session that a restart ends is none. */
  readonly longRunning?: LongRunningOptions | undefined
  /** From sending a token request to the last byte of the answer. Milliseconds; default 10 000. */
  readonly tokenRequestTimeoutMs?: number | undefined
  /** Retries, pauses and probes when the token endpoint fails. A managed identity has limits of its own. */
  readonly resilience?: ResilienceOptions | undefined
  /** Downstream APIs by name, for `caller.downstream(name)`: any other name does not compile. */
  readonly downstreamApis?: Readonly<Partial<Record<Api, DownstreamApiOptions>>> | undefined
  /**
   * How answers ask for the person. Default `rfc6750`: a challenge that any parser reads. `identity-web`: missing consent and the
   * authority's claims as the 403 of Microsoft.Identity.Web, for clients that were written against it and read no other.
   */
  readonly challengeStyle?: ChallengeStyle | undefined
  /**
   * A redirect URI of this API's registration, of the type web, for the page that people see after they consented to what this API does
   * for them. Default: none, and whoever opens the consent URL of a challenge has to add one: it ends as AADSTS900971 otherwise, unless
   * exactly one is registered.
   */
  readonly consentRedirectUri?: string | undefined
  /**
   * Switches on `api.revocations`: tokens issued before an instant are refused although they are valid. Kept in the store of
   * `tokenCache`, so that every process of the API knows; without one, in this process alone, and gone with it.
   */
  readonly revocations?: RevocationOptions | undefined
  /**
   * Switches on `currentCaller()`: hand in `runWithCaller` of `midtier/context`, and whatever a handler calls finds its caller. Default:
   * off, and nothing of it is loaded. Something else with this signature, such as another context of yours, may run the rest of a request.
   */
  readonly runWithCaller?: RunWithCaller | undefined
  /**
   * Is handed what goes on when a request has been answered: tokens, keys and revocations that are renewed ahead, `warmUp()`. For platforms that
   * end such work with the request: `waitUntil` of `cloudflare:workers` or of `@vercel/functions`, `after` of Next.js. Default: none; on
   * such a platform they are then renewed when a request needs them, which waits for it.
   */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
  /** Receives typed events: tokens validated, acquired, requested; APIs called. Never a token. */
  readonly observer?: Observer | undefined
  /** Follows the API while it works: `openTelemetry()` of `midtier/opentelemetry`. Default: nobody does, and it costs nothing. */
  readonly telemetry?: Telemetry | undefined
  /**
   * Where the failures are written that are yours to fix: every answer of 500, 502 or 503, and what fails in the background. Default:
   * one line each on the console; `false` switches it off. A logger of pino is one, and so is the console. At most ten lines a minute
   * for one kind of failure; the next says how many were left out. Never a token, a secret or a person's name.
   */
  readonly logger?: Logger | false | undefined
  /**
   * Whether callers that are refused (4xx) are in the log as well: one line each, with status, reason and trace id, through `logger`, which
   * then needs `info`. `warn` is what a client in order does not do. Ten lines a minute of one kind, as of failures. Default false: refusals
   * are events alone.
   */
  readonly logRefusals?: boolean | undefined
  /**
   * Is told of every token that is given out: which scopes, by which grant, for which account (`oid.tid`), as which agent, and from which
   * cache. Identifiers, never names; no line is left out. Apart from `logger`, so that the record can be kept longer and by others. A
   * logger of pino is one. Default: none, and nothing is recorded.
   */
  readonly auditLogger?: AuditLogger | undefined
  /** Default: the machine's clocks, the one that can be set and the one that cannot. */
  readonly clock?: Clock | undefined
  /**
   * How authorities and downstream APIs are asked. Default: the global `fetch` for downstream APIs, and for authorities what goes the
   * same way at little more than half of its cost: Node's own http client, until `fetch` was replaced or its dispatcher configured. Hand in
   * your own for mutual TLS or a kind of proxy of your own: then it does both.
   */
  readonly fetch?: Fetch | undefined
  /**
   * A proxy for requests to authorities, and for those alone: `http://user:password@proxy.contoso.com:8080`, with credentials
   * percent-encoded. `false`: no proxy, whatever the process is told. Default: as the global `fetch` goes, which obeys
   * `NODE_USE_ENV_PROXY` and undici's global dispatcher. Not beside `fetch`; Node alone. The proxy sees the hosts that are asked, and
   * no token.
   * @see docs/proxies.md
   */
  readonly proxy?: string | URL | false | undefined
}

/** What an API has with Entra alone, or has in another form with any other issuer. */
type EntraOnly =
  | 'tenantId'
  | 'instance'
  | 'allowedTenants'
  | 'customSigningKeys'
  | 'longRunning'
  | 'authority'
  | 'clientId'
  | 'clientCredential'
  | 'audience'
  | 'downstreamApis'

/**
 * Options of {@link createWebApi} for an API that is registered with an OpenID Connect issuer other than Entra. Callers are measured
 * by RFC 9068, and tokens for other APIs come by the token exchange of RFC 8693.
 */
export interface OpenIdWebApiOptions<Api extends string = string> extends Omit<
  WebApiOptions<Api>,
  EntraOnly
> {
  /** Who issues the tokens, and how it exchanges them. */
  readonly authority: OpenIdIssuerOptions
  /** Client id that tokens are acquired with. It is an accepted `aud` only if `audience` lists it. */
  readonly clientId: string
  /** How this API proves itself to the issuer. Absent: it validates callers but acquires no tokens. */
  readonly clientCredential?: ClientCredential | undefined
  /** What `aud` has to be. Compared exactly. */
  readonly audience: string | readonly string[]
  /** Downstream APIs by name, for `caller.downstream(name)`: any other name does not compile. */
  readonly downstreamApis?: Readonly<Partial<Record<Api, OpenIdDownstreamApiOptions>>> | undefined
  /** Entra's. */
  readonly tenantId?: never
  /** Entra's. */
  readonly instance?: never
  /** Entra's. */
  readonly allowedTenants?: never
  /** Entra's. */
  readonly customSigningKeys?: never
  /** Entra's: RFC 8693 gives no refresh token that is good for several APIs. */
  readonly longRunning?: never
}

/** The issuer of {@link OpenIdWebApiOptions}. */
export interface OpenIdIssuerOptions {
  /** `iss`, exactly as the issuer writes it: trailing slash included. */
  readonly issuer: string
  /** Default: the issuer followed by `/.well-known/openid-configuration`. */
  readonly metadataUrl?: string | undefined
  /** Where tokens are requested. Default: what the metadata say, read at the first use and once a day. The callers' tokens go there. */
  readonly tokenEndpoint?: string | undefined
  /**
   * What this issuer wants of a token exchange: a known one by its name, or one of your own made from `tokenExchangeProfiles`.
   * Default `rfc8693`, the standard as it is written.
   */
  readonly tokenExchange?: TokenExchangeProfileName | TokenExchangeProfile | undefined
}

/** Another registration whose tokens are accepted: of an Entra or External ID tenant, or of any OpenID Connect issuer. */
export type AdditionalRegistration = EntraRegistrationOptions | OpenIdRegistrationOptions

/** This API's registration in another tenant, cloud or External ID directory, or its second one in the same. */
export interface EntraRegistrationOptions {
  /** As {@link WebApiOptions.tenantId}. */
  readonly tenantId: string
  /** Application (client) id of this API there. */
  readonly clientId: string
  /** As {@link WebApiOptions.instance}; `https://{name}.ciamlogin.com/` for External ID. */
  readonly instance?: string | undefined
  /** As {@link WebApiOptions.audience}. */
  readonly audience?: string | readonly string[] | null | undefined
  /** As {@link WebApiOptions.allowedTenants}. */
  readonly allowedTenants?: readonly string[] | null | undefined
}

/**
 * An OpenID Connect issuer that is not Entra. It is measured by RFC 9068: `scope` for permissions, `azp` or `client_id` for the
 * client. Its callers have neither `tenantId` nor `objectId`, whatever their tokens claim: they are known by `issuer` and `subject`.
 */
export interface OpenIdRegistrationOptions {
  /** `iss`, exactly as the issuer writes it. */
  readonly issuer: string
  /**
   * Default: the issuer followed by `/.well-known/openid-configuration`. An issuer that publishes its keys in several documents, as
   * Azure AD B2C does for each policy, is listed once with each: a token of it may be signed with the keys of any.
   */
  readonly metadataUrl?: string | undefined
  /** What `aud` has to be. Compared exactly. */
  readonly audience: string | readonly string[]
}

/** How the signing keys of each authority are kept. */
export interface SigningKeysOptions {
  /**
   * Age from which the next use refreshes the keys in the background. Seconds; default 43 200 (12 hours). Longer honours a
   * withdrawn key for longer.
   */
  readonly refreshAfterSeconds?: number | undefined
  /**
   * How long the last known keys are honoured after that while the authority is down. Seconds; default 86 400 (24 hours). Longer
   * survives longer outages, and honours a withdrawn key for longer.
   */
  readonly keepSeconds?: number | undefined
  /**
   * Least time between two requests for the sake of an unknown key, or after a failure, and the longest that a token waits for the
   * next one, even if the authority asks for an hour. Seconds; default 30. Shorter lets strangers make us ask more often; longer delays
   * an unannounced rollover.
   */
  readonly cooldownSeconds?: number | undefined
  /** Longest wait for one document of the authority. Milliseconds; default 5 000. */
  readonly timeoutMs?: number | undefined
}

/** What protected-resource metadata says of this API. @see RFC 9728 §2 */
export interface ResourceOptions {
  /**
   * The URL of this API, exactly as clients are to name it: https, without query and fragment. A client may send it to the authority
   * as `resource`, and Entra compares it with the identifier URIs of the registration byte by byte, trailing slash included.
   */
  readonly identifier: string
  /** Scopes as a client asks the authority for them: `api://{clientId}/access_as_user`, not `access_as_user`. Default: none are listed. */
  readonly scopes?: readonly string[] | undefined
  /** Name for people. */
  readonly name?: string | undefined
  /** Page for developers. */
  readonly documentation?: string | undefined
}

/** Where acquired tokens are kept. */
export interface TokenCacheOptions {
  /** Most tokens in this process; the least recently used one gives way. Default 50 000. */
  readonly maxEntries?: number | undefined
  /** Most bytes of tokens in this process, about. Default 128 MiB. */
  readonly maxBytes?: number | undefined
  /** A store that processes share, such as `redisStore(client)` of `midtier/redis`. Default: none. */
  readonly store?: TokenStore | undefined
  /** The keys that seal what is written to `store`; needed with it. Whoever has them can read the tokens in the store. */
  readonly keyRing?: KeyRingOptions | undefined
  /** Longest wait for one operation of `store`. Milliseconds; default 500. A slower store counts as a miss and is reported. The client's own time limit belongs above it. */
  readonly storeTimeoutMs?: number | undefined
}

/** What is done when the token endpoint does not answer, answers 408, 429 or 5xx, or answers nonsense. A refusal is an answer. */
export interface ResilienceOptions {
  /** Further tries of one request after its first. Default 2; 0 makes none; at most 10. More makes an outage worse. */
  readonly maxRetries?: number | undefined
  /**
   * From the first try to the start of the last one's answer. Milliseconds; default twice `tokenRequestTimeoutMs` and a second, at
   * most 8 000. Longer keeps callers waiting in an outage.
   */
  readonly retryBudgetMs?: number | undefined
  /**
   * Failures in a row, of at least three callers, after which the endpoint is left alone; of one caller, after which that caller is
   * refused at once. Default 5. More sends more into an outage; 1 stops at the first hiccup.
   */
  readonly failuresToOpen?: number | undefined
  /** Least time between two probes of an endpoint that is left alone. Milliseconds; default 1 000. Shorter burdens what is recovering. */
  readonly probeEveryMs?: number | undefined
  /**
   * Longest pause that the endpoint can ask for by `Retry-After`. Seconds; default 300. It is kept by the caller that was told so, and by
   * everybody once three callers in a row were. Longer lets absurd answers stop a caller, or the API, for longer.
   */
  readonly longestPauseSeconds?: number | undefined
}

/** How revocations are kept. */
export interface RevocationOptions {
  /**
   * Oldest knowledge of the store that a token is accepted on. Seconds; default 30, at most 3 600. Messages of the store make a
   * revocation known at once; this is how late it is known when one is lost. Shorter asks the store more often.
   */
  readonly freshnessSeconds?: number | undefined
  /**
   * Longest lifetime of a token that this API accepts; a revocation is forgotten when no older token can be alive. Seconds; default
   * 108 000 (30 hours: with continuous access evaluation tokens live up to 28), at most 7 days. Shorter revives revoked tokens.
   */
  readonly longestTokenLifetimeSeconds?: number | undefined
  /**
   * When the store does not answer and what is known is older than `freshnessSeconds`: `refuse` (default) answers 503; `accept`
   * goes by what is known. Risk: a token that was revoked elsewhere is accepted for as long as the store is down.
   */
  readonly whenStoreFails?: 'refuse' | 'accept' | undefined
}

/** Long-running sessions. */
export interface LongRunningOptions {
  /** From its start to the end of a session, whatever happens. Seconds; default 90 days, as Entra's refresh tokens live unused. */
  readonly lifetimeSeconds?: number | undefined
}

/** A downstream API. */
export interface DownstreamApiOptions {
  /** Calls go below this URL and nowhere else; https, or http for loopback hosts. A missing trailing slash is added. */
  readonly baseUrl: string
  /** Delegated scopes of one resource: `['api://todolist/.default']` or `['User.Read']`. */
  readonly scopes: readonly string[]
  /**
   * Whose token it is called with. Default `onBehalfOf`: the caller's alone, and a caller without a user is refused (403).
   * `app`: the application's own, whoever calls; `either`: the user's for a user, the application's own for an application. The
   * application's token is for `{resource}/.default`. Risk of both: it carries all permissions granted to this API, so whatever a
   * caller may reach through it is for your requirements to decide.
   */
  readonly token?: 'onBehalfOf' | 'app' | 'either' | undefined
  /**
   * Longest wait for an answer, from the call to the headers, and for the JSON calls to the last byte; token, retries and waits between
   * them included. Milliseconds; default 30 000.
   */
  readonly timeoutMs?: number | undefined
  /** Longest answer that `…Json` and `getBytes` read. Bytes; default 10 MiB. */
  readonly maxResponseBytes?: number | undefined
  /**
   * How often an idempotent request is sent again when the API answers 429 or 503 with `Retry-After`. Default 2, at most 5; 0 never.
   * More makes an outage worse, the more so where several APIs in a row do it.
   */
  readonly maxRetries?: number | undefined
  /** Until when a retry has to begin, counted from the call; an API that wants more time is not asked again. Milliseconds; default 10 000. */
  readonly retryBudgetMs?: number | undefined
}

/** A downstream API whose tokens come by the token exchange of RFC 8693. At least one of `scopes` and `audience`, as the issuer wants it. */
export interface OpenIdDownstreamApiOptions extends Omit<DownstreamApiOptions, 'scopes'> {
  /** Scopes as the issuer spells them; nothing is added. Default: none are asked for, and the issuer decides. */
  readonly scopes?: readonly string[] | undefined
  /** The API by the name or URL that the issuer knows it by: the parameter `audience`, or `resource` if the profile says so. */
  readonly audience?: string | undefined
}
