// What `createWebApi` takes: every option with its meaning, unit, default, and the risk of relaxing it.
import type { ClientCredential } from './client-auth/client-credential.ts'
import type { Clock } from './kernel/clock.ts'
import type { Fetch } from './kernel/http.ts'
import type { Observer } from './kernel/observer.ts'
import type { SignatureAlgorithm } from './kernel/signature-algorithm.ts'
import type { Requirements } from './protect/requirements.ts'
import type { KeyRingOptions } from './token-cache/key-ring.ts'
import type { TokenStore } from './token-cache/store.ts'

/** Options of {@link createWebApi}. */
export interface WebApiOptions {
  /**
   * Tenant of the registration: its GUID or a verified domain. `organizations` for a multi-tenant API: then say which tenants may
   * call with `allowedTenants`.
   */
  readonly tenantId: string
  /** Application (client) id of this API's registration: a GUID. */
  readonly clientId: string
  /** How this API proves itself to the authority. Absent: it validates callers but acquires no tokens. */
  readonly clientCredential?: ClientCredential
  /**
   * Authority host, such as `https://login.microsoftonline.us/` for US Government, or an emulator's origin.
   * Default: `https://login.microsoftonline.com/`. Plain http is accepted for loopback hosts alone.
   */
  readonly instance?: string
  /**
   * What `aud` may be beside the default, which is the client id, and for v1.0 tokens `api://{clientId}` as well. Compared exactly.
   * `null` accepts tokens that were issued for any other API: whoever runs one of those can call this one as its users.
   */
  readonly audience?: string | readonly string[] | null
  /**
   * Tenants (GUIDs) whose callers are accepted. Default: the tenant of `tenantId`; needed when that is `organizations` or `common`.
   * `null` accepts every tenant in the world: then data has to be kept apart by `principal.tenantId`.
   */
  readonly allowedTenants?: readonly string[] | null
  /**
   * Further registrations and authorities whose tokens are accepted, 20 at most; the issuer of a token selects the one that it is
   * measured against. Their callers are validated in full, but nothing is acquired on their behalf, so they have no `account`.
   */
  readonly additionalRegistrations?: readonly AdditionalRegistration[]
  /**
   * What every caller of this API has to meet beside the requirements of a route; both have to be met. Default: nothing more
   * than a valid token.
   */
  readonly requirements?: Requirements
  /**
   * Accepts tokens with neither a scope nor a role. Default false. Risk: every application in every accepted tenant can get such a
   * token without anybody's consent; only for an API that looks up every caller in a list of its own.
   */
  readonly acceptTokensWithoutPermissions?: boolean
  /**
   * Signature algorithms that are accepted. Default `['RS256']`, all that Entra uses; `PS256` and `ES256` for other issuers. A key
   * that does not name its algorithm counts for the first one here that fits its type.
   */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /**
   * Asks the authority for the keys of this application (`?appid={clientId}`), which sign its tokens when claims mapping or a key of
   * its own is configured. Default false. Applies to `tenantId`, not to additional registrations. Entra refuses such tokens as
   * assertions, so on-behalf-of is impossible: it is an AcquisitionError `custom_signing_keys`, and `downstreamApis` cannot be
   * given. App-only tokens are not affected.
   */
  readonly customSigningKeys?: boolean
  /** How far clocks may differ. Seconds; default 300. More widens the time in which a stolen token works. */
  readonly clockToleranceSeconds?: number
  /**
   * Longest token that is looked at. Characters; default 65 536, at most 256 000. Node itself accepts 16 KiB of headers unless
   * started with `--max-http-header-size`. More lets strangers make us hash and decode more.
   */
  readonly maxTokenLength?: number
  /**
   * Verified tokens that are remembered by digest, so that a repeated one costs microseconds, at about 3 kB each. Default 20 000;
   * 0 remembers none. A remembered token still has to be unexpired and its key still published.
   */
  readonly maxCachedTokens?: number
  /** How the authority's signing keys are kept. */
  readonly signingKeys?: SigningKeysOptions
  /** This API as protected-resource metadata (RFC 9728) describes it; every challenge then names where that is found. */
  readonly resource?: ResourceOptions
  /** Where acquired tokens are kept. Default: in this process, 50 000 tokens or 128 MiB. */
  readonly tokenCache?: TokenCacheOptions
  /** Switches on `api.longRunning`; needs `tokenCache` with a `store`, since a session that a restart ends is none. */
  readonly longRunning?: LongRunningOptions
  /** From sending a token request to the last byte of the answer. Milliseconds; default 10 000. */
  readonly tokenRequestTimeoutMs?: number
  /** Downstream APIs by name, for `caller.downstream(name)`. */
  readonly downstreamApis?: Readonly<Record<string, DownstreamApiOptions>>
  /** Receives typed events: tokens validated, acquired, requested; APIs called. Never a token. */
  readonly observer?: Observer
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Default: the global `fetch`. Hand in your own for a proxy or mutual TLS. */
  readonly fetch?: Fetch
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
  readonly instance?: string
  /** As {@link WebApiOptions.audience}. */
  readonly audience?: string | readonly string[] | null
  /** As {@link WebApiOptions.allowedTenants}. */
  readonly allowedTenants?: readonly string[] | null
}

/**
 * An OpenID Connect issuer that is not Entra. It is measured by RFC 9068: `scope` for permissions, `azp` or `client_id` for the
 * client. Its callers have neither `tenantId` nor `objectId`, whatever their tokens claim: they are known by `issuer` and `subject`.
 */
export interface OpenIdRegistrationOptions {
  /** `iss`, exactly as the issuer writes it. */
  readonly issuer: string
  /** Default: the issuer followed by `/.well-known/openid-configuration`. */
  readonly metadataUrl?: string
  /** What `aud` has to be. Compared exactly. */
  readonly audience: string | readonly string[]
}

/** How the signing keys of each authority are kept. */
export interface SigningKeysOptions {
  /**
   * Age from which the next use refreshes the keys in the background. Seconds; default 43 200 (12 hours). Longer honours a
   * withdrawn key for longer.
   */
  readonly refreshAfterSeconds?: number
  /**
   * How long the last known keys are honoured after that while the authority is down. Seconds; default 86 400 (24 hours). Longer
   * survives longer outages, and honours a withdrawn key for longer.
   */
  readonly keepSeconds?: number
  /**
   * Least time between two requests for the sake of an unknown key, or after a failure. Seconds; default 30. Shorter lets strangers
   * make us ask more often; longer delays an unannounced rollover.
   */
  readonly cooldownSeconds?: number
  /** Longest wait for one document of the authority. Milliseconds; default 5 000. */
  readonly timeoutMs?: number
}

/** What protected-resource metadata says of this API. @see RFC 9728 §2 */
export interface ResourceOptions {
  /**
   * The URL of this API, exactly as clients are to name it: https, without query and fragment. A client may send it to the authority
   * as `resource`, and Entra compares it with the identifier URIs of the registration byte by byte, trailing slash included.
   */
  readonly identifier: string
  /** Scopes as a client asks the authority for them: `api://{clientId}/access_as_user`, not `access_as_user`. Default: none are listed. */
  readonly scopes?: readonly string[]
  /** Name for people. */
  readonly name?: string
  /** Page for developers. */
  readonly documentation?: string
}

/** Where acquired tokens are kept. */
export interface TokenCacheOptions {
  /** Most tokens in this process; the least recently used one gives way. Default 50 000. */
  readonly maxEntries?: number
  /** Most bytes of tokens in this process, about. Default 128 MiB. */
  readonly maxBytes?: number
  /** A store that processes share, such as `redisStore(client)` of `midtier/redis`. Default: none. */
  readonly store?: TokenStore
  /** The keys that seal what is written to `store`; needed with it. Whoever has them can read the tokens in the store. */
  readonly keyRing?: KeyRingOptions
  /** Longest wait for one operation of `store`. Milliseconds; default 500. A slower store counts as a miss and is reported. */
  readonly storeTimeoutMs?: number
}

/** Long-running sessions. */
export interface LongRunningOptions {
  /** From its start to the end of a session, whatever happens. Seconds; default 90 days, as Entra's refresh tokens live unused. */
  readonly lifetimeSeconds?: number
}

/** A downstream API. */
export interface DownstreamApiOptions {
  /** Calls go below this URL and nowhere else; https, or http for loopback hosts. A missing trailing slash is added. */
  readonly baseUrl: string
  /** Delegated scopes of one resource: `['api://todolist/.default']` or `['User.Read']`. */
  readonly scopes: readonly string[]
  /** Longest wait for an answer. Milliseconds; default 30 000. */
  readonly timeoutMs?: number
  /** Longest JSON answer. Bytes; default 10 MiB. */
  readonly maxResponseBytes?: number
}
