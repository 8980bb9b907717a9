// From an error to an answer: the one place that decides what a caller may see of a failure.
import { buildChallenge } from '../bearer/challenge.ts'
import type {
  AcquisitionError,
  AuthorityUnavailableError,
  BearerError,
  DownstreamError,
  TokenStoreError,
} from '../kernel/errors/errors.ts'
import { exitNoteOf } from './exit-note.ts'
import { hasCode, isMidtierError, type AnyMidtierError } from '../kernel/errors/known-errors.ts'
import { interactionProblem } from './interaction-problem.ts'
import { asRequested, type Problem, whereToLearnMore, whereToSignIn } from './problem.ts'

/** An HTTP answer, ready for any framework. */
export interface RenderedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A problem+json text (RFC 9457). */
  readonly body: string
}

// Statuses about the downstream resource itself, which mean the same to our own caller.
const relayedStatuses: ReadonlySet<number> = new Set([404, 409, 410, 412, 422, 429])

/**
 * The answer to an error of this library; `undefined` for an error that is not ours.
 *
 * What is the owner's to fix (a wrong secret, a misused option) is answered without details, but for the trace id of the request by
 * which it is found in the log. Says nothing there itself: see {@link answer}.
 * @see RFC 6750 §3, RFC 9457
 * @example
 * ```ts
 * const rendered = render(error)
 * if (rendered === undefined) throw error
 * res.writeHead(rendered.status, rendered.headers).end(rendered.body)
 * ```
 */
export function render(error: unknown): RenderedAnswer | undefined {
  return renderTraced(error, exitNoteOf(error)?.traceId)
}

/** As {@link render}, with a trace id for what is the owner's to fix. */
export function renderTraced(error: unknown, traceId: string | undefined): RenderedAnswer | undefined {
  if (!isMidtierError(error)) return undefined
  try {
    return write(describeProblem(error), traceId)
  } catch {
    return write(internal, traceId) // a member is of another kind than in an error of this version
  }
}

function write(problem: Problem, trace: string | undefined): RenderedAnswer {
  const { status, title, detail, challenge, retryAfterSeconds, members } = problem
  const traceId = status < 500 ? undefined : trace
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
    },
    // Without a page for each kind of problem there is nothing but the status to point to: `error` and `reason` tell them apart.
    body: JSON.stringify({
      type: 'about:blank',
      title,
      status,
      detail,
      ...members,
      ...(traceId === undefined ? {} : { traceId }),
    }),
  }
}

/**
 * By code, and only as far as the members are there: another copy of the package may have made the error, in another version. What
 * cannot be told is ours to fix.
 */
function describeProblem(error: AnyMidtierError): Problem {
  switch (error.code) {
    case 'bearer_refused':
      return isRefusal(error) ? bearerProblem(error) : internal
    case 'interaction_required':
      return hasCode(error, 'interaction_required') && isObject(error.facts)
        ? interactionProblem(error)
        : internal
    case 'authority_unavailable':
    case 'token_store_failed':
      return unavailable(error)
    case 'downstream_failed':
      return downstreamProblem(error)
    case 'acquisition_impossible':
      return acquisitionProblem(error)
    case 'token_request_refused':
      return 'reason' in error && error.reason === 'unknown_error' ? unknownRefusal : internal
    case 'configuration_invalid':
      return misconfigured
    default:
      return internal
  }
}

const internal: Problem = {
  status: 500,
  title: 'Internal Server Error',
  detail: 'The API could not call an API it depends on.',
}

const misconfigured: Problem = {
  ...internal,
  detail: 'This API is not set up as it has to be; its log says what to do.',
}

/** Nobody knows whose fault it is: not ours for certain, and no reason to send the person anywhere. */
const unknownRefusal: Problem = {
  status: 502,
  title: 'Bad Gateway',
  detail: 'The token service answered with an error that this API does not know.',
}

function isRefusal({ status }: Pick<BearerError, 'status'>): boolean {
  return Object.hasOwn(bearerTitles, status)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function acquisitionProblem({ reason }: AcquisitionError): Problem {
  return Object.hasOwn(wrongCaller, reason)
    ? { status: 403, title: 'Forbidden', detail: wrongCaller[reason as keyof typeof wrongCaller] }
    : internal
}

/** Acquisitions that are impossible because of who called. */
const wrongCaller = {
  app_only_caller: 'This call needs a signed-in user; an application called by itself.',
  other_registration: 'This call is not available to users who signed in at this authority.',
} as const

const bearerTitles = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden' } as const

function bearerProblem(refusal: BearerError): Problem {
  const { status, description, error, reason, scopes, claims, traceId } = refusal
  return {
    status,
    title: bearerTitles[status],
    detail: description,
    challenge: bearerChallenge(refusal),
    members: { error, reason, scopes, claims, traceId },
  }
}

function bearerChallenge({ error, description, scopes, claims, resource }: BearerError): string {
  // Without credentials there is no error code to give (RFC 6750 §3.1), only the way to get some.
  if (error === undefined) return buildChallenge(whereToSignIn(resource))
  return buildChallenge({
    ...(claims === undefined ? whereToLearnMore(resource) : { ...whereToSignIn(resource), claims }),
    error,
    errorDescription: description,
    scopes: scopes && asRequested(scopes, resource),
  })
}

function unavailable(error: AuthorityUnavailableError | TokenStoreError): Problem {
  const isAuthority = hasCode(error, 'authority_unavailable')
  const told = isAuthority && Number.isFinite(error.retryAfterSeconds)
  const what = isAuthority ? 'Signing in and token services' : 'What this API keeps for its callers'
  return {
    status: 503,
    title: 'Service Unavailable',
    detail: `${what} cannot be reached right now; try again later.`,
    retryAfterSeconds: told ? error.retryAfterSeconds : 5,
  }
}

function downstreamProblem(error: DownstreamError): Problem {
  const { downstreamStatus: status } = error
  const relayed = status !== undefined && relayedStatuses.has(status)
  return {
    status: relayed ? status : 502,
    title: relayed ? 'The downstream API refused' : 'Bad Gateway',
    detail: `The downstream API '${error.api}' ${status === undefined ? 'did not answer' : `answered ${status}`}.`,
    retryAfterSeconds: relayed ? error.retryAfterSeconds : undefined,
    members: { api: error.api },
  }
}
