// What is lost at the busiest time, and what the first minute after it costs.
import type { PlanInputs } from './inputs.ts'
import { askedForWithin } from './memory-bound.ts'
import { spreadOf, type SteadyState, steadyState } from './steady-state.ts'
import { missesBy, sumOf, type TokenUse } from './token-life.ts'

/** A loss. Rates are a second's, of all regions together, averages of the first minute unless something else is said. */
export interface Failure {
  readonly name:
    'store_lost' | 'store_emptied' | 'processes_restarted' | 'restarted_without_store' | 'region_lost'
  readonly exchanges: number
  /** The same while it lasts; `undefined` where it passes by itself. */
  readonly lastingExchanges: number | undefined
  readonly storeReads: number
  /** Share of the requests of the first minute that wait for the authority: refused when that does not answer. */
  readonly waiting: number
}

const windowSeconds = 60

/** What each loss costs; those that cannot happen are left out. */
export function failuresOf(inputs: PlanInputs, steady: SteadyState): readonly Failure[] {
  const { regions, atOnce } = inputs
  const { reached } = spreadOf(inputs)
  const [exchanges, reads] = [steady.exchanges * regions, steady.storeReads * regions]
  const shared = inputs.store !== 'none'
  const isolated = shared ? steadyState({ ...inputs, store: 'none' }) : steady
  const lastingExchanges = isolated.exchanges * regions
  /** Everything that is asked for, once: by anybody, or, of processes that are alone, by each of them. */
  const once = ({ kinds }: SteadyState): number => {
    const asked = kinds.map(({ perSecond, use }) => ({ ...use, perSecond }))
    return (
      (askedForWithin(asked, { spread: 1, reached: 1, processes: 1 }, windowSeconds) * regions) /
      windowSeconds
    )
  }
  /** @param together How many processes wait for one exchange: all that a visit reaches, or each for its own. */
  const failure = (
    name: Failure['name'],
    together: number,
    rates: Pick<Failure, 'exchanges'> & Partial<Failure>,
  ): Failure => {
    const { requests, renewals, fromAuthority } = steady
    // A loss costs no less than none, and a request no more than an exchange.
    const bounded = (rate: number): number => Math.min(Math.max(rate, exchanges), requests * regions)
    const waitedFor = bounded(rates.exchanges) - renewals * regions
    const share = (waitedFor * together * atOnce) / reached / (requests * regions)
    return {
      name,
      storeReads: 0,
      ...rates,
      exchanges: bounded(rates.exchanges),
      lastingExchanges: rates.lastingExchanges && bounded(rates.lastingExchanges),
      waiting: Math.min(1, Math.max(share, fromAuthority)),
    }
  }
  const inEach = once(isolated)
  const region = failure('region_lost', shared ? reached : 1, {
    exchanges: ((regions - 1) * exchanges + once(steady)) / regions,
    storeReads: shared ? ((regions - 1) * reads + inEach - once(steady)) / regions : 0,
  })
  const others = regions > 1 ? [region] : []
  if (!shared) return [failure('processes_restarted', 1, { exchanges: inEach }), ...others]
  return [
    failure('store_lost', 1, { exchanges: exchanges * reached + reads, lastingExchanges }),
    failure('store_emptied', reached, {
      exchanges: exchanges + readAgain(steady) * regions,
      storeReads: reads,
    }),
    failure('processes_restarted', reached, { exchanges, storeReads: inEach }),
    failure('restarted_without_store', 1, { exchanges: inEach, lastingExchanges }),
    ...others,
  ]
}

const ages = 40

/** Tokens in use that some process looks for within the time: the first one exchanges, for all. */
function readAgain({ kinds }: SteadyState): number {
  const within = (use: TokenUse, age: number): number =>
    -Math.expm1(missesBy(use, age) - missesBy(use, age + windowSeconds))
  const each = kinds.map(({ perSecond, use }) => {
    const step = use.seconds / ages
    const middles = Array.from({ length: ages }, (_, index) => (index + 0.5) * step)
    // So many were first asked for that long ago.
    const inUse = (age: number): number => perSecond * step * -Math.expm1(-use.rate * (use.seconds - age))
    return sumOf(middles.map((age) => inUse(age) * within(use, age)))
  })
  return sumOf(each) / windowSeconds
}
