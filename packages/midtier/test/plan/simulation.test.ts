// The formulas of `midtier plan` are held to a simulation that knows none of them: users, processes, a store and an authority, event by event.
import { describe, expect, it } from 'vitest'
import { failuresOf } from '../../src/plan/failures.ts'
import { defaultInputs, type PlanInputs } from '../../src/plan/inputs.ts'
import { steadyState } from '../../src/plan/steady-state.ts'

type Counts = Readonly<
  Record<'requests' | 'l1' | 'l2' | 'authority' | 'refused' | 'exchanges' | 'operations' | 'reads', number>
>
interface Simulation {
  readonly sum: (from: number, to: number) => Counts
  readonly storeEntries: number
}
interface Failing {
  readonly at: number
  readonly kind: string
  readonly seconds?: number
}

const { simulate } = (await import(
  new URL('../../../../benchmarks/scaling/simulate.mjs', import.meta.url).href
)) as {
  simulate: (
    inputs: PlanInputs,
    run: { seed: number; seconds: number; failures?: readonly Failing[] },
  ) => Simulation
}

const base: PlanInputs = { ...defaultInputs, users: 5_000 }

const settings: Readonly<Record<string, Partial<PlanInputs>>> = {
  'as it is assumed': {},
  '16 processes': { processes: 16 },
  'a memory that holds a tenth': { maxEntries: 130 },
  'sessions that stay with a process, and little memory': { sticky: true, maxEntries: 100 },
  'no store': { store: 'none' },
  'no store, and little memory': { store: 'none', maxEntries: 130 },
  'four requests at once': { atOnce: 4, requestsPerMinute: 8 },
  'long sessions, whose tokens are renewed': { users: 2_000, sessionMinutes: 240, maxEntries: 750 },
  'long sessions with few requests over many processes': {
    users: 2_000,
    sessionMinutes: 240,
    requestsPerMinute: 0.3,
    processes: 16,
  },
  'long-lived tokens': {
    users: 800,
    sessionMinutes: 240,
    requestsPerMinute: 1,
    clientTokenMinutes: 1440,
    tokenMinutes: 1440,
  },
  'people who are all alike': { skew: 0 },
  'two regions': { regions: 2, processes: 8 },
}

/** Off by a tenth at most, or by no more than what such a run is off by chance. */
function expectClose(name: string, formula: number, simulated: number, slack: number): void {
  const off = Math.abs(formula - simulated)
  expect(off, `${name}: ${formula} by the formulas, ${simulated} simulated`).toBeLessThanOrEqual(
    Math.max(0.1 * simulated, slack),
  )
}

describe('in the steady state', () => {
  it.each(Object.entries(settings))('%s', (_name, more) => {
    const inputs = { ...base, ...more }
    const steady = steadyState(inputs)
    // Until nothing is left of the beginning, in which nothing was cached; the entries in the store of a day's tokens are left out.
    const warm = Math.ceil(Math.min(2 * inputs.tokenMinutes, 200) + inputs.sessionMinutes) * 60
    const runs = [1, 2].map((seed) => simulate(inputs, { seed, seconds: warm + 5_400 }))
    const counts = runs.map(({ sum }) => sum(warm, warm + 5_400))
    const total = (name: keyof Counts): number => counts.reduce((sum, each) => sum + each[name], 0)
    const requests = total('requests')
    // Of a session, since how many requests came is chance that exchanges do not depend on; of requests, since hits do.
    const perSecond = (name: keyof Counts): number => total(name) / (2 * 5_400)
    const { regions } = inputs
    expectClose('exchanges', steady.exchanges * regions, perSecond('exchanges'), 0)
    expectClose('operations', steady.storeOperations * regions, perSecond('operations'), 0)
    expectClose('reads', steady.storeReads * regions, perSecond('reads'), 0)
    expectClose('from memory', steady.fromMemory, total('l1') / requests, 0.015)
    expectClose('from the store', steady.fromStore, total('l2') / requests, 0.015)
    expectClose('from the authority', steady.fromAuthority, total('authority') / requests, 0.015)
    if (inputs.tokenMinutes < 1440)
      expectClose(
        'entries',
        steady.storeEntries * regions,
        (runs[0]!.storeEntries + runs[1]!.storeEntries) / 2,
        0,
      )
  })
})

describe('in the first minute after a loss', () => {
  const at = 5_400
  const forEver = 1e6
  const events: Readonly<Record<string, readonly Failing[]>> = {
    store_lost: [{ at, kind: 'store', seconds: forEver }],
    store_emptied: [{ at, kind: 'store', seconds: 0 }],
    processes_restarted: [{ at, kind: 'restart' }],
    restarted_without_store: [
      { at, kind: 'store', seconds: forEver },
      { at, kind: 'restart' },
    ],
    region_lost: [{ at, kind: 'region' }],
  }
  const seeds = [1, 2]

  it.each(['as it is assumed', '16 processes', 'no store', 'four requests at once', 'two regions'])(
    '%s',
    (name) => {
      const inputs = { ...base, ...settings[name], users: 15_000 }
      for (const failure of failuresOf(inputs, steadyState(inputs))) {
        const failures = events[failure.name]!
        const runs = seeds.map((seed) =>
          simulate(inputs, { seed, seconds: at + 60, failures }).sum(at, at + 60),
        )
        const exchanges = runs.reduce((sum, each) => sum + each.exchanges, 0)
        const formula = failure.exchanges * 60 * seeds.length
        // Chance alone moves a count by its root, and three times that is not seen in one of hundreds; those of a visit come together.
        expectClose(`${failure.name}: exchanges`, formula, exchanges, 3 * Math.sqrt(formula * inputs.atOnce))
      }
    },
  )
})

describe('an authority that throttles', () => {
  it('is asked no more than about what it takes, and refuses no request that has a token', () => {
    const inputs = { ...base, users: 15_000, authorityLimit: 12 }
    const at = 6_000
    const failures = [{ at, kind: 'store', seconds: 600 }]
    const [calm, storm] = [
      simulate(inputs, { seed: 1, seconds: at + 600 }),
      simulate({ ...inputs, processes: 16 }, { seed: 1, seconds: at + 600, failures }),
    ].map(({ sum }) => sum(at, at + 600))
    expect(calm!.refused).toBe(0)
    expect(storm!.refused).toBeGreaterThan(0)
    expect(storm!.l1).toBeGreaterThan(0)
    expect(storm!.authority).toBeLessThanOrEqual(12 * 601)
  })
})
