// What the web API goes by in Nest's container.
import { Inject, Optional } from '@nestjs/common'
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import type { WebApi } from '../../web-api/web-api.ts'
import { refuseArguments } from '../shared/check-use.ts'

/** The token of the web API, for `overrideProvider` and `app.get`. Nest names it when a module is missing: so it says which one. */
export const webApiToken: unique symbol = Symbol.for('midtier: the web API of MidtierModule.forRoot(api)')

/**
 * The web API that Nest injected, where it had one to inject.
 *
 * Asked when modules are initialized, and not when they are made: an API whose factory failed is missing as well, and there the failure
 * of the factory is what has to be heard.
 * @throws ConfigurationError where nobody imported the module with an API.
 */
export function foundApi(api: WebApi | undefined): WebApi {
  if (api === undefined)
    throw new ConfigurationError('MidtierModule', 'has no API: write imports: [MidtierModule.forRoot(api)]')
  return api
}

/**
 * The web API, as a parameter of a constructor: for what calls out as the application itself.
 * @example
 * ```ts
 * @Injectable()
 * export class Reports {
 *   constructor(@InjectWebApi() private readonly api: WebApi) {}
 *
 *   async token() {
 *     return this.api.acquireTokenForClient({ scopes: ['api://todolist/.default'] })
 *   }
 * }
 * ```
 */
export function InjectWebApi(...nothing: readonly never[]): ParameterDecorator & PropertyDecorator {
  refuseArguments(nothing, '@InjectWebApi()')
  return Inject(webApiToken)
}

/** The same for the classes of this module: they say by themselves what is missing, where Nest would say what it could not resolve. */
export function injectApi(target: abstract new (...given: never[]) => unknown): void {
  Inject(webApiToken)(target, undefined, 0)
  Optional()(target, undefined, 0)
}
