// The https authority that most clients insist on, and how they come to trust its CA.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Connection } from './connection.ts'
import { inShell } from './quote.ts'

/** An authority over https. */
export interface HttpsAuthority {
  /** Scheme, host and port. */
  readonly origin: string
  readonly host: string
  readonly authority: string
  /** The file that holds the CA; a shell command that makes it when there is none yet. */
  readonly ca: string
  readonly fetchCa: readonly string[]
}

const caName = 'midtier-emulator-ca.pem'

/** @throws {EmulatorOptionsError} when the emulator answers by http alone */
export function httpsAuthority(connection: Connection, client: string): HttpsAuthority {
  const { httpsOrigin, issuerOrigin, origin: http, caFile, tenantId } = connection
  const origin = httpsOrigin ?? issuerOrigin
  if (!origin.startsWith('https:'))
    throw new EmulatorOptionsError(
      'client',
      `${client} takes no http authority: start the emulator with --https-port 8445`,
    )
  const isOwn = httpsOrigin !== undefined && caFile === undefined
  return {
    origin,
    host: new URL(origin).host,
    authority: `${origin}/${tenantId}`,
    ca: caFile ?? caName,
    fetchCa: isOwn ? [`curl -so ${caName} ${inShell(`${http}/_emulator/ca.pem`)}`] : [],
  }
}

/** How a process is told to trust the CA, as comments; empty where a public origin has a certificate of its own. */
export function trustLines(
  comment: string,
  variable: string,
  connection: Connection,
  { ca, fetchCa }: HttpsAuthority,
): readonly string[] {
  if (connection.httpsOrigin === undefined) return []
  const before = `Before the process starts: export ${variable}=${inShell(ca)}`
  return [...fetchCa.map((line) => `${comment} Once: ${line}`), `${comment} ${before}`]
}
