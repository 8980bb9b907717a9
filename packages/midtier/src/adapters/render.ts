// From an error to an answer: the one place that decides what a caller may see of a failure.
import { buildChallenge, type BearerChallenge } from '../bearer/challenge.ts'
import {
  AcquisitionError,
  AuthorityUnavailableError,
  BearerError,
  DownstreamError,
  InteractionRequiredError,
  MidtierError,
  TokenStoreError,
  type ResourceFacts,
} from '../kernel/errors.ts'

/** An HTTP answer, ready for any framework. */
export interface RenderedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A problem+json text (RFC 9457). */
  readonly body: string
}

// Statuses about the downstream resource itself, which mean the same to our own caller.
const relayedStatuses: ReadonlySet<number> = new Set([404, 409, 410, 412, 422, 429])

interface Problem {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly challenge?: string
  readonly retryAfterSeconds?: number
  readonly members?: Readonly<Record<string, unknown>>
}

/**
 * The answer to an error of this library; `undefined` for an error that is not ours.
 *
 * What is the owner's to fix (a wrong secret, a misused option) is answered without details: those are for the log.
 * @see RFC 6750 §3, RFC 9457
 */
export function render(error: unknown): RenderedAnswer | undefined {
  if (!(error instanceof MidtierError)) return undefined
  const { status, title, detail, challenge, retryAfterSeconds, members } = describeProblem(error)
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
    },
    body: JSON.stringify({ title, status, detail, ...members }),
  }
}

function describeProblem(error: MidtierError): Problem {
  if (error instanceof BearerError) return bearerProblem(error)
  if (error instanceof InteractionRequiredError) return interactionProblem(error)
  if (error instanceof AuthorityUnavailableError || error instanceof TokenStoreError)
    return unavailable(error)
  if (error instanceof DownstreamError) return downstreamProblem(error)
  if (error instanceof AcquisitionError && Object.hasOwn(wrongCaller, error.reason))
    return {
      status: 403,
      title: 'Forbidden',
      detail: wrongCaller[error.reason as keyof typeof wrongCaller],
    }
  return {
    status: 500,
    title: 'Internal Server Error',
    detail: 'The API could not call an API it depends on.',
  }
}

/** Acquisitions that are impossible because of who called. */
const wrongCaller = {
  app_only_caller: 'This call needs a signed-in user; an application called by itself.',
  other_registration: 'This call is not available to users who signed in at this authority.',
} as const

const bearerTitles = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden' } as const

function bearerProblem(error: BearerError): Problem {
  return {
    status: error.status,
    title: bearerTitles[error.status],
    detail: error.description,
    challenge: bearerChallenge(error),
    members: { error: error.error, reason: error.reason, scopes: error.scopes },
  }
}

function bearerChallenge({ error, description, scopes, claims, resource }: BearerError): string {
  // Without credentials there is no error code to give (RFC 6750 §3.1), only the way to get some.
  if (error === undefined) return buildChallenge(whereToSignIn(resource))
  return buildChallenge({
    ...(claims === undefined ? whereToLearnMore(resource) : { ...whereToSignIn(resource), claims }),
    error,
    errorDescription: description,
    ...(scopes === undefined ? undefined : { scopes: asRequested(scopes, resource) }),
  })
}

type SignInFacts = Pick<BearerChallenge, 'authorizationUri' | 'clientId' | 'resourceMetadata'>

function whereToSignIn(resource: ResourceFacts | undefined): SignInFacts {
  if (resource === undefined) return {}
  const { authorizationUri, clientId } = resource
  return { authorizationUri, clientId, ...whereToLearnMore(resource) }
}

/** Every refusal leads a client that knows nothing but our URL to the metadata (RFC 9728 §5.1). */
function whereToLearnMore(resource: ResourceFacts | undefined): SignInFacts {
  const resourceMetadata = resource?.resourceMetadata
  return resourceMetadata === undefined ? {} : { resourceMetadata }
}

/** A token says `access_as_user`; the authority, asked for just that, would take it for a scope of Microsoft Graph. */
function asRequested(scopes: readonly string[], resource: ResourceFacts | undefined): readonly string[] {
  const known = resource?.requestableScopes ?? []
  return scopes.map((scope) => known.find((full) => full.endsWith(`/${scope}`)) ?? scope)
}

function interactionProblem(error: InteractionRequiredError): Problem {
  const { facts, reason } = error
  const members = {
    reason,
    suberror: facts.suberror,
    errorNumbers: facts.errorNumbers,
    scopes: facts.scopes,
    correlationId: facts.correlationId,
    traceId: facts.traceId,
  }
  if (reason === 'blocked')
    return {
      status: 403,
      title: 'Forbidden',
      detail: 'A policy of the organisation refuses this access.',
      members,
    }
  const wire = facts.claims === undefined ? 'invalid_token' : 'insufficient_claims'
  const detail = interactionDetails[reason]
  return {
    status: 401,
    title: 'Unauthorized',
    detail,
    challenge: buildChallenge({
      ...whereToSignIn(error.resource),
      error: wire,
      errorDescription: detail,
      ...(facts.claims === undefined ? undefined : { claims: facts.claims }),
    }),
    members: { error: wire, ...members },
  }
}

const interactionDetails = {
  consent_required: 'The person, or an administrator, has to consent to what this API does on their behalf.',
  claims_required: 'The person has to sign in again and satisfy the claims in this challenge.',
  sign_in_required: 'The session has ended; the person has to sign in again.',
  no_token_cached: 'No token is cached for this person; sign in again.',
} as const

function unavailable(error: AuthorityUnavailableError | TokenStoreError): Problem {
  return {
    status: 503,
    title: 'Service Unavailable',
    detail: 'Signing in and token services cannot be reached right now; try again later.',
    retryAfterSeconds: error instanceof AuthorityUnavailableError ? error.retryAfterSeconds : 5,
  }
}

function downstreamProblem(error: DownstreamError): Problem {
  const { status } = error
  const relayed = status !== undefined && relayedStatuses.has(status)
  return {
    status: relayed ? status : 502,
    title: relayed ? 'The downstream API refused' : 'Bad Gateway',
    detail: `The downstream API '${error.api}' ${status === undefined ? 'did not answer' : `answered ${status}`}.`,
    members: { api: error.api },
  }
}
