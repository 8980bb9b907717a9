// What holds of every plan, whatever is asked: shares are parts of a whole, no loss costs less than none, and what is advised can be set.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planNumberNames, planNumbers } from '../../src/bin/plan-flags.ts'
import { formatPlan } from '../../src/bin/format-plan.ts'
import { defaultInputs, type PlanInputs } from '../../src/plan/inputs.ts'
import { createPlan, type Plan } from '../../src/plan/plan.ts'
import { numberOptions } from '../../src/settings/numbers.ts'

type Named = Partial<Record<keyof PlanInputs, number>>

/** Anything that the options take: most as assumed, others at an end or, evenly by their logarithm, between. */
const numbers = fc.record(
  Object.fromEntries(
    planNumberNames.flatMap((name) => {
      const { input, least, most } = planNumbers[name]
      if (input === undefined || input === 'regions') return []
      const low = Math.max(least, 0.01)
      const between = fc
        .double({ min: 0, max: 1, noNaN: true })
        .map((part) => low * (most / low) ** part)
        .map((value) => (value < 10 ? value : Math.round(value)))
      const assumed = fc.constant(defaultInputs[input] as number)
      const ends = fc.constantFrom(least, most)
      return [[input, fc.oneof({ weight: 3, arbitrary: assumed }, ends, between)] as const]
    }),
  ),
) as fc.Arbitrary<Named>

const inputs: fc.Arbitrary<PlanInputs> = fc
  .record({
    numbers,
    regions: fc.constantFrom(1, 1, 2, 5),
    sticky: fc.boolean(),
    store: fc.constantFrom('redis' as const, 'redis' as const, 'none' as const),
  })
  .map(({ numbers, ...rest }) => {
    const whole: Named = {}
    for (const name of ['users', 'atOnce', 'downstreamApis', 'maxEntries'] as const)
      whole[name] = Math.max(1, Math.round(numbers[name] ?? 1))
    const processes = rest.regions * Math.ceil((numbers.processes ?? 4) / rest.regions)
    return { ...defaultInputs, ...numbers, ...whole, ...rest, processes }
  })

const holds = (plan: Plan): void => {
  const { fromMemory, fromStore, fromAuthority, requests, exchanges, failures } = plan
  for (const share of [fromMemory, fromStore, fromAuthority, ...failures.map(({ waiting }) => waiting)]) {
    expect(share).toBeGreaterThanOrEqual(0)
    expect(share).toBeLessThanOrEqual(1)
  }
  expect(fromMemory + fromStore + fromAuthority).toBeCloseTo(1, 9)
  expect(exchanges).toBeLessThanOrEqual(requests * (1 + 1e-9))
  for (const failure of failures) {
    expect(failure.exchanges, failure.name).toBeGreaterThanOrEqual(exchanges)
    expect(failure.exchanges, failure.name).toBeLessThanOrEqual(requests * (1 + 1e-9))
    expect(failure.waiting, failure.name).toBeGreaterThanOrEqual(fromAuthority)
    expect(failure.lastingExchanges ?? exchanges, failure.name).toBeGreaterThanOrEqual(exchanges)
  }
  const set = (name: string): number =>
    Number(/^[\d.]+/.exec(plan.settings.find((setting) => setting.name === name)?.value ?? '')?.[0])
  expect(set('tokenCache.maxEntries')).toBeLessThanOrEqual(numberOptions['tokenCache.maxEntries'].most)
  expect(set('maxCachedTokens')).toBeLessThanOrEqual(numberOptions.maxCachedTokens.most)
  if (plan.store) expect(set('maxmemory (Redis)')).toBeGreaterThanOrEqual(16)
  if (plan.store) expect(set('maxmemory (Redis)') % 1).toBe(0)
  expect(formatPlan(plan, { colour: false, columns: 100 })).not.toMatch(/\de[+-]\d|NaN|Infinity|undefined/)
}

describe('every plan', () => {
  it('is of shares that make a whole, of losses that cost no less than none, and of settings that can be set', () => {
    fc.assert(
      fc.property(inputs, (asked) => {
        holds(createPlan(asked))
      }),
      { numRuns: 400 },
    )
  })

  it.each<[string, Partial<PlanInputs>]>([
    ['more processes than visits', { processes: 20_000, tokenMinutes: 10 }],
    ['tokens that are over before the next request', { requestsPerMinute: 0.1, tokenMinutes: 10 }],
    ['many at once over many processes', { atOnce: 5, processes: 20_000, tokenMinutes: 10 }],
    ['no store, and hardly any memory', { store: 'none', maxEntries: 100 }],
    ['ten users', { users: 10 }],
    ['a hundred users', { users: 100 }],
    ['an authority that takes all', { authorityLimit: 1e9 }],
    ['all the users that can be asked for', { users: 1e10, sessionsPerDay: 1000 }],
  ])('with %s', (_name, more) => {
    holds(createPlan({ ...defaultInputs, ...more }))
  })
})
