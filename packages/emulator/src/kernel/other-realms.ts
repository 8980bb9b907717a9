// Errors of another realm: jest gives every test file its own `Error`, and what Node itself throws is none of those.

/** Whether this is an error of whatever realm; with a code, when one is given: Node's own, such as `ENOENT`. */
export function isError(value: unknown, code?: string): value is Error {
  const isOne = value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
  return isOne && (code === undefined || (value as NodeJS.ErrnoException).code === code)
}
