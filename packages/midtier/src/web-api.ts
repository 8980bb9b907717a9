// createWebApi: the one place where the layers are wired; options in, an API that protects, acquires and calls out.
import type { AcquireForClientOptions, CallerFacts } from './acquire/requests.ts'
import type { AccessToken } from './acquire/token-source.ts'
import { authenticateRequest, singleHeader, type IncomingRequest } from './authenticate-request.ts'
import type { ResourceMetadata } from './bearer/resource-metadata.ts'
import { Caller, type CallerTokens } from './caller.ts'
import { checkExchangeable, createAcquirer, type Acquirer } from './create-acquirer.ts'
import {
  BearerError,
  ConfigurationError,
  InteractionRequiredError,
  type ResourceFacts,
} from './kernel/errors.ts'
import { createCallContext, type CallContext } from './kernel/observer.ts'
import { createTraceId, parseTraceId } from './kernel/trace-context.ts'
import { createLongRunningApi, type KnownCaller, type LongRunningApi } from './long-running-api.ts'
import type { WebApiOptions } from './options.ts'
import type { TokenExplanation } from './protect/explain.ts'
import { resolveRequirements, type Requirements } from './protect/requirements.ts'
import {
  createTokenValidator,
  type TokenValidator,
  type ValidatedToken,
  type ValidatorHealth,
} from './protect/validate-access-token.ts'
import { resolveOptions, type Settings } from './settings/settings.ts'
import { getAccount, type Account } from './token-cache/account.ts'

/** A web API: validates who calls it, and calls other APIs for them. Make one per process and registration. */
export interface WebApi {
  /**
   * The validated caller of a request.
   *
   * @throws BearerError that knows its status and challenge, AuthorityUnavailableError when there are no keys to validate with.
   */
  authenticate(request: IncomingRequest, requirements?: Requirements): Promise<Caller>
  /** Checks the requirements of a route where it is defined. @throws ConfigurationError naming the member at fault. */
  checkRequirements(requirements: Requirements): void
  /**
   * An app-only token, from the cache or the authority.
   *
   * @throws AcquisitionError, TokenRequestError, AuthorityUnavailableError
   */
  acquireTokenForClient(options: AcquireForClientOptions): Promise<AccessToken>
  /** Work on behalf of a user that outlives the user's token; see the option `longRunning`. */
  readonly longRunning: LongRunningApi
  /** Deletes every token of an account, in every process that shares the store. Does not revoke them at the authority. */
  forget(account: Pick<Account, 'id'>): Promise<void>
  /** Fetches metadata and keys of every registration ahead of the first request. @throws AuthorityUnavailableError */
  warmUp(): Promise<void>
  /** The state of the token gate at this moment, for a readiness probe. Asks nobody: see {@link WebApi.warmUp}. */
  health(): WebApiHealth
  /** The protected-resource metadata of this API; `undefined` without the option `resource`. @see RFC 9728 §2 */
  resourceMetadata(): ResourceMetadata | undefined
  /** Stops background work and listening to the shared store; requests under way finish. Does not close the store's client. */
  close(): Promise<void>
}

/** State of a web API's token gate. */
export type WebApiHealth = ValidatorHealth

/** By identity, so that explaining needs nothing on the interface that every stand-in for a `WebApi` would have to have. */
const validators = new WeakMap<WebApi, TokenValidator>()

/**
 * Creates the identity layer of a web API.
 *
 * @throws ConfigurationError at once, naming the option at fault and the fix. Does not contact the authority: see {@link WebApi.warmUp}.
 */
export function createWebApi(options: WebApiOptions): WebApi {
  const settings = resolveOptions(options)
  const validator = createValidator(settings)
  const acquirer = createAcquirer(settings)
  const resource = resourceFacts(settings)
  const gate = { validator, maxTokenLength: settings.validator.maxTokenLength }
  const contextOf = (traceId: string | undefined): CallContext =>
    createCallContext(settings.observer, () => settings.clock.nowMs(), traceId)

  // By identity: a caller made by hand, or by another API, has no token that could be exchanged here.
  const callers = new WeakMap<Caller, KnownCaller>()
  const api: WebApi = {
    async authenticate(request, requirements) {
      const context = contextOf(parseTraceId(singleHeader(request, 'traceparent')) ?? createTraceId())
      try {
        const validated = await authenticateRequest(gate, request, requirements, context)
        const caller = createCaller(settings, acquirer, validated, context, resource)
        callers.set(caller, {
          facts: factsOf(settings, validated),
          context,
          checkExchangeable: () => {
            checkExchangeable(settings, validated)
          },
        })
        return caller
      } catch (error) {
        if (error instanceof BearerError) report(error, resource, context)
        throw error
      }
    },
    checkRequirements(requirements) {
      resolveRequirements(requirements)
    },
    async acquireTokenForClient(forClient) {
      const { requests, source } = acquirer()
      return source.acquire(requests.forClient(forClient, contextOf(undefined)))
    },
    async forget({ id }) {
      const { requests, source } = acquirer()
      await source.forget(requests.partition(id))
    },
    warmUp: () => validator.warmUp(),
    health: () => validator.health(),
    resourceMetadata: () => settings.resource?.metadata,
    longRunning: createLongRunningApi(
      settings,
      acquirer,
      (caller) => callers.get(caller),
      () => contextOf(undefined),
    ),
    async close() {
      validator.close()
      if (settings.clientCredential !== undefined) await acquirer().source.close()
    },
  }
  validators.set(api, validator)
  return api
}

/**
 * Why a web API accepts a token or refuses it: every check with what was expected, what came, and the likely mistake. Safe to paste:
 * no token, and claims that may tell about a person are masked.
 *
 * Does not run the `check` function of the requirements, and never throws for what the token holds.
 * @throws ConfigurationError when `api` was not made by `createWebApi`, or when the requirements cannot be meant.
 */
export function explainToken(
  api: WebApi,
  token: string,
  requirements?: Requirements,
): Promise<TokenExplanation> {
  const validator = validators.get(api)
  if (validator === undefined) throw new ConfigurationError('api', 'is not a web API that createWebApi made')
  return validator.explain(token, requirements)
}

function createValidator({ validator, fetch, clock, observer }: Settings): TokenValidator {
  const { observe } = createCallContext(observer, () => clock.nowMs(), undefined)
  return createTokenValidator(validator, { fetch, clock, observe })
}

function resourceFacts({
  registration: { authority, clientId },
  tenantId,
  resource,
}: Settings): ResourceFacts {
  const scopes = resource?.metadata.scopes_supported
  return Object.freeze({
    authorizationUri: authority.authorizeEndpoint(tenantId),
    clientId,
    ...(resource === undefined ? {} : { resourceMetadata: resource.metadataUrl }),
    ...(scopes === undefined ? {} : { requestableScopes: scopes }),
  })
}

function report(error: BearerError, resource: ResourceFacts, context: CallContext): void {
  error.resource = resource
  context.observe({ type: 'token_refused', status: error.status, error: error.error, reason: error.reason })
}

function createCaller(
  settings: Settings,
  acquirer: () => Acquirer,
  validated: ValidatedToken,
  context: CallContext,
  resource: ResourceFacts,
): Caller {
  const { principal } = validated
  const account = accountOf(settings, validated)
  const facts = factsOf(settings, validated)
  const acquire = async (
    kind: keyof CallerTokens,
    options: Parameters<CallerTokens['silent']>[0],
  ): Promise<AccessToken> => {
    checkExchangeable(settings, validated)
    const { requests, source } = acquirer()
    return source.acquire(requests[kind](facts, options, context)).catch((error: unknown) => {
      if (error instanceof InteractionRequiredError) error.resource = resource
      throw error
    })
  }
  const tokens: CallerTokens = {
    silent: (options) => acquire('silent', options),
    onBehalfOf: (options) => acquire('onBehalfOf', options),
  }
  const { downstreamApis, fetch, clock } = settings
  const nowMs = (): number => clock.nowMs()
  return new Caller({ principal, account, context, downstreamApis, fetch, nowMs, tokens })
}

function factsOf(settings: Settings, validated: ValidatedToken): CallerFacts {
  const { principal, assertion } = validated
  return { principal, assertion, accountId: accountOf(settings, validated)?.id }
}

/** Whose tokens are cached: another authority could write the `oid` and `tid` of our users, and nothing is cached for its callers. */
function accountOf(settings: Settings, { principal, registration }: ValidatedToken): Account | undefined {
  const ours = registration === settings.registration && principal.kind === 'user'
  return ours ? getAccount(principal.claims) : undefined
}
