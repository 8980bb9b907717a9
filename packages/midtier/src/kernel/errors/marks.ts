// What a thing of this library is known by, whichever copy of the package made it: a mark in the registry that all copies share.

/** On the prototype of every error of this library; `Symbol.for('midtier.error')`. */
export const errorMark: unique symbol = Symbol.for('midtier.error')

/** On the prototype of every caller of a request; `Symbol.for('midtier.caller')`. */
export const callerMark: unique symbol = Symbol.for('midtier.caller')

/** On the prototype of every caller: goes on in the context that its API was given; `Symbol.for('midtier.enter-context')`. */
export const enterContextMark: unique symbol = Symbol.for('midtier.enter-context')

/** On an answer of a downstream API, with its name; `Symbol.for('midtier.answerer')`. */
export const answererMark: unique symbol = Symbol.for('midtier.answerer')

/** On an answer that was relayed, and so holds nothing but what may be passed on; `Symbol.for('midtier.relayed')`. */
export const relayedMark: unique symbol = Symbol.for('midtier.relayed')

/** On an API that reads its options when it is first used: the function that gives the wired one; `Symbol.for('midtier.lazy')`. */
export const lazyMark: unique symbol = Symbol.for('midtier.lazy')

/** Whether a value carries a mark. */
export function hasMark(value: unknown, mark: symbol): value is object {
  return typeof value === 'object' && value !== null && mark in value
}

/** On every web API; `Symbol.for('midtier.web-api')`. */
export const webApiMark: unique symbol = Symbol.for('midtier.web-api')

/** Lets an error out of a web API from beside it, where an SDK client acts for the application itself; a stand-in's stays as it is. */
export function leaveBeside(api: object, error: unknown): unknown {
  const inside: unknown = Reflect.get(api, webApiMark)
  if (typeof inside !== 'object' || inside === null || !('leave' in inside)) return error
  return typeof inside.leave === 'function' ? (inside.leave as (error: unknown) => unknown)(error) : error
}
