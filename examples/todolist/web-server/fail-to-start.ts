// A process that cannot start says why in one line; a stack would tell its owner nothing more.

/** Ends the process. */
export function failToStart(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
