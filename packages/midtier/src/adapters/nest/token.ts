// What the web API goes by in Nest's container.
import { Inject } from '@nestjs/common'
import { refuseArguments } from '../shared/check-use.ts'

/** The token of the web API, for `overrideProvider` and `app.get`. Nest names it when a module is missing: so it says which one. */
export const webApiToken: unique symbol = Symbol.for('midtier: the web API of MidtierModule.forRoot(api)')

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
