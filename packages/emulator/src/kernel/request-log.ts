// The request log: what was asked, by whom, and how it ended; never a token, a secret, a code or an assertion.

import type { RequestCheck } from './request-check.ts'
import type { Masked } from './masked.ts'
import type { PolicyResult } from './policy-result.ts'

/** One request that the emulator answered. */
export interface RequestRecord {
  readonly id: string
  /** Counts the records of this emulator, from 1. */
  readonly sequence: number
  /** ISO 8601, by the emulator's clock. */
  readonly time: string
  readonly method: string
  /** The path without its query. */
  readonly path: string
  readonly endpoint: Endpoint
  readonly tenant?: string | undefined
  readonly grantType?: string | undefined
  readonly clientId?: string | undefined
  /** Display name of the client. */
  readonly application?: string | undefined
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
  /** Claims of the id_token that was issued. */
  readonly idToken?: Readonly<Record<string, unknown>> | undefined
  /** Joins an authorization request with the redemption of the code that it ended with. It is not the code. */
  readonly codeId?: string | undefined
  /** The session of the user that the request belongs to. */
  readonly sessionId?: string | undefined
  /** How the user signed in to that session: `pwd`, `mfa`. */
  readonly amr?: readonly string[] | undefined
  /** The checks in the order in which they were made, and what was not reached. */
  readonly checks?: readonly RequestCheck[] | undefined
  /** What became of each policy; absent when the request was decided before any. */
  readonly policyResults?: readonly PolicyResult[] | undefined
  /** Query and form; what opens a door is masked. */
  readonly parameters?: Masked | undefined
  /** Request headers that tell about the client. */
  readonly headers?: Masked | undefined
  /** Members of the answer; what opens a door is masked. */
  readonly response?: Masked | undefined
  /** The page or the place that the user was sent to. */
  readonly shown?: string | undefined
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

/** A record before it is counted. */
export type NewRequestRecord = Omit<RequestRecord, 'sequence'>

/** Narrows what is listed. */
export type RequestFilter = Partial<
  Pick<RequestRecord, 'correlationId' | 'traceId' | 'endpoint' | 'clientId' | 'grantType'>
> & {
  /** The `sequence` after which to begin. */
  readonly since?: number | undefined
}

const maximumRecords = 1000
const maximumBytes = 16 * 1024 * 1024

interface Entry {
  readonly record: RequestRecord
  /** Its length as JSON, as the measure of what it holds in memory. */
  readonly bytes: number
}

/** The last requests, oldest first: at most 1000, and at most 16 MB of JSON. */
export class RequestLog {
  #entries: Entry[] = []
  #bytes = 0
  #sequence = 0
  readonly #listeners = new Set<() => void>()

  /** The records that match every member of the filter. */
  list({ since = 0, ...filter }: RequestFilter = {}): readonly RequestRecord[] {
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined)
    return this.#entries.flatMap(({ record }) => {
      const isWanted = wanted.every(([name, value]) => record[name as keyof typeof filter] === value)
      return isWanted && record.sequence > since ? [record] : []
    })
  }

  /** A record by its id. */
  find(id: string): RequestRecord | undefined {
    return this.#entries.find(({ record }) => record.id === id)?.record
  }

  /** The `sequence` of the newest record; 0 before the first. */
  get sequence(): number {
    return this.#sequence
  }

  /** How much the records are, as JSON, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Adds a record; beyond 1000, or 16 MB, the oldest leave. */
  add(record: NewRequestRecord): void {
    const counted = { ...record, sequence: ++this.#sequence }
    const bytes = Buffer.byteLength(JSON.stringify(counted))
    this.#entries.push({ record: counted, bytes })
    this.#bytes += bytes
    while (this.#entries.length > maximumRecords || this.#bytes > maximumBytes)
      this.#bytes -= this.#entries.shift()?.bytes ?? 0
    for (const listener of this.#listeners) listener()
  }

  /** Tells `listener` of every change; the result ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = []
    this.#bytes = 0
    for (const listener of this.#listeners) listener()
  }
}
