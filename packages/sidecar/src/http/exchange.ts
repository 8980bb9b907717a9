// One request as endpoints see it, and the identity layer that they use.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller, IncomingRequest, Logger, WebApi } from 'midtier'
import type { NamedSessions } from '../calls/sessions.ts'
import type { Settings } from '../config/settings.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Answer } from './answer.ts'
import { valuesOf } from './raw-headers.ts'

/** What all endpoints have in common; made once. */
export interface Sidecar {
  readonly settings: Settings
  readonly api: WebApi
  readonly managedIdentity: (clientId: string) => WebApi
  /** Long-running sessions by name; `undefined` without a shared cache, which they are kept in. */
  readonly sessions: NamedSessions | undefined
  /** `undefined` where they are switched off. */
  readonly metrics: Metrics | undefined
  readonly logger: Logger
  readonly warnRarely: (key: string, fields: Readonly<Record<string, unknown>>, message: string) => void
  /** Whether it takes requests: not when it is stopping. */
  readonly isStopping: () => boolean
}

/** One request. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly method: string
  /** Without the question mark. */
  readonly query: string
  /** The name in the path; empty where the route has none. */
  readonly apiName: string
  /** What is below the name in the path, with its query, as it was sent. */
  readonly rest: string
}

/** An endpoint; `undefined` when it has answered by itself. */
export type Endpoint = (sidecar: Sidecar, exchange: Exchange) => Promise<Answer | undefined>

/** The validated caller. @throws BearerError, AuthorityUnavailableError */
export function authenticate(
  { api }: Sidecar,
  { request }: Exchange,
  correlationId?: string,
): Promise<Caller> {
  const traceparent = correlationId === undefined ? undefined : traceparentOf(correlationId)
  const incoming: IncomingRequest = {
    // Node joins what comes twice, and a token that comes twice is two.
    header: (name) => {
      if (name === 'traceparent' && traceparent !== undefined) return traceparent
      const values = valuesOf(request, name)
      return values.length > 1 ? values : values[0]
    },
    method: request.method ?? '',
    url: request.url ?? '',
  }
  return api.authenticate(incoming)
}

/** A correlation id is what the authority is told of a trace. */
function traceparentOf(correlationId: string): string {
  return `00-${correlationId.replaceAll('-', '').toLowerCase()}-0000000000000001-01`
}
