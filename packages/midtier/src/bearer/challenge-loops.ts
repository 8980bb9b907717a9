// Challenges that go round in circles: the client did what it was told, and its new token gets the very same challenge again.
import { BoundedMap } from '../kernel/bounded-map.ts'
import type { Clock } from '../kernel/time/clock.ts'
import { ageMs, type Moment, steady } from '../kernel/time/steady-clock.ts'

/** The token that a challenge answers. */
export interface ChallengedToken {
  /** Whose it is: user, client and session as one text. */
  readonly session: string
  /** Whether the token names its session (`sid`, an optional claim): without it, two devices of one person look like one. */
  readonly isOneSession: boolean
  /** Which of that session's tokens. */
  readonly id: string
  readonly issuedAtSeconds: number
}

/** How long a challenge is given to be answered. */
const windowMs = 120_000

interface Relayed {
  /** The token that was challenged first, and the newer one after it that was challenged too, where that may be another device's. */
  readonly tokenIds: readonly string[]
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

  /**
   * Whether this token was issued after its session was given the same challenge; if not, it is being given it now. One new token of
   * somebody whose session is unknown may be that of another device, which was told nothing yet: the next one is not.
   */
  closes({ session, isOneSession, id, issuedAtSeconds }: ChallengedToken, claims: string): boolean {
    const now = steady(this.#clock).now()
    const key = `${session}\n${claims}`
    const before = this.#relayed.get(key)
    if (before === undefined || ageMs(before.since, now) >= windowMs) {
      this.#relayed.set(key, { tokenIds: [id], since: now })
      return false
    }
    // `iat` has whole seconds, so that a token of the same second is newer; a token that was given the challenge may well ask again.
    const isNew = !before.tokenIds.includes(id) && issuedAtSeconds >= Math.floor(before.since.wallMs / 1000)
    if (!isNew || isOneSession || before.tokenIds.length > 1) return isNew
    this.#relayed.set(key, { tokenIds: [...before.tokenIds, id], since: now })
    return false
  }
}
