// What a thing of this library is known by, whichever copy of the package made it: a mark in the registry that all copies share.

/** On the prototype of every error of this library; `Symbol.for('midtier.error')`. */
export const errorMark: unique symbol = Symbol.for('midtier.error')

/** On the prototype of every caller of a request; `Symbol.for('midtier.caller')`. */
export const callerMark: unique symbol = Symbol.for('midtier.caller')

/** Whether a value carries a mark. */
export function hasMark(value: unknown, mark: symbol): value is object {
  return typeof value === 'object' && value !== null && mark in value
}
