// A web API for unit tests, without network and without emulator: the library itself, between an authority and APIs that are made up.
import { clientSecret } from '../client-auth/secret.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { isGuidInAnyCase } from '../kernel/guid.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { systemClock } from '../kernel/time/clock.ts'
import type { DownstreamApiOptions, WebApiOptions } from '../options.ts'
import type { Caller } from '../web-api/caller.ts'
import { createWebApi } from '../web-api/create-web-api.ts'
import type { IncomingRequest } from '../web-api/incoming-request.ts'
import type { WebApi } from '../web-api/web-api.ts'
import {
  FakeApi,
  type FakeCall,
  type FakeDownstreamApi,
  type FakeDownstreamApiOptions,
} from './fake-downstream.ts'
import { checkCaller, type FakeCaller } from './fake-caller.ts'
import { bearerIn, fakeAlgorithm, signFakeToken } from './fake-tokens.ts'
import { createFakeWorld } from './fake-world.ts'

export type { FakeAnswer, FakeCall, FakeDownstreamApi, FakeDownstreamApiOptions } from './fake-downstream.ts'
export type { FakeRefusal } from './fake-authority.ts'
export type { FakeCaller } from './fake-caller.ts'

/** What the fake takes of the real options; all else is made up. */
type RealOption =
  | 'tenantId'
  | 'clientId'
  | 'allowedTenants'
  | 'requirements'
  | 'acceptTokensWithoutPermissions'
  | 'resource'
  | 'challengeStyle'
  | 'consentRedirectUri'
  | 'revocations'
  | 'observer'
  | 'logger'
  | 'clock'
  | 'runWithCaller'
  | 'telemetry'

/** Each of them: a test passes every one. */
const realOptions: readonly RealOption[] = [
  'tenantId',
  'clientId',
  'allowedTenants',
  'requirements',
  'acceptTokensWithoutPermissions',
  'resource',
  'challengeStyle',
  'consentRedirectUri',
  'revocations',
  'observer',
  'logger',
  'clock',
  'runWithCaller',
  'telemetry',
]

/** Options of {@link createFakeWebApi}: those of the real API that matter to a test, and what is made up. */
export interface FakeWebApiOptions<Api extends string = string> extends Partial<
  Pick<WebApiOptions<Api>, RealOption>
> {
  /** Who calls when a request has no `Authorization`. Default: nobody, and the request is refused as it would be. */
  readonly caller?: FakeCaller
  /** Downstream APIs by name, as the real ones are called. */
  readonly downstreamApis?: Readonly<Partial<Record<Api, FakeDownstreamApiOptions>>>
}

/**
 * A web API that believes the test: **it proves nothing about who calls**. For tests alone; it is not made where `NODE_ENV` is `production`.
 *
 * Requirements, refusals, challenges, tokens on behalf of the caller and calls are the library's own, to the last byte of the answer.
 */
export interface FakeWebApi<Api extends string = string> extends WebApi<Api> {
  /** Says so: whoever can call {@link FakeWebApi.token} is whoever they like. */
  readonly validatesNothing: true
  /** What a test sends as `Authorization: Bearer …` to be this caller. Means nothing to anybody but this object. */
  token(who?: FakeCaller): string
  /** The caller that a handler would get: for code that is tested without a request. @throws BearerError as `authenticate`. */
  caller(who?: FakeCaller): Promise<Caller<Api>>
  /** A downstream API, to say what it answers or how it fails. @throws ConfigurationError when there is none of that name. */
  downstream(name: Api): FakeDownstreamApi
  /** What reached downstream APIs so far, in order. */
  readonly calls: readonly FakeCall[]
}

const fakeTenant = 'fa4e0000-0000-4000-8000-000000000001'
const fakeClient = 'fa4e0000-0000-4000-8000-000000000002'

/**
 * A web API whose callers are whoever the test says, and whose downstream APIs answer what the test says. No network, no emulator.
 *
 * **It proves nothing about who calls.** Hand it to whatever takes a web API, `protect` of any adapter included. Make one for each test.
 * @throws ConfigurationError when `NODE_ENV` is `production`, and for options that cannot work.
 * @example
 * ```ts
 * const api = createFakeWebApi({
 *   downstreamApis: { todolist: { answers: { 'GET todos': [{ title: 'Milk' }] } } },
 * })
 * const caller = await api.caller({ user: 'alice', scopes: ['access_as_user'] })
 * console.log(await caller.downstream('todolist').getJson('todos')) // [{ title: 'Milk' }]
 * console.log(api.calls[0]?.caller) // { user: 'alice', … }
 *
 * api.downstream('todolist').refuse('mfa') // from here on a handler answers 401 insufficient_claims
 * ```
 */
export function createFakeWebApi<Api extends string = string>(
  options: FakeWebApiOptions<Api> = {},
): FakeWebApi<Api> {
  refuseProduction()
  checkKnownOptions(options, [...realOptions, 'caller', 'downstreamApis'], '')
  const { caller: byDefault, downstreamApis = {}, ...given } = options
  if (byDefault !== undefined) checkCaller(byDefault, 'caller')
  const { clock = systemClock } = options
  const clientId = (options.clientId ?? fakeClient).toLowerCase()
  const tenantId = tenantOf(options.tenantId)
  const apis = createApis(downstreamApis)
  const world = createFakeWorld(apis, { tenantId, clientId })
  const real = createWebApi<Api>({
    ...given,
    tenantId: options.tenantId ?? tenantId,
    clientId: options.clientId ?? clientId,
    clientCredential: clientSecret('a-secret-that-opens-nothing'),
    algorithms: [fakeAlgorithm],
    downstreamApis: realApis(apis, downstreamApis) as WebApiOptions<Api>['downstreamApis'] & object,
    resilience: { maxRetries: 0, failuresToOpen: 1_000 },
    fetch: world.fetch,
  })
  const bearerOf = async (who: FakeCaller): Promise<string> => {
    const signed = await signFakeToken(who, { tenantId, clientId, clock })
    world.introduce(signed, who)
    return `Bearer ${signed}`
  }
  const { authenticate, token } = createFakeGate(real.authenticate.bind(real), byDefault, bearerOf)
  const fake: Omit<FakeWebApi<Api>, Exclude<keyof WebApi, 'authenticate'>> = {
    validatesNothing: true,
    calls: world.calls,
    authenticate,
    token,
    async caller(who) {
      const authorization = `Bearer ${token(who)}`
      const header = (name: string): string | undefined =>
        name === 'authorization' ? authorization : undefined
      return authenticate({ header, method: 'GET', url: '/' })
    },
    downstream(name) {
      const api = apis.get(name)
      if (api !== undefined) return api
      throw new ConfigurationError(
        `downstreamApis.${name}`,
        'is not there: name it in the options of createFakeWebApi',
      )
    },
  }
  return Object.assign(real, fake)
}

/** The real gate, for requests that carry no token but the name of one. */
function createFakeGate<Api extends string>(
  authenticate: WebApi<Api>['authenticate'],
  byDefault: FakeCaller | undefined,
  bearerOf: (who: FakeCaller) => Promise<string>,
): Pick<FakeWebApi<Api>, 'authenticate' | 'token'> {
  const callers = new Map<string, FakeCaller>()
  return {
    token(who = {}) {
      checkCaller(who, 'caller')
      const handle = `fake-token-${callers.size + 1}`
      callers.set(handle, who)
      return handle
    },
    async authenticate(request, requirements) {
      const { method, url } = request
      const sent = request.header('authorization')
      const who = sent === undefined || sent === null ? byDefault : callers.get(bearerIn(sent))
      const authorization = who === undefined ? sent : await bearerOf(who)
      const header: IncomingRequest['header'] = (name) =>
        name === 'authorization' ? authorization : request.header(name)
      return authenticate({ header, method, url }, requirements)
    },
  }
}

/** Whoever a fake lets in in production is let in. */
function refuseProduction(): void {
  const { process } = globalThis as {
    process?: { readonly env?: Readonly<Record<string, string | undefined>> }
  }
  if (process?.env?.['NODE_ENV'] === 'production')
    throw new ConfigurationError(
      'createFakeWebApi',
      'lets in whoever the test says, and NODE_ENV is production: use createWebApi',
    )
}

function tenantOf(tenantId: string | undefined): string {
  return tenantId !== undefined && isGuidInAnyCase(tenantId) ? tenantId.toLowerCase() : fakeTenant
}

const apiOptions = [
  'baseUrl',
  'scopes',
  'token',
  'answers',
  'refuses',
] as const satisfies readonly (keyof FakeDownstreamApiOptions)[]

function createApis(
  options: Readonly<Partial<Record<string, FakeDownstreamApiOptions>>>,
): ReadonlyMap<string, FakeApi> {
  return new Map(
    Object.entries(options).map(([name, api = {}]) => {
      checkKnownOptions(api, apiOptions, `downstreamApis.${name}`)
      return [name, new FakeApi(name, api)]
    }),
  )
}

function realApis(
  apis: ReadonlyMap<string, FakeApi>,
  options: Readonly<Partial<Record<string, FakeDownstreamApiOptions>>>,
): Record<string, DownstreamApiOptions> {
  return Object.fromEntries(
    [...apis].map(([name, { baseUrl, scopes }]) => [
      name,
      { baseUrl: baseUrl.href, scopes, token: options[name]?.token ?? 'onBehalfOf', maxRetries: 0 },
    ]),
  )
}
