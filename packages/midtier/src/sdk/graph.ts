// Microsoft Graph's two SDKs acting for one caller: the providers of tokens that `microsoft-graph-client` and Kiota ask.
import type { Caller } from '../web-api/caller.ts'
import { systemClock } from '../kernel/time/clock.ts'
import { AcquisitionError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { checkGraphUrl, defaultScopes, resolveHosts } from './graph-hosts.ts'
import { currentCall, GraphCall, runAsCall } from './graph-calls.ts'
import { demandedClaims, isGraphError, translate } from './graph-relay.ts'
import { bindToRequest, requestBoundOptions, type RequestBoundOptions } from './request-bound.ts'

export type { RequestBoundOptions } from './request-bound.ts'

/** What a provider asks for, and where its tokens go. */
export interface GraphOptions extends RequestBoundOptions {
  /** Scopes of Graph. Default: `https://{Graph}/.default`, everything that was consented to, of the first Graph in `hosts`. */
  readonly scopes?: readonly string[]
  /**
   * Hosts that may see the tokens, compared exactly. Default: Graph's in the global, US Government and China clouds. In one of the
   * latter two, name your host: it decides the default of `scopes` as well. Risk: whoever runs a host that is named here gets the
   * caller's tokens.
   */
  readonly hosts?: readonly string[]
}

/** Options of one request through the Graph SDK: its `AuthenticationProviderOptions`, and claims. */
export interface GraphTokenOptions {
  /** Instead of the provider's. */
  readonly scopes?: readonly string[]
  /** A claims request from a challenge, as JSON or base64. */
  readonly claims?: string
}

/** The `AuthenticationProvider` of `@microsoft/microsoft-graph-client` for one caller. */
export interface GraphAuthenticationProvider {
  /** What the SDK calls before each request. @throws as `caller.acquireToken`; the SDK wraps it: see {@link relay}. */
  getAccessToken(options?: GraphTokenOptions): Promise<string>
  /** For the option of that name of the SDK's client: without it, the SDK sends no token to a host that it does not know itself. */
  readonly customHosts: Set<string>
  /**
   * Runs one request of the SDK, and lets out what the API can answer with: a challenge for its caller as it was, any other
   * refusal of Graph as a `DownstreamError`. When Graph answers 401 with a claims challenge, a token that satisfies it is acquired and
   * `call` runs once more: put one request into it, with a body that can be sent twice.
   */
  relay<Result>(call: () => Promise<Result>): Promise<Result>
}

/** What Kiota wants to know of its hosts; a class with private members, so it has to be Kiota's own. */
interface HostsValidator {
  isUrlHostValid(url: string): boolean
}

/** {@link GraphOptions} for Kiota. */
export interface GraphAccessTokenOptions<Validator extends HostsValidator> extends GraphOptions {
  /** The class of that name in `@microsoft/kiota-abstractions`, which midtier does not import. */
  readonly AllowedHostsValidator: new (allowedHosts: Set<string>) => Validator
}

/** Kiota's `AccessTokenProvider` for one caller, to be wrapped in its `BaseBearerTokenAuthenticationProvider`. */
export interface GraphAccessTokenProvider<Validator extends HostsValidator> {
  /**
   * What Kiota calls before each request; `claims` in the context are read as base64 or JSON.
   *
   * @throws AcquisitionError for a host that is not allowed, where Kiota's own providers give an empty token; else as `caller.acquireToken`.
   */
  getAuthorizationToken(url?: string, context?: Readonly<Record<string, unknown>>): Promise<string>
  /** Narrowing it takes effect; widening it does not. */
  getAllowedHostsValidator(): Validator
}

const optionNames: readonly string[] = ['scopes', 'hosts', ...requestBoundOptions]

/**
 * The authentication provider of `@microsoft/microsoft-graph-client` for the caller of one request. Make it anew, with its client, for each.
 *
 * @throws ConfigurationError at once for options that cannot work. Does not see where the SDK sends a token: that is to Graph's hosts and
 *   the client's `customHosts`, by https.
 * @example
 * ```ts
 * const authProvider = graphAuthenticationProvider(req.caller, { scopes: ['User.Read'] })
 * const graph = Client.initWithMiddleware({ authProvider }) // of '@microsoft/microsoft-graph-client'
 * const me: unknown = await authProvider.relay(() => graph.api('/me').get())
 * ```
 */
export function graphAuthenticationProvider(
  caller: Caller,
  options: GraphOptions = {},
): GraphAuthenticationProvider {
  checkKnownOptions(options, optionNames, '')
  const acquire = bindToRequest(caller, options)
  const hosts = resolveHosts(options.hosts)
  const { scopes = defaultScopes(hosts), clock = systemClock } = options
  const acquireFor = async (asked: readonly string[], claims: string | undefined): Promise<string> =>
    (await acquire({ scopes: asked, ...(claims === undefined ? {} : { claims }) })).accessToken

  const provider: GraphAuthenticationProvider = {
    customHosts: new Set(hosts),

    async getAccessToken(wanted = {}) {
      const { scopes: asked = scopes, claims } = wanted
      const call = currentCall(provider)
      call?.ask(asked)
      try {
        return await acquireFor(asked, claims)
      } catch (error) {
        call?.failures.remember(error)
        throw error
      }
    },

    async relay(send) {
      const call = new GraphCall()
      const askedLists = (): readonly (readonly string[])[] =>
        call.asked.length === 0 ? [scopes] : call.asked
      const translated = (error: unknown): unknown =>
        isGraphError(error)
          ? caller.relayed(
              call.failures.originalOf(error) ?? translate(error, askedLists().flat(), clock.nowMs()),
            )
          : error
      try {
        return await runAsCall(provider, call, send)
      } catch (error) {
        const claims = isGraphError(error) ? demandedClaims(error) : undefined
        if (claims === undefined) throw translated(error)
        await Promise.all(askedLists().map((asked) => acquireFor(asked, claims)))
        return runAsCall(provider, call, send).catch((again: unknown) => {
          throw translated(again)
        })
      }
    },
  }
  return provider
}

/**
 * Kiota's provider of access tokens for the caller of one request. Make it anew, with its request adapter, for each.
 *
 * @throws ConfigurationError at once for options that cannot work.
 * @example
 * ```ts
 * const provider = graphAccessTokenProvider(req.caller, { AllowedHostsValidator, scopes: ['User.Read'] })
 * const authentication = new BaseBearerTokenAuthenticationProvider(provider) // both classes of '@microsoft/kiota-abstractions'
 * ```
 */
export function graphAccessTokenProvider<Validator extends HostsValidator>(
  caller: Caller,
  options: GraphAccessTokenOptions<Validator>,
): GraphAccessTokenProvider<Validator> {
  checkKnownOptions(options, [...optionNames, 'AllowedHostsValidator'], '')
  const acquire = bindToRequest(caller, options)
  const hosts = resolveHosts(options.hosts)
  const { scopes = defaultScopes(hosts) } = options
  const validator = new options.AllowedHostsValidator(new Set(hosts))

  return {
    async getAuthorizationToken(url = '', context = {}) {
      try {
        checkGraphUrl(url, validator.isUrlHostValid(url) ? hosts : [])
        const token = await acquire({ scopes, ...claimsOf(context['claims']) })
        return token.accessToken
      } catch (error) {
        throw caller.relayed(error)
      }
    },
    getAllowedHostsValidator: () => validator,
  }
}

/** A challenge that cannot be read is refused: without it, the token that Graph rejected would be sent again. */
function claimsOf(claims: unknown): { claims?: string } {
  if (claims === undefined) return {}
  if (typeof claims === 'string') return { claims }
  throw new AcquisitionError('claims_malformed', 'The claims of the authentication context are not a string')
}
