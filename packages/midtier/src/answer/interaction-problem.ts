// A failure that only the person can end, as an answer: a challenge when the caller can do something with it, a plain refusal otherwise.
import { buildChallenge } from '../bearer/challenge.ts'
import { demandsOnlyNewSignIn } from '../bearer/claims-challenge.ts'
import { buildIdentityWebChallenge } from '../bearer/identity-web-challenge.ts'
import { relayableClaims } from '../kernel/claims-request.ts'
import type { InteractionRequiredError } from '../kernel/errors/errors.ts'
import { type Problem, whereToSignIn } from './problem.ts'

/** Describes the answer. @see RFC 6750 §3, https://learn.microsoft.com/entra/identity-platform/claims-challenge */
export function interactionProblem(error: InteractionRequiredError): Problem {
  const { reason, request } = error
  if (reason === 'blocked') return forbid(error, reason, details.blocked)
  if (request?.withheld === 'challenge_loop') return forbid(error, 'challenge_loop', loopDetail)
  const claims = relayableClaims(error.facts.claims)
  if (claims !== undefined && request?.withheld === 'caller_incapable') return answerIncapable(error, claims)
  const isIdentityWeb = error.resource?.challengeStyle === 'identity-web'
  if (reason === 'consent_required')
    return isIdentityWeb ? challengeAsIdentityWeb(error, claims) : askForConsent(error)
  if (claims === undefined) return challengeAsInvalid(error)
  return isIdentityWeb ? challengeAsIdentityWeb(error, claims) : challengeWithClaims(error, claims)
}

const details = {
  consent_required: 'The person, or an administrator, has to consent to what this API does on their behalf.',
  claims_required: 'The person has to sign in again and satisfy the claims in this challenge.',
  sign_in_required: 'The session has ended; the person has to sign in again.',
  no_token_cached: 'No token is cached for this person; sign in again.',
  blocked: 'The organisation refuses this access; signing in again does not change that.',
} as const

/** Within the tolerance here, and over at the authority: no sign-in is needed for a new one as a rule. */
const expiredDetail = 'The token has expired; acquire a new one.'

const loopDetail =
  'The new sign-in does not satisfy what was asked for a moment ago, and another one would not either.'

/** The token is fine and has to be brought again with more in it. */
function challengeWithClaims(error: InteractionRequiredError, claims: string): Problem {
  const detail = details[error.reason]
  return {
    status: 401,
    title: 'Unauthorized',
    detail,
    challenge: buildChallenge({
      ...whereToSignIn(error.resource),
      error: 'insufficient_claims',
      errorDescription: detail,
      claims,
    }),
    members: { error: 'insufficient_claims', ...membersOf(error), claims },
  }
}

/** The token is at its end. */
function challengeAsInvalid(error: InteractionRequiredError): Problem {
  const detail = error.request?.expired === true ? expiredDetail : details[error.reason]
  return {
    status: 401,
    title: 'Unauthorized',
    detail,
    challenge: buildChallenge({
      ...whereToSignIn(error.resource),
      error: 'invalid_token',
      errorDescription: detail,
    }),
    members: { error: 'invalid_token', ...membersOf(error) },
  }
}

/**
 * The token is fine, and a new one changes nothing: hence 403. The parameters have the names of Microsoft.Identity.Web, and no `scope`,
 * which would say that the client itself needs the scopes of the downstream API.
 */
function askForConsent(error: InteractionRequiredError): Problem {
  const detail = details.consent_required
  const { resource, facts, request } = error
  return {
    status: 403,
    title: 'Forbidden',
    detail,
    challenge: buildChallenge({
      ...whereToSignIn(resource),
      error: 'insufficient_scope',
      errorDescription: detail,
      consent: { url: request?.consentUrl, scopes: facts.scopes },
    }),
    members: { error: 'insufficient_scope', ...membersOf(error), consentUrl: request?.consentUrl },
  }
}

function challengeAsIdentityWeb(error: InteractionRequiredError, claims: string | undefined): Problem {
  const { reason, facts, request } = error
  const consentUrl = request?.consentUrl
  return {
    status: 403,
    title: 'Forbidden',
    detail: details[reason],
    challenge: buildIdentityWebChallenge({
      scopes: facts.scopes,
      consentUrl,
      claims,
    }),
    members: {
      error: claims === undefined ? 'insufficient_scope' : 'insufficient_claims',
      ...membersOf(error),
      consentUrl,
      claims,
    },
  }
}

/** A client that does not know claims challenges still knows how to sign in again; where that does not do, it is told no. */
function answerIncapable(error: InteractionRequiredError, claims: string): Problem {
  if (demandsOnlyNewSignIn(claims)) return challengeAsInvalid(error)
  return forbid(error, error.reason, 'This needs a sign-in that the calling application cannot ask for.')
}

/** Without a challenge, which would only be answered in vain. */
function forbid(error: InteractionRequiredError, reason: string, detail: string): Problem {
  return { status: 403, title: 'Forbidden', detail, members: { ...membersOf(error), reason } }
}

/** What support asks for, and what the client may act on. Never the words of the authority, nor what the owner has to do. */
function membersOf({ reason, facts, request }: InteractionRequiredError): Readonly<Record<string, unknown>> {
  return {
    reason,
    suberror: facts.suberror,
    errorNumbers: facts.errorNumbers,
    scopes: facts.scopes,
    correlationId: facts.correlationId,
    traceId: request?.traceId,
    authorityTraceId: facts.traceId,
  }
}
