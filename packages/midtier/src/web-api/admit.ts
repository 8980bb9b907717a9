// The caller of a request as an adapter asks for it: who is known at once is not waited for.
import { webApiMark } from '../kernel/errors/marks.ts'
import type { Authentication } from './authenticate-request.ts'
import type { Caller } from './caller.ts'
import type { IncomingRequest } from './incoming-request.ts'
import type { Requirements } from './requirements.ts'
import type { WebApi } from './web-api.ts'

/**
 * Asks an API who sent a request, as its `authenticate` does; throws nothing. By the time of a promise somebody else may have answered,
 * and the client may have gone.
 *
 * A stand-in, or an API whose `authenticate` was wrapped, is asked by that.
 */
export function admit<Api extends string>(
  api: WebApi<Api>,
  request: IncomingRequest,
  requirements: Requirements<Api> | undefined,
): Caller<Api> | PromiseLike<Caller<Api>> {
  const inside = insideOf(api)
  if (inside?.admit !== undefined) return inside.admit(request, requirements)
  try {
    return api.authenticate(request, requirements)
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it is
    return Promise.reject(error)
  }
}

/** Measures the caller of a request that was let in by what one more place demands. Rejects as `authenticate` does. */
export function measure<Api extends string>(
  api: WebApi<Api>,
  caller: Caller<Api>,
  request: IncomingRequest,
  requirements: Requirements<Api>,
): Promise<Caller<Api>> {
  return insideOf(api)?.measure?.(caller, request, requirements) ?? api.authenticate(request, requirements)
}

/** What an API is made of; an older copy has less. */
function insideOf(api: WebApi): Partial<Authentication> | undefined {
  const inside = Reflect.get(api, webApiMark) as Partial<Authentication> | undefined
  return inside?.authenticate === api.authenticate ? inside : undefined
}
