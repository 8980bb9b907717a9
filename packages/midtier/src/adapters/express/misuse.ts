// What makes a middleware, handed to Express as if it were one: without the call, a request would wait for ever or pass.
import { uncalled } from '../shared/check-use.ts'

/**
 * Refuses such a function where it is handed over: `app.use` looks whether what it is given has a `handle`, as an application has.
 *
 * Routers and routes do not look; there the function itself refuses the request that it is handed.
 * @param call How it has to be written: `protect(api)`.
 */
export function refuseUncalled(maker: (...given: never[]) => unknown, call: string): void {
  Object.defineProperty(maker, 'handle', {
    get() {
      throw uncalled(call)
    },
  })
}
