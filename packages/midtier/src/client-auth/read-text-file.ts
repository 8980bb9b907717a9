// The port through which credentials read files, and what a file that cannot be read is called.
import { runWithin, unusable } from './credential-error.ts'

/** Reads a file as UTF-8 text; on Node, hand in `readTextFile` of `midtier/node`. */
export type ReadTextFile = (path: string) => Promise<string>

/** Longest wait for a file. */
const timeoutMs = 5_000

/** Reads a file. @throws ConfigurationError naming the file and the platform's code, such as `ENOENT`. */
export function readCredentialFile(readFile: ReadTextFile, path: string): Promise<string> {
  return runWithin(`reading ${path}`, timeoutMs, async () => {
    try {
      return await readFile(path)
    } catch (error) {
      throw unusable(`the file ${path} cannot be read${codeOf(error)}`)
    }
  })
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : ''
}
