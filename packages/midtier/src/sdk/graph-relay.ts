// The Graph SDK copies every failure into an error of its own and forgets the rest: here it becomes what it was, or what the API can answer with.
import { findClaimsChallenge } from '../bearer/claims-challenge.ts'
import { parseChallenges } from '../bearer/parse-challenges.ts'
import { readRequestIds } from '../call/request/request-ids.ts'
import { DownstreamError, InteractionRequiredError } from '../kernel/errors/errors.ts'
import { readRetryAfter } from '../kernel/http/http.ts'

/** The `GraphError` of `@microsoft/microsoft-graph-client`, as far as it is read here. */
interface GraphError extends Error {
  /** -1 when no answer came. */
  readonly statusCode: number
  readonly code: string | null
  readonly requestId: string | null
  readonly body: unknown
  readonly headers?: Headers
}

const bodyLimit = 4096
const maxRemembered = 16

/** The failures of one provider's acquisitions, to be recognised in what the SDK made of them. */
export class AcquisitionFailures {
  readonly #latest: unknown[] = []

  remember(failure: unknown): void {
    this.#latest.push(failure)
    if (this.#latest.length > maxRemembered) this.#latest.shift()
  }

  /** The failure that this error is a copy of: the SDK keeps nothing of it but message and stack. */
  originalOf(error: GraphError): Error | undefined {
    return this.#latest.find(
      (failure): failure is Error => failure instanceof Error && failure.stack === error.stack,
    )
  }
}

export function isGraphError(error: unknown): error is GraphError {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    ['code', 'requestId', 'body'].every((name) => name in error)
  )
}

/** The claims request (JSON) with which Graph refused a token that it accepted before; `undefined` for any other refusal. */
export function demandedClaims({ statusCode, headers }: GraphError): string | undefined {
  return statusCode === 401 ? findClaimsChallenge(parseChallenges(headers))?.claims : undefined
}

/** What the handler lets out: a challenge for our own caller, Graph's refusal, or the error itself when it was our caller who gave up. */
export function translate(error: GraphError, scopes: readonly string[], nowMs: number): Error {
  const claims = demandedClaims(error)
  if (claims !== undefined) return challengeOf(claims, scopes, error)
  if (error.code === 'AbortError') return error
  const status = error.statusCode > 0 ? error.statusCode : undefined
  const outcome = status === undefined ? 'did not answer' : `answered ${status}`
  return new DownstreamError('Microsoft Graph', `Microsoft Graph ${outcome}`, status, bodyOf(error), {
    cause: error,
    retryAfterSeconds: readRetryAfter(error.headers, nowMs),
    ...readRequestIds(error.headers ?? new Headers()),
  })
}

function challengeOf(claims: string, scopes: readonly string[], cause: GraphError): InteractionRequiredError {
  const facts = { error: 'insufficient_claims', errorNumbers: [], status: 401, scopes, claims } as const
  return new InteractionRequiredError(
    'Microsoft Graph refuses the token until the person satisfies its claims',
    'claims_required',
    { ...facts, origin: 'resource' },
    { cause },
  )
}

function bodyOf({ body }: GraphError): string {
  return typeof body === 'string' ? body.slice(0, bodyLimit) : ''
}
