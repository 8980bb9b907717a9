// Every number and default of the options: what stands where nothing is said, and the least and the greatest that may be.
import { describe, expect, it } from 'vitest'
import { clientSecret, ConfigurationError, type WebApiOptions } from '../../src/index.ts'
import { numberOptions } from '../../src/settings/numbers.ts'
import { resolveOptions } from '../../src/settings/settings.ts'

const good: WebApiOptions = {
  tenantId: 'c0000000-0000-4000-8000-000000000001',
  clientId: 'a0000000-0000-4000-8000-000000000002',
  clientCredential: clientSecret('s3cret'),
}
const api = { baseUrl: 'https://x.example', scopes: ['api://x/.default'] }
const daySeconds = 86_400

type Row = [option: string, least: number, most: number, options: (value: number) => Partial<WebApiOptions>]

const ranges: readonly Row[] = [
  ['tokenRequestTimeoutMs', 1, 120_000, (value) => ({ tokenRequestTimeoutMs: value })],
  ['clockToleranceSeconds', 0, 900, (value) => ({ clockToleranceSeconds: value })],
  ['maxTokenLength', 1_024, 256_000, (value) => ({ maxTokenLength: value })],
  ['maxCachedTokens', 0, 10_000_000, (value) => ({ maxCachedTokens: value })],
  [
    'longRunning.lifetimeSeconds',
    60,
    366 * daySeconds,
    (value) => ({ longRunning: { lifetimeSeconds: value } }),
  ],
  [
    'signingKeys.refreshAfterSeconds',
    60,
    7 * daySeconds,
    (value) => ({ signingKeys: { refreshAfterSeconds: value } }),
  ],
  ['signingKeys.keepSeconds', 0, 7 * daySeconds, (value) => ({ signingKeys: { keepSeconds: value } })],
  ['signingKeys.cooldownSeconds', 1, 3_600, (value) => ({ signingKeys: { cooldownSeconds: value } })],
  ['signingKeys.timeoutMs', 100, 60_000, (value) => ({ signingKeys: { timeoutMs: value } })],
  ['tokenCache.maxEntries', 1, 10_000_000, (value) => ({ tokenCache: { maxEntries: value } })],
  ['tokenCache.maxBytes', 1_048_576, 2 ** 40, (value) => ({ tokenCache: { maxBytes: value } })],
  ['tokenCache.storeTimeoutMs', 1, 60_000, (value) => ({ tokenCache: { storeTimeoutMs: value } })],
  ['resilience.maxRetries', 0, 10, (value) => ({ resilience: { maxRetries: value } })],
  ['resilience.retryBudgetMs', 1, 120_000, (value) => ({ resilience: { retryBudgetMs: value } })],
  ['resilience.failuresToOpen', 1, 1_000, (value) => ({ resilience: { failuresToOpen: value } })],
  ['resilience.probeEveryMs', 100, 600_000, (value) => ({ resilience: { probeEveryMs: value } })],
  [
    'resilience.longestPauseSeconds',
    1,
    daySeconds,
    (value) => ({ resilience: { longestPauseSeconds: value } }),
  ],
  ['revocations.freshnessSeconds', 1, 3_600, (value) => ({ revocations: { freshnessSeconds: value } })],
  [
    'revocations.longestTokenLifetimeSeconds',
    300,
    7 * daySeconds,
    (value) => ({ revocations: { longestTokenLifetimeSeconds: value } }),
  ],
  [
    'downstreamApis.x.timeoutMs',
    1,
    600_000,
    (value) => ({ downstreamApis: { x: { ...api, timeoutMs: value } } }),
  ],
  [
    'downstreamApis.x.maxResponseBytes',
    1,
    2 ** 31,
    (value) => ({ downstreamApis: { x: { ...api, maxResponseBytes: value } } }),
  ],
  [
    'downstreamApis.x.maxRetries',
    0,
    5,
    (value) => ({ downstreamApis: { x: { ...api, maxRetries: value } } }),
  ],
  [
    'downstreamApis.x.retryBudgetMs',
    0,
    600_000,
    (value) => ({ downstreamApis: { x: { ...api, retryBudgetMs: value } } }),
  ],
]

it('every number among the options is here', () => {
  const options = ranges.map(([option]) => option.replace('.x.', '.*.'))
  expect(options.sort()).toEqual(Object.keys(numberOptions).sort())
})

describe.each(ranges)('%s', (option, least, most, options) => {
  it('is good from the least to the greatest', () => {
    for (const value of [least, most])
      expect(() => resolveOptions({ ...good, ...options(value) })).not.toThrow()
  })

  it('is refused beyond them, with both in the message', () => {
    for (const value of [least - 1, most + 1]) {
      const make = (): unknown => resolveOptions({ ...good, ...options(value) })
      expect(make).toThrow(ConfigurationError)
      expect(make).toThrow(`${option}: must be a whole number from ${least} to ${most}`)
    }
  })
})

describe('where nothing is said', () => {
  it('every part has its default', () => {
    expect(resolveOptions(good)).toMatchObject({
      tenantId: good.tenantId,
      clientId: good.clientId,
      managedIdentity: undefined,
      tokenExchange: undefined,
      customSigningKeys: false,
      validator: {
        clockToleranceSeconds: 300,
        maxTokenLength: 65_536,
        maxCachedTokens: 20_000,
        requirements: undefined,
        signingKeys: {
          algorithms: ['RS256'],
          refreshAfterMs: 43_200_000,
          lastKnownGoodMs: 86_400_000,
          cooldownMs: 30_000,
          timeoutMs: 5_000,
        },
      },
      resource: undefined,
      tokenCache: {
        maxEntries: 50_000,
        maxBytes: 134_217_728,
        shared: undefined,
        storeTimeoutMs: 500,
      },
      tokenRequestTimeoutMs: 10_000,
      longRunning: undefined,
      downstreamApis: new Map(),
      challenges: { style: 'rfc6750', consentRedirectUri: undefined },
      revocations: undefined,
      observer: undefined,
    })
    expect(resolveOptions(good).resilience).toEqual({
      maxRetries: 2,
      retryBudgetMs: 8_000,
      failuresToOpen: 5,
      probeEveryMs: 1_000,
      longestPauseSeconds: 300,
    })
  })

  it('a retry fits into the time limits of two tries and a second', () => {
    expect(resolveOptions({ ...good, tokenRequestTimeoutMs: 1_000 }).resilience.retryBudgetMs).toBe(3_000)
  })

  it('what is switched on has its own', () => {
    const options: WebApiOptions = { ...good, longRunning: {}, revocations: {}, downstreamApis: { x: api } }
    const settings = resolveOptions(options)
    expect(settings.longRunning).toEqual({ lifetimeSeconds: 90 * daySeconds })
    expect(settings.revocations).toEqual({
      freshnessMs: 30_000,
      longestTokenLifetimeMs: 108_000_000,
      whenStoreFails: 'refuse',
    })
    expect(settings.downstreamApis.get('x')).toEqual({
      name: 'x',
      baseUrl: new URL('https://x.example/'),
      scopes: api.scopes,
      audience: undefined,
      token: 'onBehalfOf',
      timeoutMs: 30_000,
      maxResponseBytes: 10_485_760,
      maxRetries: 2,
      retryBudgetMs: 10_000,
    })
  })

  it('seconds and milliseconds that were said are the same time', () => {
    const { validator, revocations, resilience } = resolveOptions({
      ...good,
      signingKeys: { refreshAfterSeconds: 61, keepSeconds: 62, cooldownSeconds: 63, timeoutMs: 164 },
      revocations: { freshnessSeconds: 7, longestTokenLifetimeSeconds: 301 },
      resilience: { retryBudgetMs: 8 },
    })
    expect(validator.signingKeys).toMatchObject({
      refreshAfterMs: 61_000,
      lastKnownGoodMs: 62_000,
      cooldownMs: 63_000,
      timeoutMs: 164,
    })
    expect(revocations).toMatchObject({ freshnessMs: 7_000, longestTokenLifetimeMs: 301_000 })
    expect(resilience.retryBudgetMs).toBe(8)
  })
})
