// What leaves this API as an error: here it learns which request it answers, and whether the caller can do anything with its claims.
import { ChallengeLoops } from '../bearer/challenge-loops.ts'
import { buildConsentUrl, type ConsentRequest } from '../bearer/consent-url.ts'
import {
  BearerError,
  type DownstreamError,
  InteractionRequiredError,
  type InteractionRequest,
  type ResourceFacts,
} from '../kernel/errors/errors.ts'
import { readSeconds } from '../jwt/claims.ts'
import { nowSeconds } from '../kernel/time/clock.ts'
import { addExitNote, copyError, exitNoteOf, type ExitNote } from './exit-note.ts'
import {
  hasCode,
  isMidtierError,
  isRefusal,
  reasonOf,
  type AnyMidtierError,
} from '../kernel/errors/known-errors.ts'
import type { CallContext, Operation } from '../kernel/observer.ts'
import { describeChallenged, findRefused, understandsClaimsChallenges } from '../protect/challenged-token.ts'
import type { Principal } from '../protect/principal.ts'
import type { Settings } from '../settings/settings.ts'

/** Lets the errors of one API out. */
export interface Exit {
  /** An error that wants the person, for this caller alone: what others wait for as well may have failed by the same error. */
  letOut(
    error: InteractionRequiredError,
    principal: Principal,
    context: CallContext,
  ): InteractionRequiredError
  /** A refusal of a token, or one without a challenge when the challenge goes round in circles. */
  refuse(error: BearerError, context: CallContext): BearerError
  /**
   * Any error, for whoever called: ours learn which request they belong to and how the owner is told of them, and the observer of the
   * request is told that something failed; each once. Those of others stay as they are.
   */
  leave(error: unknown, departure: Departure): unknown
  /** Told that this API has an agent, and so is a blueprint: where people consent to it changes by that. */
  noteBlueprint(): void
}

/** What an error leaves. */
export interface Departure {
  readonly operation: Operation | 'authenticate'
  readonly context: CallContext
  /** The caller of the request; absent where there is none. */
  readonly principal?: Principal
  /** The downstream API that was called. */
  readonly api?: string
}

/** Prepares what all errors of an API have in common. */
export function createExit(settings: Settings): Exit {
  const resource = resourceFacts(settings)
  const loops = new ChallengeLoops(settings.clock)
  const closesLoop = (principal: Principal, claims: string): boolean =>
    !authenticatedItself(principal) && loops.closes(describeChallenged(principal), claims)

  let isBlueprint = false
  const exit: Exit = {
    noteBlueprint() {
      isBlueprint = true
    },
    letOut(error, principal, context) {
      if (error.resource !== undefined) return error // it passes here again
      const { message, reason, facts } = error
      const outward = new InteractionRequiredError(message, reason, facts, { cause: error.cause })
      outward.resource = resource
      outward.request = {
        traceId: context.traceId,
        ...(reason === 'consent_required'
          ? consentOf(settings, principal, { scopes: facts.scopes, isBlueprint })
          : {}),
        ...withholdClaims(error, principal, closesLoop),
        ...(isOver(principal, settings) ? { expired: true } : {}),
      }
      return outward
    },
    refuse(error, { traceId }) {
      const { claims } = error
      const principal = findRefused(error)
      const stuck = claims !== undefined && principal !== undefined && closesLoop(principal, claims)
      const refusal = stuck ? refuseLoop(error) : error
      refusal.resource = resource
      refusal.traceId = traceId
      return refusal
    },
    leave(error, departure) {
      if (!isMidtierError(error) || exitNoteOf(error) !== undefined) return error
      const { context, principal } = departure
      report(error, departure)
      if (hasCode(error, 'bearer_refused')) return error
      const outward =
        hasCode(error, 'interaction_required') && principal !== undefined
          ? exit.letOut(error, principal, context)
          : ownCopy(error)
      return addExitNote(outward, noteOf(outward, departure, settings))
    },
  }
  return exit
}

/** An answer of a downstream API is of one call alone. */
function ownCopy(error: AnyMidtierError): AnyMidtierError {
  return hasCode(error, 'downstream_failed') ? error : copyError(error)
}

function noteOf(error: AnyMidtierError, departure: Departure, { log, refusals }: Settings): ExitNote {
  const { operation, context, api } = departure
  let told = false
  return {
    traceId: context.traceId,
    answered(status, traceId) {
      if (told) return
      told = true
      log.answered(error, { status, traceId: context.traceId ?? traceId, operation, api })
    },
    refused(status, traceId) {
      if (told || refusals === undefined) return
      told = true
      const { code } = error
      const facts = isRefusal(error) ? (error as Partial<typeof error>).facts : undefined // of an older copy, any kind
      const refusal = { code, status, reason: reasonOf(error), errorNumbers: facts?.errorNumbers, api }
      refusals.refused({ ...refusal, traceId: context.traceId ?? traceId })
    },
  }
}

function report(error: AnyMidtierError, { operation, context, api }: Departure): void {
  const { code } = error
  const reason = reasonOf(error)
  if (operation === 'authenticate') {
    if (code !== 'bearer_refused') context.observe({ type: 'authentication_failed', code, reason })
    return
  }
  const { downstreamStatus } = error as Partial<DownstreamError>
  context.observe({ type: 'operation_failed', operation, code, reason, api, downstreamStatus })
}

/** The authority's own refusal keeps its claims whoever calls: without them there is no other way out. */
function withholdClaims(
  { origin, reason, facts }: InteractionRequiredError,
  principal: Principal,
  closesLoop: (principal: Principal, claims: string) => boolean,
): Pick<InteractionRequest, 'withheld'> {
  if (facts.claims === undefined || reason === 'blocked') return {}
  if (origin === 'resource' && !understandsClaimsChallenges(principal))
    return { withheld: 'caller_incapable' }
  return closesLoop(principal, facts.claims) ? { withheld: 'challenge_loop' } : {}
}

/** By our clock, without the tolerance with which it was let in: the authority has less. */
function isOver({ claims }: Principal, { clock }: Settings): boolean {
  const expiry = readSeconds(claims['exp'])
  return expiry !== undefined && expiry <= nowSeconds(clock)
}

/** The consent is given in the tenant where the caller's token was issued: for a guest, that is not the one they sign in to. */
function consentOf(
  { registration: { authority }, clientId, tenantId, challenges, log }: Settings,
  principal: Principal,
  asked: Pick<ConsentRequest, 'scopes' | 'isBlueprint'>,
): Pick<InteractionRequest, 'consentUrl'> {
  const authorizationUri = authority.authorizeEndpoint(authority.multiTenant ? principal.tenantId : tenantId)
  if (authorizationUri === undefined) return {}
  const { consentRedirectUri: redirectUri } = challenges
  if (redirectUri === undefined) log.consentWithoutPage()
  return { consentUrl: buildConsentUrl({ authorizationUri, clientId, ...asked, redirectUri }) }
}

function refuseLoop({ expected, actual }: BearerError): BearerError {
  return new BearerError({
    status: 403,
    error: 'insufficient_scope',
    reason: 'challenge_loop',
    description: 'The new sign-in does not satisfy what was asked for, and another one would not either',
    expected,
    actual,
  })
}

function resourceFacts({
  registration: { authority },
  clientId,
  tenantId,
  resource,
  challenges: { style },
}: Settings): ResourceFacts {
  return Object.freeze({
    authorizationUri: authority.authorizeEndpoint(tenantId),
    clientId,
    resourceMetadata: resource?.metadataUrl,
    requestableScopes: resource?.metadata.scopes_supported,
    challengeStyle: style,
  })
}

/**
 * Whether the client proved itself (`azpacr` or, in v1.0 tokens, `appidacr`, of 1 or 2). A middle tier answers a challenge by itself, once,
 * with a token that is newer without anybody having been asked: refused here, the challenge would never reach the person.
 */
function authenticatedItself({ claims }: Principal): boolean {
  return ['1', '2'].includes(String(claims['azpacr'] ?? claims['appidacr']))
}
