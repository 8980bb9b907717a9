// createWebApi as applications call it: with the options, or with a function that gives them when they are first needed.
import { createLazyWebApi, wireNow } from './lazy-web-api.ts'
import type { AnyWebApiOptions } from '../options.ts'
import type { TokenExplanation } from '../protect/explain.ts'
import type { Requirements } from './requirements.ts'
import { explainWired, wireWebApi, type WebApi } from './web-api.ts'

/**
 * Creates the identity layer of a web API.
 *
 * @param options The options, or a function that gives them: it is called at the first use (a request, `warmUp()`, `health()`, …) and not
 *   again once it has succeeded, so that an API can stand at module level where secrets are not there yet, as in the build of a web framework.
 * @throws ConfigurationError at once, naming the option at fault and the fix; with a function, at the first use. Does not contact the
 *   authority: see {@link WebApi.warmUp}.
 * @example
 * ```ts
 * const api = createWebApi({
 *   tenantId: 'contoso.onmicrosoft.com',
 *   clientId: 'a0000000-0000-4000-8000-000000000002',
 *   clientCredential: clientSecret(process.env['CLIENT_SECRET']),
 *   downstreamApis: { todolist: { baseUrl: 'https://todolist.contoso.com/api/', scopes: ['api://todolist/.default'] } },
 * })
 * ```
 */
export function createWebApi<Api extends string = string>(
  options: AnyWebApiOptions<Api> | (() => AnyWebApiOptions<Api>),
): WebApi<Api> {
  return typeof options === 'function' ? createLazyWebApi(options, wireWebApi) : wireWebApi(options)
}

/**
 * Why a web API accepts a token or refuses it: every check with what was expected, what came, and the likely mistake. Safe to paste:
 * no token, and claims that may tell about a person are masked.
 *
 * Does not run the `check` function of the requirements, and never throws for what the token holds.
 * @throws ConfigurationError when `api` was not made by `createWebApi`, or when the requirements cannot be meant.
 * @example
 * ```ts
 * const { verdict, checks } = await explainToken(api, token, { scopes: ['access_as_user'] })
 * if (verdict !== 'accepted') console.table(checks.filter((check) => check.verdict === 'failed'))
 * ```
 */
export function explainToken(
  api: WebApi,
  token: string,
  requirements?: Requirements,
): Promise<TokenExplanation> {
  return explainWired(wireNow(api), token, requirements)
}
