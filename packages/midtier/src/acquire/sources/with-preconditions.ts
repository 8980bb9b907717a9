// A source that refuses what the authority could only refuse, without asking it.
import type { Clock } from '../../kernel/time/clock.ts'
import { InteractionRequiredError } from '../../kernel/errors/errors.ts'
import type { TokenRequest, TokenSource } from '../token-source.ts'

/** How long after its expiry Entra still exchanges an assertion, and validation still accepts one. */
const assertionToleranceMs = 300_000

/**
 * Refuses requests that are for the cache alone, and assertions that have expired, before they count as tries. Those of agents go on to a
 * source of their own.
 */
export function withPreconditions(
  source: TokenSource,
  clock: Clock,
  { agents }: { readonly agents: TokenSource },
): TokenSource {
  return {
    acquire(request) {
      const refusal = refusalOf(request, clock.nowMs())
      if (refusal !== undefined) return Promise.reject(refusal)
      return request.agent?.proof === undefined ? source.acquire(request) : agents.acquire(request)
    },
  }
}

function refusalOf(request: TokenRequest, nowMs: number): InteractionRequiredError | undefined {
  if (request.cacheOnly)
    return interactionRequired(request, 'no_token_cached', 'No token for these scopes is cached')
  const { assertionExpiresAtMs } = request
  if (assertionExpiresAtMs !== undefined && nowMs > assertionExpiresAtMs + assertionToleranceMs)
    return interactionRequired(
      request,
      'sign_in_required',
      'The incoming token has expired and cannot be exchanged any more',
    )
  return undefined
}

function interactionRequired(
  request: TokenRequest,
  reason: 'no_token_cached' | 'sign_in_required',
  message: string,
): InteractionRequiredError {
  const claims = request.claims === undefined ? {} : { claims: request.claims }
  const facts = {
    error: 'interaction_required',
    errorNumbers: [],
    status: 400,
    scopes: request.scopes,
    ...claims,
  }
  return new InteractionRequiredError(message, reason, facts)
}
