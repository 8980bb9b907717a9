// The incoming token as it is handed on: hidden, and with a digest that is worked out when somebody asks for it.
import { sha256WhenAsked } from '#crypto'
import { Redacted } from '../kernel/redacted.ts'
import { whenAtHand, type AtHand } from './at-hand.ts'
import type { Assertion } from './principal.ts'

/** `digest` when it is known already; hashing a token costs as much as many of its checks, and not every caller is acted for. */
export function createAssertion(token: string, digest?: string): AtHand<Assertion> {
  if (digest !== undefined) return { token: new Redacted(token), digest }
  return whenAtHand(sha256WhenAsked(token), (ask) => new HashedLater(token, ask))
}

class HashedLater implements Assertion {
  readonly token: Redacted
  readonly #ask: () => string

  constructor(token: string, ask: () => string) {
    this.token = new Redacted(token)
    this.#ask = ask
  }

  get digest(): string {
    return this.#ask()
  }
}
