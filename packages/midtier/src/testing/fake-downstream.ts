// A downstream API inside the process: it answers what the test says, and remembers what it was asked and for whom.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkRefusal, demandStepUp, type FakeRefusal } from './fake-authority.ts'
import type { FakeCaller } from './fake-caller.ts'

/** A request that reached a downstream API. */
export interface FakeCall {
  /** The name of the API. */
  readonly api: string
  readonly method: string
  /** Below the base URL, without the query: `todos/1`. */
  readonly path: string
  readonly query: URLSearchParams
  /** Without `authorization`, which is in `as` and `caller`. */
  readonly headers: Headers
  /** The body, or `''`. */
  readonly body: string
  /** Whose token it carried: a user's, or an application's own. */
  readonly as: 'user' | 'app'
  /** The client id of the agent that acted; `undefined` for the application itself. */
  readonly agent: string | undefined
  /** The user account through which the agent acted, as the application named it. */
  readonly agentUser: string | undefined
  /** On whose behalf; `undefined` for a token of the application's own. */
  readonly caller: FakeCaller | undefined
}

/**
 * What a route answers: a value is JSON with status 200, `undefined` 204 without a body; a `Response` says everything itself; a function
 * gives either for each request.
 */
export type FakeAnswer = unknown

/** A downstream API of a {@link FakeWebApi}. */
export interface FakeDownstreamApiOptions {
  /** Default: `https://{name}.fake.invalid/`. Nothing is sent there. */
  readonly baseUrl?: string
  /** Default: `['api://{name}/.default']`. Tokens that are asked for by scopes of the same resource are this API's too. */
  readonly scopes?: readonly string[]
  /** As {@link DownstreamApiOptions.token}. */
  readonly token?: 'onBehalfOf' | 'app' | 'either'
  /** By method and path: `{ 'GET todos': [], 'POST todos': (call) => … }`; a path may end in `*`. See {@link FakeAnswer}. */
  readonly answers?: Readonly<Record<string, FakeAnswer>>
  /** What goes wrong from the beginning. */
  readonly refuses?: FakeRefusal
}

/** What a test says of a downstream API while it runs. */
export interface FakeDownstreamApi {
  /** Adds an answer, or replaces one: `answer('GET todos', [{ title: 'Milk' }])`. See {@link FakeAnswer}. */
  answer(route: string, answer: FakeAnswer): void
  /** Fails from now on; callers that come from now on have no token yet. An application's own token lives on in the cache, as it would. */
  refuse(refusal: FakeRefusal): void
  /** Ends what {@link FakeDownstreamApi.refuse} began. */
  recover(): void
}

/** A downstream API from within. */
export class FakeApi implements FakeDownstreamApi {
  readonly name: string
  readonly baseUrl: URL
  readonly scopes: readonly string[]
  refusal: FakeRefusal | undefined
  readonly #answers: Map<string, FakeAnswer>

  constructor(name: string, options: FakeDownstreamApiOptions) {
    // Any name will do for an API, and not for a host or in a scope.
    const encoded = encodeURIComponent(name)
    const host = `${encoded.replaceAll('%', '-')}.fake.invalid`
    this.name = name
    const { baseUrl = `https://${host}/` } = options
    if (!URL.canParse(baseUrl))
      throw new ConfigurationError(`downstreamApis.${name}.baseUrl`, 'is not an absolute URL')
    this.baseUrl = new URL(baseUrl)
    if (!this.baseUrl.pathname.endsWith('/')) this.baseUrl.pathname += '/'
    this.scopes = options.scopes ?? [`api://${encoded}/.default`]
    this.refusal =
      options.refuses === undefined
        ? undefined
        : checkRefusal(options.refuses, `downstreamApis.${name}.refuses`)
    this.#answers = new Map(Object.entries(options.answers ?? {}))
  }

  answer(route: string, answer: FakeAnswer): void {
    this.#answers.set(route, answer)
  }

  refuse(refusal: FakeRefusal): void {
    this.refusal = checkRefusal(refusal, `downstream('${this.name}').refuse`)
  }

  recover(): void {
    this.refusal = undefined
  }

  /** @throws TypeError as `fetch` does, when the API is down. */
  async respond(call: FakeCall): Promise<Response> {
    if (this.refusal === 'api_down') throw new TypeError('fetch failed')
    if (this.refusal === 'step_up' && call.as === 'user') return demandStepUp()
    const route = this.#routeOf(call)
    if (route === undefined) return this.#unanswered(call)
    const answer = this.#answers.get(route)
    return toResponse(
      typeof answer === 'function' ? await (answer as (call: FakeCall) => unknown)(call) : answer,
    )
  }

  #routeOf({ method, path }: FakeCall): string | undefined {
    const exact = `${method} ${path}`
    if (this.#answers.has(exact)) return exact
    return [...this.#answers.keys()]
      .filter((route) => route.endsWith('*') && exact.startsWith(route.slice(0, -1)))
      .sort((one, other) => other.length - one.length)[0]
  }

  #unanswered({ method, path }: FakeCall): Response {
    const route = `${method} ${path}`
    const help = `createFakeWebApi: '${this.name}' has no answer for '${route}': add downstreamApis.${this.name}.answers['${route}'], or call api.downstream('${this.name}').answer('${route}', …)`
    return new Response(help, { status: 501 })
  }
}

/** A test gives one `Response` for as many requests as there will be. */
function toResponse(answer: unknown): Response {
  if (isResponse(answer)) return answer.clone()
  return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer)
}

/** By its members: that of another realm is of another class. */
function isResponse(answer: unknown): answer is Response {
  return typeof (answer as Partial<Response> | null | undefined)?.clone === 'function'
}
