// Going on at once when a value is at hand, and later when it is a promise: so that the hot path never waits for a turn of the loop.
import { isPromise } from '../kernel/other-realms.ts'

/** A value, or the promise of one. */
export type AtHand<Value> = Value | Promise<Value>

/** Continues with a value. */
export function whenAtHand<Value, Result>(
  value: AtHand<Value>,
  next: (value: Value) => AtHand<Result>,
): AtHand<Result> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value)
}
