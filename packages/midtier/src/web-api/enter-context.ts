// What a request does once its caller is known, done where `currentCaller()` finds that caller, if the API was told so.
import { enterContextMark, hasMark } from '../kernel/errors/marks.ts'
import type { Caller } from './caller.ts'

/** Does the work at once: inside of what the caller's API was given as `runWithCaller`; as it is where there is none, or no caller of ours. */
export function enterContext<Result>(caller: Caller, work: () => Result): Result {
  return hasMark(caller, enterContextMark) ? (caller as Caller & Enterable)[enterContextMark](work) : work()
}

interface Enterable {
  readonly [enterContextMark]: <Result>(work: () => Result) => Result
}
