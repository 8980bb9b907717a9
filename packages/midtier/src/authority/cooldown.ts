// How long an authority that failed is left alone: for as long as it says while nobody needs it, never beyond the cool-down while somebody does.
import type { Clock } from '../kernel/time/clock.ts'
import { leftMs, type Moment, steady, type SteadyClock } from '../kernel/time/steady-clock.ts'

/** Why it would be asked. `needed`: without an answer a request fails. `helpful`: what there is does for now. */
export type Need = 'needed' | 'helpful'

/** First wait after a failure while there never was an answer; doubled up to the cool-down, because until then every request is refused. */
const firstPauseMs = 1_000

/** The failures of one authority since its last answer. */
export class Cooldown {
  readonly #cooldownMs: number
  readonly #clock: SteadyClock
  #answered = false
  #failures = 0
  #latest: { readonly since: Moment; readonly toldMs: number } | undefined

  /** `cooldownMs`: longest wait while an answer is needed, and least wait while there is something to do with. */
  constructor(cooldownMs: number, clock: Clock) {
    this.#cooldownMs = cooldownMs
    this.#clock = steady(clock)
  }

  succeeded(): void {
    this.#answered = true
    this.#failures = 0
    this.#latest = undefined
  }

  /** `toldSeconds`: how long it asked to be left alone; 0 when it did not say. */
  failed(toldSeconds: number): void {
    this.#failures += 1
    this.#latest = { since: this.#clock.now(), toldMs: toldSeconds * 1000 }
  }

  /** Milliseconds until it may be asked; 0 when it may be asked now. */
  waitMs(need: Need): number {
    if (this.#latest === undefined) return 0
    const { since, toldMs } = this.#latest
    const pauseMs = Math.max(this.#ownPauseMs(), toldMs)
    const durationMs = need === 'needed' ? Math.min(pauseMs, this.#cooldownMs) : pauseMs
    return leftMs({ since, durationMs }, this.#clock.now())
  }

  #ownPauseMs(): number {
    if (this.#answered) return this.#cooldownMs
    return Math.min(firstPauseMs * 2 ** (this.#failures - 1), this.#cooldownMs)
  }
}
