// Azure SDK clients acting for one caller, or for the application itself: a `TokenCredential` that the clients ask for every request.
import type { Caller } from '../web-api/caller.ts'
import { systemClock, type Clock } from '../kernel/time/clock.ts'
import { AcquisitionError, ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { callerMark, hasMark, leaveBeside } from '../kernel/errors/marks.ts'
import type { AcquireOptions } from '../acquire/request/requests.ts'
import type { AccessToken } from '../acquire/token-source.ts'
import type { Acting } from '../web-api/acting.ts'
import type { WebApi } from '../web-api/web-api.ts'
import { bindToRequest, requestBoundOptions, type RequestBoundOptions } from './request-bound.ts'

export type { RequestBoundOptions } from './request-bound.ts'

/** The `AbortSignalLike` of the Azure SDK. */
interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** What an Azure SDK client says when it asks for a token: the `GetTokenOptions` of `@azure/core-auth`. */
export interface GetTokenOptions {
  readonly abortSignal?: AbortSignalLike | undefined
  /** `timeout` in milliseconds. */
  readonly requestOptions?: { readonly timeout?: number | undefined } | undefined
  /** A claims request from a challenge, as JSON or base64. */
  readonly claims?: string | undefined
  /** Changes nothing: which capabilities are declared to the authority is decided by the web API, for all its tokens. */
  readonly enableCae?: boolean | undefined
  /** The tenant that a challenge named. */
  readonly tenantId?: string | undefined
  readonly proofOfPossessionOptions?: object | undefined
}

/** A token as the Azure SDK wants it. */
export interface CredentialToken {
  readonly token: string
  /**
   * Milliseconds since the epoch. Always now: the Azure SDK keeps one token for each client, whatever the scopes and whoever the user,
   * and is made to ask every time; midtier has the cache.
   */
  readonly expiresOnTimestamp: number
  readonly tokenType: 'Bearer'
}

/** Assignable to the `TokenCredential` of `@azure/core-auth`. */
export interface Credential {
  /** @throws as `caller.acquireToken` or `api.acquireTokenForClient`; AcquisitionError for another tenant or a bound token. */
  getToken(scopes: string | readonly string[], options?: GetTokenOptions): Promise<CredentialToken>
}

/** Options of {@link tokenCredential}. */
export type TokenCredentialOptions = RequestBoundOptions

/** Options of {@link applicationTokenCredential}. */
export interface ApplicationTokenCredentialOptions {
  /** Tenant (GUID) to act in. A challenge that names another one is refused: a resource does not choose where we sign in. */
  readonly tenantId: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

/**
 * A credential for Azure SDK clients that act as the caller of one request. Make both anew for each request: it ends with
 * `lifetimeMs`, with `signal`, and with the caller's token. {@link withTokenCredential} ends it by itself.
 *
 * @throws ConfigurationError at once when the caller is not one that `createWebApi` made.
 * @example
 * ```ts
 * const credential = tokenCredential(req.caller, { signal: clientGone(res) })
 * const secrets = new SecretClient('https://contoso.vault.azure.net', credential) // for this request alone
 * const { value } = await secrets.getSecret('greeting')
 * ```
 */
export function tokenCredential(caller: Caller, options: TokenCredentialOptions = {}): Credential {
  checkKnownOptions(options, requestBoundOptions, '')
  const acquire = bindToRequest(caller, options)
  return createCredential(acquire, (error) => caller.relayed(error), caller.principal.tenantId, options.clock)
}

/**
 * Runs `use` with a credential that acts as the caller, and ends it when `use` is done: a client that is kept beyond it by mistake
 * is refused a token, never given this caller's.
 *
 * @throws what `use` throws; ConfigurationError as {@link tokenCredential}.
 * @example
 * ```ts
 * const { value } = await withTokenCredential(req.caller, (credential) =>
 *   new SecretClient('https://contoso.vault.azure.net', credential).getSecret('greeting'),
 * )
 * ```
 */
export async function withTokenCredential<Result>(
  caller: Caller,
  use: (credential: Credential) => Promise<Result>,
  options: TokenCredentialOptions = {},
): Promise<Result> {
  const end = new AbortController()
  const signal = options.signal === undefined ? end.signal : AbortSignal.any([options.signal, end.signal])
  try {
    return await use(tokenCredential(caller, { ...options, signal }))
  } finally {
    end.abort()
  }
}

/**
 * A credential for Azure SDK clients that act as the application itself, with all its permissions and whoever the caller is. May be
 * kept and shared. With an agent in place of the API (`api.agent(id)`, `api.agent(id).asUser(…)`) they act as that agent, in its tenant.
 *
 * @throws ConfigurationError at once when it is given something other than a web API.
 * @example
 * ```ts
 * const credential = applicationTokenCredential(api, { tenantId: 'c0000000-0000-4000-8000-000000000001' })
 * const secrets = new SecretClient('https://contoso.vault.azure.net', credential) // may be kept: it acts for no user
 * ```
 */
export function applicationTokenCredential(
  api: WebApi | Acting,
  options: ApplicationTokenCredentialOptions,
): Credential {
  checkKnownOptions(options, ['tenantId', 'clock'], '')
  const { tenantId, clock } = options
  const acquire = acquireAs(api, tenantId)
  if (acquire === undefined)
    throw new ConfigurationError(
      'api',
      'is neither a web API nor an agent: for a caller, use tokenCredential',
    )
  if (tenantId === '') throw new ConfigurationError('tenantId', 'is empty: name the tenant to act in')
  return createCredential(acquire, (error) => leaveBeside(api, error), tenantId, clock)
}

/** `undefined` for what does not act by itself. A caller has an `acquireToken`, too, and is of one request. */
function acquireAs(
  actor: Partial<Pick<WebApi, 'acquireTokenForClient'> & Acting>,
  tenantId: string,
): ((request: AcquireOptions) => Promise<AccessToken>) | undefined {
  const { acquireTokenForClient, acquireToken } = actor
  if (typeof acquireTokenForClient === 'function')
    return (request) => acquireTokenForClient.call(actor, { ...request, tenantId })
  if (typeof acquireToken !== 'function' || hasMark(actor, callerMark)) return undefined
  return (request) => acquireToken.call(actor, request)
}

function createCredential(
  acquire: (request: AcquireOptions) => Promise<AccessToken>,
  leave: (error: unknown) => unknown,
  tenantId: string,
  clock: Clock = systemClock,
): Credential {
  return {
    async getToken(scopes, options = {}) {
      const refusal = findUnsupported(options, tenantId)
      if (refusal !== undefined) throw leave(refusal)
      const abort = listenTo(options.abortSignal)
      try {
        const { accessToken } = await acquire({
          scopes: typeof scopes === 'string' ? [scopes] : scopes,
          ...optional('claims', options.claims),
          ...optional('timeoutMs', options.requestOptions?.timeout),
          ...optional('signal', abort.signal),
        })
        return { token: accessToken, expiresOnTimestamp: clock.nowMs(), tokenType: 'Bearer' }
      } finally {
        abort.stopListening()
      }
    },
  }
}

function findUnsupported(options: GetTokenOptions, tenantId: string): AcquisitionError | undefined {
  if (options.tenantId !== undefined && options.tenantId.toLowerCase() !== tenantId.toLowerCase())
    return new AcquisitionError(
      'other_tenant',
      'The Azure service asks for a token of another tenant than the one that this credential acts in',
    )
  if (options.proofOfPossessionOptions !== undefined)
    return new AcquisitionError('bound_token', 'Tokens that are bound to a key are not supported')
  return undefined
}

interface Listening {
  readonly signal: AbortSignal | undefined
  stopListening(): void
}

/** Older Azure SDKs bring an abort signal of their own, which `AbortSignal.any` would refuse. */
function listenTo(like: AbortSignalLike | undefined): Listening {
  if (like === undefined || like instanceof AbortSignal)
    return { signal: like, stopListening: () => undefined }
  const controller = new AbortController()
  const abort = (): void => {
    controller.abort()
  }
  if (like.aborted) abort()
  else like.addEventListener('abort', abort)
  return {
    signal: controller.signal,
    stopListening: () => {
      like.removeEventListener('abort', abort)
    },
  }
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>)
}
