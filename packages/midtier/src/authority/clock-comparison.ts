// How far our clock is from that of an authority, as the `Date` of its latest document tells: two clocks that differ are suspected aloud.
import type { Clock } from '../kernel/time/clock.ts'
import { type Moment, steady, type SteadyClock } from '../kernel/time/steady-clock.ts'

/** `Date` has whole seconds: the clock of the authority showed up to one more. */
const resolutionMs = 1_000

/** Compares our clock with one authority's. */
export class ClockComparison {
  readonly #clock: SteadyClock
  #latest: { readonly differenceMs: number; readonly since: Moment } | undefined
  #isTold = false

  constructor(clock: Clock) {
    this.#clock = steady(clock)
  }

  /**
   * Notes what an answer says. Somewhere between sending and receiving it the authority wrote its `Date`, so that the difference is at
   * least what is kept here; a cache in between says by `Age` how long ago (RFC 9110 §6.6.1, RFC 9111 §5.1).
   */
  note(headers: Pick<Headers, 'get'>, sentAt: Moment): void {
    const now = this.#clock.now()
    const age = /^\d{1,9}$/.exec(String(headers.get('age')))?.[0] ?? 0
    const theirsMs = Date.parse(String(headers.get('date'))) + Number(age) * 1000
    if (Number.isNaN(theirsMs)) return
    const aheadMs = Math.max(0, sentAt.wallMs - (theirsMs + resolutionMs))
    const behindMs = Math.max(0, theirsMs - now.wallMs)
    this.#latest = { differenceMs: aheadMs - behindMs, since: now }
  }

  /** By how much ours is ahead, in milliseconds; less than 0 when it is behind, `undefined` while nothing is known. */
  differenceMs(): number | undefined {
    if (this.#latest === undefined) return undefined
    const { differenceMs, since } = this.#latest
    const now = this.#clock.now()
    const setBackMs = now.passedMs - since.passedMs - (now.wallMs - since.wallMs)
    return differenceMs - setBackMs
  }

  /** The difference when it is greater than this, but only once until it has been smaller. */
  tellOnce(mostMs: number): number | undefined {
    const differenceMs = this.differenceMs()
    const differs = differenceMs !== undefined && Math.abs(differenceMs) > mostMs
    const isNews = differs && !this.#isTold
    this.#isTold = differs
    return isNews ? differenceMs : undefined
  }
}
