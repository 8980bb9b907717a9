// How a failing token endpoint is treated, resolved: limits that neither hammer it nor give up at the first hiccup.
import type { ResilienceOptions as TokenResilience } from '../acquire/sources/with-resilience.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import type { ResilienceOptions } from '../options.ts'
import { resolveNumber } from './values.ts'

const knownOptions = [
  'maxRetries',
  'retryBudgetMs',
  'failuresToOpen',
  'probeEveryMs',
  'longestPauseSeconds',
] as const satisfies readonly (keyof ResilienceOptions)[]

/** @throws ConfigurationError naming the member that is out of range. */
export function resolveResilience(options: ResilienceOptions): TokenResilience {
  checkKnownOptions(options, knownOptions, 'resilience')
  const { maxRetries = 2, retryBudgetMs, failuresToOpen = 5, probeEveryMs = 1_000 } = options
  const { longestPauseSeconds = 300 } = options
  return Object.freeze({
    maxRetries: resolveNumber('resilience.maxRetries', maxRetries, 0, 10),
    ...(retryBudgetMs === undefined
      ? {}
      : { retryBudgetMs: resolveNumber('resilience.retryBudgetMs', retryBudgetMs, 1, 120_000) }),
    failuresToOpen: resolveNumber('resilience.failuresToOpen', failuresToOpen, 1, 1_000),
    probeEveryMs: resolveNumber('resilience.probeEveryMs', probeEveryMs, 100, 600_000),
    longestPauseSeconds: resolveNumber('resilience.longestPauseSeconds', longestPauseSeconds, 1, 86_400),
  })
}
