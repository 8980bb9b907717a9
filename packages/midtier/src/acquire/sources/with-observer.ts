// The outermost source: tells the owner of every acquisition how it ended, where the token came from and how long it took.
import type { Clock } from '../../kernel/time/clock.ts'
import { hasCode, isMidtierError, isRefusal, reasonOf } from '../../kernel/errors/known-errors.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import type { Within } from '../../kernel/telemetry.ts'
import type { AccessToken, TokenRequest, TokenSource } from '../token-source.ts'

/** Reports every answer and every failure of a source to the observer of the call; each acquisition is one span. */
export function withObserver(source: TokenSource, clock: Clock, within?: Within): TokenSource {
  const observed = observing(source, clock)
  return within === undefined
    ? observed
    : { acquire: (request) => within('acquire', () => observed.acquire(request)) }
}

function observing(source: TokenSource, clock: Clock): TokenSource {
  const passing = steady(clock)
  return {
    acquire(request) {
      if (request.context.quiet === true) return source.acquire(request)
      const startedMs = passing.passedMs()
      return source.acquire(request).then(
        (token) => {
          reportToken(request, token, passing.passedMs() - startedMs)
          return token
        },
        (error: unknown) => {
          reportFailure(request, error)
          throw error
        },
      )
    },
  }
}

/** Reports a token: where it came from, why it was asked for, how long that took. */
export function reportToken(request: TokenRequest, token: AccessToken, durationMs: number): void {
  const { grant, accountId, agent, context } = request
  const { origin, reason, scopes, correlationId, expiresAtMs } = token
  context.observe({
    type: 'token_acquired',
    grant,
    origin,
    reason,
    scopes,
    accountId,
    agentId: agent?.id,
    correlationId,
    expiresAtMs,
    durationMs,
  })
}

/** Reports that an acquisition failed: the stable code of the error, and what the owner can do about it. */
export function reportFailure(request: TokenRequest, error: unknown): void {
  const code = isMidtierError(error)
    ? error.code
    : request.signal?.aborted === true
      ? 'aborted'
      : 'unexpected'
  const reason = reasonOf(error)
  const { errorNumbers = [], remedy } = advice(error)
  const { grant, agent, scopes, context, renewal } = request
  context.observe({
    type: 'acquisition_failed',
    grant,
    agentId: agent?.id,
    scopes,
    code,
    reason,
    errorNumbers,
    remedy,
    renewal,
  })
}

function advice(error: unknown): {
  readonly errorNumbers?: readonly number[]
  readonly remedy?: string | undefined
} {
  if (isRefusal(error)) return error.facts
  return hasCode(error, 'authority_unavailable') ? { remedy: error.remedy } : {}
}
