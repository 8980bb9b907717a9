// What a request does once its caller is known, done where `currentCaller()` finds that caller, if the API was told so.
import { enterContextMark, hasMark, lazyMark, webApiMark } from '../kernel/errors/marks.ts'
import type { Caller } from './caller.ts'
import type { WebApi } from './web-api.ts'

/** Does the work at once: inside of what the caller's API was given as `runWithCaller`; as it is where there is none, or no caller of ours. */
export function enterContext<Result>(caller: Caller, work: () => Result): Result {
  return hasMark(caller, enterContextMark) ? (caller as Caller & Enterable)[enterContextMark](work) : work()
}

interface Enterable {
  readonly [enterContextMark]: <Result>(work: () => Result) => Result
}

/** Whether callers of an API may have such a context: for a framework where going on in one has its price. */
export function mayEnterContext(api: WebApi): boolean {
  const inside: unknown = Reflect.get(api, webApiMark)
  if (typeof inside !== 'object' || inside === null) return hasMark(api, lazyMark)
  return 'hasContext' in inside && inside.hasContext === true
}
