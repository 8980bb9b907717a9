// A fault: which requests it hits, and how they end.
import type { Endpoint } from '../kernel/request-log.ts'

/** Which requests a fault hits; every member that is given has to match. Those to the emulator's own pages and endpoints are never hit. */
export interface FaultCondition {
  readonly endpoint?: Endpoint
  readonly grantType?: string
  /** Application id of the client. */
  readonly clientId?: string
  /** User principal name. */
  readonly user?: string
  /** Application id, application ID URI or display name of the API that a token is requested for. */
  readonly resource?: string
  /** Only the n-th matching request, counted from 1. */
  readonly nth?: number
  /** At most this many times; default: until the fault is removed. */
  readonly times?: number
}

/** How a hit request ends. The first of drop, hang, aadsts and status/body that is given decides. */
export interface FaultEffect {
  /** Waits first, in milliseconds (at most 10 minutes); alone, the request then goes on as usual. */
  readonly delayMs?: number
  /** Cuts the connection without an answer. */
  readonly drop?: true
  /** Never answers; the connection stays open until the client or the emulator ends it. */
  readonly hang?: true
  /** Answers with this AADSTS error. */
  readonly aadsts?: number
  /** Answers with this HTTP status (default 200 with a body, 500 without). */
  readonly status?: number
  /** Answers with this body: text as it is, anything else as JSON. */
  readonly body?: unknown
  /** Adds these headers to the answer, also to a regular one. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sends half of the answer and cuts the connection. */
  readonly truncate?: true
}

/** A rule. */
export interface Fault {
  readonly when: FaultCondition
  readonly then: FaultEffect
}
