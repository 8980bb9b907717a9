// An error of others where there is nobody else to tell: printed, without what it may hold of a token.
import { isError } from '../../kernel/errors/other-realms.ts'
import { summarizeCause } from '../../kernel/errors/safe-cause.ts'

/** @param what That failed: `a handler`. */
export function printFailure(what: string, error: unknown): void {
  const stack = isError(error) ? summarizeCause(error)?.stack : typeof error
  // eslint-disable-next-line no-console -- there is nobody else to tell
  console.error(`midtier: ${what} failed:`, stack)
}
