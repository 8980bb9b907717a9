// Every number among the options, one row each: what stands where nothing is said, and the least and the greatest that may be.
import { ConfigurationError } from '../kernel/errors/errors.ts'

/**
 * By the path of the option; `*` stands for a name of the application's own. Numbers in full: the declarations are made without the
 * compiler's inference.
 */
export const numberOptions = {
  tokenRequestTimeoutMs: { default: 10_000, least: 1, most: 120_000 },
  clockToleranceSeconds: { default: 300, least: 0, most: 900 },
  maxTokenLength: { default: 65_536, least: 1_024, most: 256_000 },
  maxCachedTokens: { default: 20_000, least: 0, most: 10_000_000 },
  'signingKeys.refreshAfterSeconds': { default: 43_200, least: 60, most: 604_800 },
  'signingKeys.keepSeconds': { default: 86_400, least: 0, most: 604_800 },
  'signingKeys.cooldownSeconds': { default: 30, least: 1, most: 3_600 },
  'signingKeys.timeoutMs': { default: 5_000, least: 100, most: 60_000 },
  'tokenCache.maxEntries': { default: 50_000, least: 1, most: 10_000_000 },
  'tokenCache.maxBytes': { default: 134_217_728, least: 1_048_576, most: 1_099_511_627_776 },
  'tokenCache.storeTimeoutMs': { default: 500, least: 1, most: 60_000 },
  'resilience.maxRetries': { default: 2, least: 0, most: 10 },
  // At most: with a short tokenRequestTimeoutMs it is twice that and a second.
  'resilience.retryBudgetMs': { default: 8_000, least: 1, most: 120_000 },
  'resilience.failuresToOpen': { default: 5, least: 1, most: 1_000 },
  'resilience.probeEveryMs': { default: 1_000, least: 100, most: 600_000 },
  'resilience.longestPauseSeconds': { default: 300, least: 1, most: 86_400 },
  // As long as Entra's refresh tokens live unused.
  'longRunning.lifetimeSeconds': { default: 7_776_000, least: 60, most: 31_622_400 },
  'revocations.freshnessSeconds': { default: 30, least: 1, most: 3_600 },
  'revocations.longestTokenLifetimeSeconds': { default: 108_000, least: 300, most: 604_800 },
  'downstreamApis.*.timeoutMs': { default: 30_000, least: 1, most: 600_000 },
  'downstreamApis.*.maxResponseBytes': { default: 10_485_760, least: 1, most: 2_147_483_648 },
  'downstreamApis.*.maxRetries': { default: 2, least: 0, most: 5 },
  'downstreamApis.*.retryBudgetMs': { default: 10_000, least: 0, most: 600_000 },
} as const

/** The path of an option that is a number. */
type NumberOptionPath = keyof typeof numberOptions

/**
 * A number that was given, or the default of its row.
 *
 * @param name Stands for the `*` in the path.
 * @throws ConfigurationError when it is no whole number, or out of range.
 */
export function resolveNumber(path: NumberOptionPath, value: unknown, name = '*'): number {
  const { default: otherwise, least, most } = numberOptions[path]
  if (value === undefined) return otherwise
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new ConfigurationError(
    path.replace('*', () => name),
    `must be a whole number from ${least} to ${most}`,
  )
}
