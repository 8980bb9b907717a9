// What is said when an adapter is written wrong: at once where it can be known at once, and otherwise by the first request.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import type { Requirements } from '../../web-api/requirements.ts'
import type { WebApi } from '../../web-api/web-api.ts'

/**
 * Whatever has `authenticate` will do: a stand-in in a test, or the API of another copy of this package.
 * @param call How it has to be written: `protect(api)`.
 */
export function checkApi(api: Pick<WebApi, 'authenticate'> | undefined, call: string): void {
  if (typeof api?.authenticate !== 'function')
    throw new ConfigurationError('api', `is not what createWebApi gives: write ${call}`)
}

/** The same for `protect`, with what the route demands. */
export function checkProtect<Api extends string>(
  api: WebApi<Api>,
  requirements: Requirements<Api> | undefined,
  call: string,
): void {
  checkApi(api, call)
  if (requirements !== undefined) api.checkRequirements(requirements)
}

/** A handler that is handed over to be run. */
export function checkHandler(handler: unknown, call: string): void {
  if (typeof handler !== 'function')
    throw new ConfigurationError(nameOf(call), `takes a handler: write ${call}`)
}

/** What makes a middleware was handed over as if it were one. */
export function uncalled(call: string): ConfigurationError {
  return new ConfigurationError(nameOf(call), `was handed over without being called: write ${call}`)
}

/** What is of one kind was handed over where another one is taken. @param kind As the framework calls it: `a hook`. */
export function misplaced(name: string, kind: string, call: string): ConfigurationError {
  return new ConfigurationError(name, `is ${kind}, and is used as something else: write ${call}`)
}

/** What takes nothing was given something, as a framework does that was handed the maker itself. */
export function refuseArguments(given: readonly unknown[], call: string): void {
  if (given.length > 0) throw uncalled(call)
}

function nameOf(call: string): string {
  return call.split('(', 1)[0] ?? call
}
