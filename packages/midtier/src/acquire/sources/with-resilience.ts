// A source that is asked again when it fails, within a budget, and left alone while it keeps failing.
import type { Clock } from '../../kernel/time/clock.ts'
import type { AuthorityUnavailableError } from '../../kernel/errors/errors.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import type { Random } from '../../kernel/crypto/random.ts'
import type { Sleep } from '../../kernel/time/sleep.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import { type GateLimits, Gates } from './gates.ts'
import type { TokenRequest, TokenSource } from '../token-source.ts'

/** How an authority that fails is treated. */
export interface ResilienceOptions extends GateLimits {
  /** Further tries of one request after its first; more makes an outage worse. */
  readonly maxRetries: number
  /** From the first try to the start of the last one's answer, in milliseconds. */
  readonly retryBudgetMs: number
}

/** What is handed in. */
export interface ResiliencePorts {
  readonly clock: Clock
  readonly random: Random
  readonly sleep: Sleep
}

/** Upper end of the first back-off; doubled each time. The wait is anything between nothing and that, so that a herd spreads. */
const firstBackoffMs = 250

/**
 * Asks a source again after an outage: no answer, 408, 429, 5xx, or an answer that is none. Refusals are answers.
 *
 * While the endpoint is left alone it fails at once, so that a cached token in its last minutes is served without waiting.
 * A wait that does not fit into the budget is not begun; its end is remembered by the gate instead.
 */
export function withResilience(
  source: TokenSource,
  options: ResilienceOptions,
  ports: ResiliencePorts,
  gates: Gates = new Gates(options, ports),
): TokenSource {
  const { maxRetries, retryBudgetMs } = options
  const { random, sleep } = ports
  const clock = steady(ports.clock)

  return {
    async acquire(request) {
      const deadlineMs = clock.passedMs() + retryBudgetMs
      if (gates.waitMs(request) > 0) return gates.pass(request, source) // refused at once: waiting for the gate is for who was let in before
      for (let retry = 0; ; retry += 1) {
        try {
          return await gates.pass(retry === 0 ? request : limited(request, deadlineMs), source)
        } catch (error) {
          if (!hasCode(error, 'authority_unavailable')) throw error
          const waitMs = toldMs(error, gates.waitMs(request)) + random() * firstBackoffMs * 2 ** retry
          if (retry >= maxRetries || clock.passedMs() + waitMs >= deadlineMs) throw error
          await sleep(waitMs, request.signal)
        }
      }
    },
  }

  /** A repeated try ends with the budget, since somebody is waiting. */
  function limited(request: TokenRequest, deadlineMs: number): TokenRequest {
    return { ...request, timeoutMs: Math.max(deadlineMs - clock.passedMs(), 1) }
  }
}

function toldMs(error: AuthorityUnavailableError, gateMs: number): number {
  return Math.max(error.retryAfterTold ? error.retryAfterSeconds * 1000 : 0, gateMs)
}
