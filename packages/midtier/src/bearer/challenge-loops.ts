// Challenges that go round in circles: the client did what it was told, and its new token gets the very same challenge again.
import { BoundedMap } from '../kernel/bounded-map.ts'
import type { Clock } from '../kernel/time/clock.ts'
import { ageMs, type Moment, steady } from '../kernel/time/steady-clock.ts'

/** The token that a challenge answers. */
export interface ChallengedToken {
  /** Whose it is: user, client and session as one text. */
  readonly session: string
  /** Which of that session's tokens. */
  readonly id: string
  readonly issuedAtSeconds: number
}

/** How long a challenge is given to be answered. */
const windowMs = 120_000

interface Relayed {
  readonly tokenId: string
  readonly since: Moment
}

/**
 * Remembers which challenge was given to whom. Bounded: what is pushed out is a loop that goes round once more.
 *
 * Does not notice a loop while the clock of the authority is more than a moment behind this one.
 */
export class ChallengeLoops {
  readonly #clock: Clock
  readonly #relayed = new BoundedMap<Relayed>({
    maxEntries: 10_000,
    maxSize: 8 * 1024 * 1024,
    sizeOf: (_, key) => key.length,
  })

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether this token was issued after its session was given the same challenge; if not, it is being given it now. */
  closes({ session, id, issuedAtSeconds }: ChallengedToken, claims: string): boolean {
    const now = steady(this.#clock).now()
    const key = `${session}\n${claims}`
    const before = this.#relayed.get(key)
    if (before === undefined || ageMs(before.since, now) >= windowMs) {
      this.#relayed.set(key, { tokenId: id, since: now })
      return false
    }
    // `iat` has whole seconds, so that a token of the same second is newer; the token of the first time may well ask again.
    return id !== before.tokenId && issuedAtSeconds >= Math.floor(before.since.wallMs / 1000)
  }
}
