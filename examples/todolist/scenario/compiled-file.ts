// Where the compiled programs lie, whether this very file runs compiled or, in tests, as it was written.
import { fileURLToPath } from 'node:url'

const above = new URL('..', import.meta.url)
const compiled = above.pathname.endsWith('/dist/') ? above : new URL('dist/', above)

/** The path of a compiled file of this example, such as `middle-tier/server.js`. */
export function compiledFile(path: string): string {
  return fileURLToPath(new URL(path, compiled))
}
