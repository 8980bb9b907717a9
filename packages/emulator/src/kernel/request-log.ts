// The request log: what was asked, by whom, and how it ended; never a token, a secret, a code or an assertion.

/** One request that the emulator answered. */
export interface RequestRecord {
  readonly id: string
  /** ISO 8601, by the emulator's clock. */
  readonly time: string
  readonly method: string
  /** The path without its query. */
  readonly path: string
  readonly endpoint: Endpoint
  readonly tenant?: string | undefined
  readonly grantType?: string | undefined
  readonly clientId?: string | undefined
  /** User principal name. */
  readonly user?: string | undefined
  /** Display name of the agent that acted, or for which its blueprint asked. */
  readonly agent?: string | undefined
  /** Display name of the API that a token is for. */
  readonly resource?: string | undefined
  readonly scopes?: readonly string[] | undefined
  /** Absent when the connection was cut by a fault. */
  readonly status?: number | undefined
  /** AADSTS codes, or Graph's error code. */
  readonly error?: readonly (number | string)[] | undefined
  /** Names of the policies that refused, or that asked the user for a step. */
  readonly policies?: readonly string[] | undefined
  /** The client's `client-request-id`. */
  readonly correlationId?: string | undefined
  /** Trace id of the W3C `traceparent` header. */
  readonly traceId?: string | undefined
  readonly durationMs: number
  /** Claims of the access token that was issued. */
  readonly issued?: Readonly<Record<string, unknown>> | undefined
  /** Claims of the token that was presented: to Graph, or as the assertion of an on-behalf-of request. */
  readonly presented?: Readonly<Record<string, unknown>> | undefined
}

/** What a request is for. */
export type Endpoint =
  | 'discovery'
  | 'keys'
  | 'instance'
  | 'authorize'
  | 'interaction'
  | 'token'
  | 'devicecode'
  | 'identity'
  | 'logout'
  | 'userinfo'
  | 'graph'
  | 'emulator'
  | 'other'

/** Narrows what is listed. */
export type RequestFilter = Partial<
  Pick<RequestRecord, 'correlationId' | 'traceId' | 'endpoint' | 'clientId' | 'grantType'>
>

const maximumRecords = 1000

/** The last requests, oldest first. */
export class RequestLog {
  #records: RequestRecord[] = []

  /** The records that match every member of the filter. */
  list(filter: RequestFilter = {}): readonly RequestRecord[] {
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined)
    return this.#records.filter((record) =>
      wanted.every(([name, value]) => record[name as keyof RequestFilter] === value),
    )
  }

  /** Adds a record; beyond 1000 the oldest leaves. */
  add(record: RequestRecord): void {
    this.#records.push(record)
    if (this.#records.length > maximumRecords) this.#records.shift()
  }

  /** Forgets everything. */
  clear(): void {
    this.#records = []
  }
}
