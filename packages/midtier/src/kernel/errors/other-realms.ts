// Values of another realm: jest gives every test file its own `Error` and `Promise`, and what Node itself throws or promises has Node's.
// There `instanceof` says no to a real error and to a real promise; so for these two, ask here.

/** Whether this is an error, a `DOMException` included, of whatever realm. */
export function isError(value: unknown): value is Error {
  if (value instanceof Error) return true
  const tag = Object.prototype.toString.call(value)
  return tag === '[object Error]' || tag === '[object DOMException]'
}

/** Whether this is to be awaited: a promise of whatever realm, or what a library takes for one. */
export function isPromise<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return value instanceof Promise || (isObject(value) && typeof value['then'] === 'function')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
