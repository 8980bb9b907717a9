// A command line that cannot be meant: what is wrong and what to do, never with a value that was typed.

/** Ends the command with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
