// The https authority that most clients insist on, and how they come to trust its CA.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Ca, Connection } from './connection.ts'
import { inComment, inShell } from './quote.ts'

const caName = 'midtier-emulator-ca.pem'

/** The authority of a client that takes https alone. @throws {EmulatorOptionsError} when the connection is by http */
export function httpsAuthority(connection: Connection, client: string): string {
  const { origin, tenantId } = connection
  if (origin.startsWith('https:')) return `${origin}/${tenantId}`
  throw new EmulatorOptionsError(
    'client',
    `${client} takes no http authority: start the emulator with --https-port 8445, and ask without --listener http`,
  )
}

/** The file that holds the CA, and the shell command that makes it when there is none yet. */
export function caFileOf({ url, file }: Ca): { readonly path: string; readonly fetch: readonly string[] } {
  return { path: file ?? caName, fetch: file === undefined ? [`curl -so ${caName} ${inShell(url)}`] : [] }
}

/** How a process is told to trust the CA, as comments; empty where a public origin has a certificate of its own. */
export function trustLines(comment: string, variable: string, { ca }: Connection): readonly string[] {
  if (ca === undefined) return []
  const { path, fetch } = caFileOf(ca)
  const before = `Before the process starts: export ${variable}=${inShell(path)}`
  return [...fetch.map((line) => `${comment} Once: ${line}`), `${comment} ${inComment(before)}`]
}
