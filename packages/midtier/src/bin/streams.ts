// The process, as far as the commands use it, and how its terminal wants a page.
import type { TokenInput } from './read-token.ts'

/** The process, as far as the command uses it. */
export interface CommandStreams {
  readonly input: TokenInput
  readonly output: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }
  readonly errors: { write(text: string): unknown }
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Version of the package. */
  readonly version: string
  /** Of Node.js, without the `v`. */
  readonly nodeVersion: string
  /** Ranges of versions that the package is tested with: `node`, and those of frameworks by their names. */
  readonly supported: Readonly<Record<string, string>>
}

/** How a page is set for the terminal. @see https://no-color.org */
export function pageStyle({ output, environment }: CommandStreams): {
  readonly colour: boolean
  readonly columns: number
} {
  const isPlain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  const columns = output.columns ?? 0 // a terminal that does not know its width says 0
  return { colour: output.isTTY === true && !isPlain, columns: columns === 0 ? 80 : columns }
}
