// The limits of an API whose options say nothing of them.
import { resolveResilience } from '../../src/settings/resilience.ts'
import { resolveTokenCache } from '../../src/settings/token-cache.ts'
import type { ResilienceOptions } from '../../src/options.ts'
import type { TokenSourceSettings } from '../../src/acquire/create-token-source.ts'

/** How long a token endpoint is waited for, and how it is treated when it fails. */
export function requestLimits(
  resilience: ResilienceOptions = {},
  requestTimeoutMs = 10_000,
): Pick<TokenSourceSettings, 'requestTimeoutMs' | 'resilience'> {
  return { requestTimeoutMs, resilience: resolveResilience(resilience, requestTimeoutMs) }
}

const { maxEntries, maxBytes } = resolveTokenCache({})

/** How much a cache in memory holds. */
export const memoryBounds = { maxEntries, maxBytes }
