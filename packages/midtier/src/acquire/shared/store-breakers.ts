// A breaker for each part of the shared store that fails by itself, so that one dead node is not the end of the others.
import type { Random } from '../../kernel/crypto/random.ts'
import type { Moment } from '../../kernel/time/steady-clock.ts'
import { Breaker, type BreakerFailure } from '../sources/breaker.ts'

/** Failures in a row, of several accounts, until a part that at least answers is left alone. */
const failuresToOpen = 5

/** Most parts that are told apart; a cluster names a few dozen, and a store that names more begins anew with them. */
export const maxGroups = 1024

/** What is done to a store. One may refuse to write, and to delete, while it can be read: one that is full, or a replica. */
export type Kind = 'reading' | 'writing' | 'deleting'

/** The parts of one store. */
export class StoreBreakers {
  readonly #pauseMs: number
  readonly #random: Random
  readonly #byGroup = new Map<string, PartBreakers>()

  constructor(pauseMs: number, random: Random) {
    this.#pauseMs = pauseMs
    this.#random = random
  }

  of(group: string): PartBreakers {
    const known = this.#byGroup.get(group)
    if (known !== undefined) return known
    if (this.#byGroup.size >= maxGroups) this.#byGroup.clear()
    const part = new PartBreakers(this.#pauseMs, this.#random)
    this.#byGroup.set(group, part)
    return part
  }
}

/**
 * A part is probed by reading alone, since a refusal to write says nothing about that. Writing has a breaker of its own. Deleting has none,
 * for it is always tried.
 */
class PartBreakers {
  readonly #pauseMs: number
  readonly #whole: Breaker
  readonly #writing: Breaker

  constructor(pauseMs: number, random: Random) {
    const limits = { failuresToOpen, callersToOpen: 2, probeEveryMs: pauseMs }
    this.#pauseMs = pauseMs
    this.#whole = new Breaker(limits, random)
    this.#writing = new Breaker(limits, random)
  }

  waitMs(kind: Kind, now: Moment): number {
    return Math.max(this.#whole.waitMs(now), kind === 'writing' ? this.#writing.waitMs(now) : 0)
  }

  sent(kind: Kind, now: Moment): void {
    if (kind === 'reading') this.#whole.sent(now)
    if (kind === 'writing') this.#writing.sent(now)
  }

  /** It costs somebody the whole time limit, so that one is enough to leave all of it alone, whatever was asked. */
  silent(now: Moment): void {
    this.#whole.pause(now, this.#pauseMs)
    this.#writing.pause(now, this.#pauseMs)
  }

  succeeded(kind: Kind, now: Moment): void {
    this.#whole.succeeded(now)
    if (kind === 'writing') this.#writing.succeeded(now)
  }

  /** A part that can neither be read nor written to is down, and left alone with both. */
  failed(kind: Kind, failure: Omit<BreakerFailure, 'toldMs'>): void {
    const opened = this.#whole.failed({ ...failure, toldMs: 0, isPartial: kind !== 'reading' })
    if (opened) this.#writing.pause(failure.now, this.#pauseMs)
    if (kind === 'writing') this.#writing.failed({ ...failure, toldMs: 0 })
  }
}
