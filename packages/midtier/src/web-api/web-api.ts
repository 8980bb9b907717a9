// The one place where the layers are wired: options in, an API that protects, acquires and calls out.
import type { AcquireForClientOptions } from '../acquire/request/requests.ts'
import type { ComposedTokenSource } from '../acquire/create-token-source.ts'
import type { AccessToken } from '../acquire/token-source.ts'
import type { Acting } from './acting.ts'
import { type Agent, type AgentOptions, createAgents } from './agent.ts'
import { type ApplicationOptions, createApplications } from './application.ts'
import { type Authentication, createAuthentication } from './authenticate-request.ts'
import type { IncomingRequest } from './incoming-request.ts'
import type { ResourceMetadata } from '../bearer/resource-metadata.ts'
import { Caller } from './caller.ts'
import { createCallerHome, give } from './caller-home.ts'
import { createAcquirer, demandAcquirer, type Acquirer } from './create-acquirer.ts'
import { refuseArgument } from '../kernel/check-argument.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { eachStep } from '../kernel/errors/each-step.ts'
import { createHealth, type WebApiHealth } from './health.ts'
import { orLeave } from '../answer/exit-note.ts'
import { hasMark, webApiMark } from '../kernel/errors/marks.ts'
import type { CallContext, Operation } from '../kernel/observer.ts'
import { createExit, type Exit } from '../answer/outgoing-errors.ts'
import { createLongRunningApi, type LongRunningApi } from './long-running-api.ts'
import { openSharedStore } from './open-shared-store.ts'
import type { AnyWebApiOptions } from '../options.ts'
import type { TokenExplanation } from '../protect/explain.ts'
import { explainMcp } from '../protect/mcp-registration.ts'
import { scopeNames } from '../protect/requirements/requirements.ts'
import type { Requirements } from './requirements.ts'
import {
  createTokenValidator,
  type TokenValidator,
  type ValidatorPorts,
} from '../protect/validate-access-token.ts'
import type { Revocations } from '../protect/revocations/revocations.ts'
import { createRevocations, createRevocationsApi, type RevocationsApi } from './revocations-api.ts'
import { resolveOptions, type Settings } from '../settings/settings.ts'
import type { Account } from '../token-cache/account.ts'
import { watch } from './watch.ts'

/**
 * A web API: validates who calls it, and calls other APIs for them. Make one per process and registration. `Api` are the names of its
 * `downstreamApis`; without them, as in a function that takes any web API, every name compiles.
 */
export interface WebApi<Api extends string = string> {
  /**
   * The validated caller of a request.
   *
   * @throws BearerError that knows its status and challenge, AuthorityUnavailableError when there are no keys to validate with.
   */
  authenticate(request: IncomingRequest, requirements?: Requirements<Api>): Promise<Caller<Api>>
  /** Checks the requirements of a route where it is defined. @throws ConfigurationError naming the member at fault. */
  checkRequirements(requirements: Requirements<Api>): void
  /**
   * An app-only token, from the cache or the authority.
   *
   * @throws AcquisitionError, TokenRequestError, AuthorityUnavailableError
   */
  acquireTokenForClient(options: AcquireForClientOptions): Promise<AccessToken>
  /**
   * The application itself, with its own permissions: the downstream APIs by name, whatever `token` they are configured with, when nobody
   * called, or whoever did. What a caller may reach through it is for your requirements to decide.
   *
   * @example
   * ```ts
   * const counts = await api.application().downstream('todolist').getJson('counts') // in a nightly job
   * ```
   */
  application(options?: ApplicationOptions): Acting<Api>
  /**
   * An Entra agent identity below this API, which is its blueprint: acts with the credential of this API, and with permissions of its own.
   * Which agent acts is for your code to say, and never for a caller.
   *
   * @throws ConfigurationError at once when the id is not a GUID, or the authority is not Entra.
   * @example
   * ```ts
   * const agent = api.agent('a9e00000-0000-4000-8000-000000000001')
   * await agent.onBehalfOf(req.caller).downstream('todolist').getJson('todos') // for the person who called
   * await agent.downstream('todolist').getJson('todos') // by itself
   * await agent.asUser({ userPrincipalName: 'expenses@contoso.com' }).downstream('todolist').getJson('todos') // through its account
   * ```
   */
  agent(agentId: string, options?: AgentOptions): Agent<Api>
  /** Work on behalf of a user that outlives the user's token; see the option `longRunning`. */
  readonly longRunning: LongRunningApi
  /** Refuses tokens that are still valid; see the option `revocations`. */
  readonly revocations: RevocationsApi
  /** Deletes every token of an account, in every process that shares the store. Does not revoke them at the authority. */
  forget(account: Pick<Account, 'id'>): Promise<void>
  /** Fetches metadata and keys of every registration ahead of the first request. @throws AuthorityUnavailableError */
  warmUp(): Promise<void>
  /** The state at this moment: the token gate, the shared store, token endpoints, the credential. Asks nobody: see {@link WebApi.warmUp}. */
  health(): WebApiHealth
  /** The protected-resource metadata of this API; `undefined` without the option `resource`. @see RFC 9728 §2 */
  resourceMetadata(): ResourceMetadata | undefined
  /** Stops background work and listening to the shared store; requests under way finish. Does not close the store's client. */
  close(): Promise<void>
}

/** What stands beside an API needs of it, by a mark that all copies of the package share: a stand-in need not have it. */
interface Inside extends Authentication {
  /** A function: whoever inspects an API is shown no option, for any of them may hold a secret. */
  readonly options: () => AnyWebApiOptions
  readonly validator: TokenValidator
  readonly leave: (error: unknown) => unknown
  /** Whether its callers have a context to enter. */
  readonly hasContext: boolean
}

/** @throws ConfigurationError naming the option at fault and the fix. Does not contact the authority: see {@link WebApi.warmUp}. */
export function wireWebApi(options: AnyWebApiOptions): WebApi {
  const settings = resolveOptions(options)
  const shared = openSharedStore(settings)
  const revocations = createRevocations(settings, shared)
  const acquirer = createAcquirer(settings, shared)
  const exit = createExit(settings)
  const validator: TokenValidator<Caller> = createValidator(settings, {
    revocations,
    introduce: (validated, context) => new Caller(home, { validated, context }),
  })
  const home = createCallerHome(settings, acquirer, exit, (validated) => {
    validator.distrust(validated)
  })
  const leaving = createLeaving(settings, exit)
  const authentication = createAuthentication(validator, home, exit, settings)

  const api: WebApi = {
    authenticate: authentication.authenticate,
    checkRequirements(requirements) {
      validator.checkRequirements(requirements)
    },
    acquireTokenForClient: (forClient) =>
      leaving('acquire_token', (context) => {
        const { requests, source } = demandAcquirer(acquirer)
        return give(source, requests.forClient(forClient, context))
      }),
    forget: (account) => leaving('forget', () => forget(demandAcquirer(acquirer), checkedId(account))),
    warmUp() {
      const warming = leaving('warm_up', () => validator.warmUp())
      settings.waitUntil?.(warming.catch(() => undefined)) // a failure is that of whoever waits
      return warming
    },
    health: createHealth(settings, validator, shared, acquirer),
    resourceMetadata: () => settings.resource?.metadata,
    application: createApplications(settings, { acquirer, exit, home }),
    agent: createAgents(settings, { acquirer, exit, home }),
    longRunning: createLongRunningApi(settings, acquirer, { exit, home, revocations }),
    revocations: revocationsOf(
      createRevocationsApi(revocations, settings, async (account) => {
        if (acquirer !== undefined)
          await forget(acquirer, settings.registration.authority.accountIdOf(account))
      }),
      leaving,
    ),
    close: () => leaving('close', () => closeAll(validator, revocations, acquirer?.source)),
  }
  const inside: Inside = {
    ...authentication,
    options: () => options,
    validator,
    hasContext: settings.runWithCaller !== undefined,
    leave: (error) => exit.leave(error, { operation: 'relay', context: watch(settings) }),
  }
  return Object.defineProperty(api, webApiMark, { value: inside })
}

/** Does the work of an operation of the API itself: what it throws has left. */
type Leaving = <Result>(
  operation: Operation,
  work: (context: CallContext) => Result | Promise<Result>,
) => Promise<Result>

function createLeaving(settings: Settings, exit: Exit): Leaving {
  return (operation, work) => {
    const context = watch(settings)
    return orLeave(
      () => work(context),
      (error) => exit.leave(error, { operation, context }),
    )
  }
}

async function closeAll(
  validator: TokenValidator,
  revocations: Revocations | undefined,
  source: ComposedTokenSource | undefined,
): Promise<void> {
  validator.close()
  await eachStep(
    () => revocations?.close(),
    () => source?.close(),
  )
}

/** Everything of an account; where it is the user account of an agent, everything of that agent. */
async function forget({ requests, source }: Acquirer, accountId: string): Promise<void> {
  const objectId = accountId.toLowerCase().replace(/\..*$/s, '')
  const ofAgent = (agentId: string) => (): Promise<void> => source.forget(requests.agentPartition(agentId))
  const known = source.agentAccounts.known(objectId)
  await eachStep(
    () => source.forget(requests.partition(accountId)),
    ...known.map(ofAgent),
    async () => {
      const noted = await source.agentAccounts.noted(objectId)
      await eachStep(...noted.filter((agentId) => !known.includes(agentId)).map(ofAgent))
    },
  )
}

function checkedId(account: Partial<Account> | undefined): string {
  const id: unknown = account?.id
  if (typeof id === 'string' && id !== '') return id
  throw refuseArgument('account.id', 'must be a text that is not empty')
}

function revocationsOf(
  api: RevocationsApi,
  leaving: (operation: Operation, work: () => Promise<void>) => Promise<void>,
): RevocationsApi {
  return {
    revokeUser: (account, options) => leaving('revoke', () => api.revokeUser(account, options)),
    revokeTenant: (tenantId, options) => leaving('revoke', () => api.revokeTenant(tenantId, options)),
    revokeSession: (sid, options) => leaving('revoke', () => api.revokeSession(sid, options)),
  }
}

/** @throws ConfigurationError when `api` was not wired here, or when the requirements cannot be meant. */
export function explainWired(
  api: WebApi,
  token: string,
  requirements?: Requirements,
): Promise<TokenExplanation> {
  const validator = validatorOf(api)
  if (validator === undefined) throw new ConfigurationError('api', 'is not a web API that createWebApi made')
  return explainWithMcp(validator.explain(token, requirements), api.resourceMetadata(), requirements)
}

async function explainWithMcp(
  explaining: Promise<TokenExplanation>,
  metadata: ResourceMetadata | undefined,
  requirements: Requirements | undefined,
): Promise<TokenExplanation> {
  const explained = await explaining
  if (metadata === undefined) return explained
  const mcp = explainMcp(metadata, explained.claims['ver'], scopeNames(requirements))
  return { ...explained, notes: [...explained.notes, ...mcp] }
}

/** The options that a web API was made of; `undefined` for anything that was not wired here, or by another copy of the package. */
export function optionsOf(api: object): AnyWebApiOptions | undefined {
  return hasMark(api, webApiMark) ? (Reflect.get(api, webApiMark) as Partial<Inside>).options?.() : undefined
}

function validatorOf(api: WebApi): TokenValidator | undefined {
  return hasMark(api, webApiMark) ? (Reflect.get(api, webApiMark) as Inside).validator : undefined
}

function createValidator(
  settings: Settings,
  ports: Pick<ValidatorPorts<Caller>, 'revocations' | 'introduce'>,
): TokenValidator<Caller> {
  const { validator, authorityFetch, clock, waitUntil } = settings
  const { observe } = watch(settings)
  return createTokenValidator(validator, { fetch: authorityFetch, clock, observe, waitUntil, ...ports })
}
