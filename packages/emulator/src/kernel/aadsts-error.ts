// An error of Entra ID on its way to the client: a row of the table, the values of its message, and any claims.
import { aadsts, type AadstsRow } from './aadsts.ts'

/** What the thrower knows beyond the row. */
export interface AadstsDetails {
  /** Values for the placeholders of the message. */
  readonly values?: Readonly<Record<string, string>>
  /** A claims request that the client has to send with its next interactive request. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Replaces the OAuth error of the row, where an endpoint uses another one. */
  readonly error?: string
  /** Headers for the response, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The ids that Entra puts into each error. */
export interface RequestIdentity {
  readonly traceId: string
  readonly correlationId: string
  /** Milliseconds since the epoch. */
  readonly time: number
}

/** An AADSTS error. */
export class AadstsError extends Error {
  readonly code: number
  readonly row: AadstsRow
  readonly details: AadstsDetails

  /** @throws RangeError when the table has no such code */
  constructor(code: number, values: Readonly<Record<string, string>> = {}, details: AadstsDetails = {}) {
    const row = aadsts.get(code)
    if (row === undefined) throw new RangeError(`AADSTS${String(code)} is not in the table`)
    super(`AADSTS${String(code)}: ${fill(row.message, values)}`)
    this.name = 'AadstsError'
    this.code = code
    this.row = row
    this.details = { ...details, values }
  }

  /** The OAuth error: the row's, unless the endpoint uses another one. */
  get error(): string {
    return this.details.error ?? this.row.error
  }
}

/** The text of `error_description`, ids included. */
export function describeError(error: AadstsError, { traceId, correlationId, time }: RequestIdentity): string {
  const ids = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${formatTimestamp(time)}`
  return `${error.message} ${ids}`
}

/** The JSON body of an error, member by member as Entra sends it. */
export function buildErrorBody(
  error: AadstsError,
  identity: RequestIdentity,
  origin: string,
): Record<string, unknown> {
  const { claims } = error.details
  return {
    error: error.error,
    error_description: describeError(error, identity),
    error_codes: [error.code],
    timestamp: formatTimestamp(identity.time),
    trace_id: identity.traceId,
    correlation_id: identity.correlationId,
    ...(error.row.hasErrorUri && { error_uri: `${origin}/error?code=${String(error.code)}` }),
    ...(error.row.suberror !== undefined && { suberror: error.row.suberror }),
    // A string that contains JSON: neither an object nor base64.
    ...(claims !== undefined && { claims: JSON.stringify(claims) }),
  }
}

/** Entra's form of a time: a space, no fraction, a trailing Z. */
export function formatTimestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')}Z`
}

function fill(message: string, values: Readonly<Record<string, string>>): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
