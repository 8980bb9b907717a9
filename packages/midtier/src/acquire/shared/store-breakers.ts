// A breaker for each part of the shared store that fails by itself, so that one dead node is not the end of the others.
import type { Random } from '../../kernel/crypto/random.ts'
import { Breaker } from '../sources/breaker.ts'

/** Failures in a row, of several accounts, until a part that at least answers is left alone. */
const failuresToOpen = 5

/** Most parts that are told apart; a cluster names a few dozen, and a store that names more begins anew with them. */
export const maxGroups = 1024

/** The breakers of one store. */
export class StoreBreakers {
  readonly #pauseMs: number
  readonly #random: Random
  readonly #byGroup = new Map<string, Breaker>()

  constructor(pauseMs: number, random: Random) {
    this.#pauseMs = pauseMs
    this.#random = random
  }

  of(group: string): Breaker {
    const known = this.#byGroup.get(group)
    if (known !== undefined) return known
    if (this.#byGroup.size >= maxGroups) this.#byGroup.clear()
    const limits = { failuresToOpen, callersToOpen: 2, probeEveryMs: this.#pauseMs }
    const breaker = new Breaker(limits, this.#random)
    this.#byGroup.set(group, breaker)
    return breaker
  }
}
