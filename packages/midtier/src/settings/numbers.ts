// Every number among the options, one row each: what stands where nothing is said, and the least and the greatest that may be.
import { ConfigurationError } from '../kernel/errors/errors.ts'

/** One option that is a whole number. */
interface NumberOption {
  readonly default: number
  readonly least: number
  readonly most: number
}

const minuteSeconds = 60
const daySeconds = 86_400
const mebibyte = 1024 * 1024

/** By the path of the option; `*` stands for a name of the application's own. */
export const numberOptions = {
  tokenRequestTimeoutMs: { default: 10_000, least: 1, most: 120_000 },
  clockToleranceSeconds: { default: 300, least: 0, most: 900 },
  maxTokenLength: { default: 65_536, least: 1_024, most: 256_000 },
  maxCachedTokens: { default: 20_000, least: 0, most: 10_000_000 },
  'signingKeys.refreshAfterSeconds': { default: daySeconds / 2, least: 60, most: 7 * daySeconds },
  'signingKeys.keepSeconds': { default: daySeconds, least: 0, most: 7 * daySeconds },
  'signingKeys.cooldownSeconds': { default: 30, least: 1, most: 3_600 },
  'signingKeys.timeoutMs': { default: 5_000, least: 100, most: 60_000 },
  'tokenCache.maxEntries': { default: 50_000, least: 1, most: 10_000_000 },
  'tokenCache.maxBytes': { default: 128 * mebibyte, least: mebibyte, most: 2 ** 40 },
  'tokenCache.storeTimeoutMs': { default: 500, least: 1, most: 60_000 },
  'resilience.maxRetries': { default: 2, least: 0, most: 10 },
  // At most: with a short tokenRequestTimeoutMs it is twice that and a second.
  'resilience.retryBudgetMs': { default: 8_000, least: 1, most: 120_000 },
  'resilience.failuresToOpen': { default: 5, least: 1, most: 1_000 },
  'resilience.probeEveryMs': { default: 1_000, least: 100, most: 600_000 },
  'resilience.longestPauseSeconds': { default: 5 * minuteSeconds, least: 1, most: daySeconds },
  // As long as Entra's refresh tokens live unused.
  'longRunning.lifetimeSeconds': { default: 90 * daySeconds, least: minuteSeconds, most: 366 * daySeconds },
  'revocations.freshnessSeconds': { default: 30, least: 1, most: 3_600 },
  'revocations.longestTokenLifetimeSeconds': { default: 30 * 3_600, least: 300, most: 7 * daySeconds },
  'downstreamApis.*.timeoutMs': { default: 30_000, least: 1, most: 600_000 },
  'downstreamApis.*.maxResponseBytes': { default: 10 * mebibyte, least: 1, most: 2 ** 31 },
  'downstreamApis.*.maxRetries': { default: 2, least: 0, most: 5 },
  'downstreamApis.*.retryBudgetMs': { default: 10_000, least: 0, most: 600_000 },
} as const satisfies Readonly<Record<string, NumberOption>>

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
