// The port through which credentials read files, and what a file that cannot be read is called.
import { runWithin, unusable } from './credential-error.ts'
import { isError } from '../kernel/errors/other-realms.ts'

/** Reads a file as UTF-8 text; on Node, hand in `readTextFile` of `midtier/node`. */
export type ReadTextFile = (path: string) => Promise<string>

/** Reads a file as its bytes, or as UTF-8 text; on Node, hand in `readBinaryFile` of `midtier/node`. A PFX has to be bytes. */
export type ReadFile = (path: string) => Promise<string | Uint8Array>

/** Longest wait for a file. */
const timeoutMs = 5_000

/** Reads a file. @throws ConfigurationError naming the file and the platform's code, such as `ENOENT`. */
export function readCredentialFile<Content extends string | Uint8Array>(
  readFile: (path: string) => Promise<Content>,
  path: string,
): Promise<Content> {
  return runWithin(`reading ${path}`, timeoutMs, async () => {
    try {
      return await readFile(path)
    } catch (error) {
      throw unusable(`the file ${path} cannot be read${codeOf(error)}`)
    }
  })
}

/** Reads text by what may give bytes. */
export function asTextReader(readFile: ReadFile): ReadTextFile {
  return async (path) => {
    const content = await readFile(path)
    return typeof content === 'string' ? content : new TextDecoder().decode(content)
  }
}

function codeOf(error: unknown): string {
  const code = isError(error) && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : ''
}
