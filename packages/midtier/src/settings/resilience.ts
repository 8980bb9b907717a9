// How a failing token endpoint is treated, resolved: limits that neither hammer it nor give up at the first hiccup.
import type { ResilienceOptions as TokenResilience } from '../acquire/sources/with-resilience.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { ResilienceOptions } from '../options.ts'
import { resolveNumber } from './numbers.ts'

const knownOptions = [
  'maxRetries',
  'retryBudgetMs',
  'failuresToOpen',
  'probeEveryMs',
  'longestPauseSeconds',
] as const satisfies readonly (keyof ResilienceOptions)[]

/** @throws ConfigurationError naming the member that is out of range. */
export function resolveResilience(
  options: ResilienceOptions,
  tokenRequestTimeoutMs: number,
): TokenResilience {
  checkKnownOptions(options, knownOptions, 'resilience')
  const budgetMs = resolveNumber('resilience.retryBudgetMs', options.retryBudgetMs)
  return Object.freeze({
    maxRetries: resolveNumber('resilience.maxRetries', options.maxRetries),
    retryBudgetMs:
      options.retryBudgetMs === undefined ? Math.min(2 * tokenRequestTimeoutMs + 1000, budgetMs) : budgetMs,
    failuresToOpen: resolveNumber('resilience.failuresToOpen', options.failuresToOpen),
    probeEveryMs: resolveNumber('resilience.probeEveryMs', options.probeEveryMs),
    longestPauseSeconds: resolveNumber('resilience.longestPauseSeconds', options.longestPauseSeconds),
  })
}
