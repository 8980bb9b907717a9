// The incoming token as it is handed on: hidden, and with a digest that is worked out when somebody asks for it.
import { sha256WhenAsked } from '#crypto'
import { Redacted } from '../kernel/redacted.ts'
import type { Assertion } from './principal.ts'

/** For a token that was not hashed yet: that costs as much as many of its checks, and not every caller is acted for. */
export async function createAssertion(token: string): Promise<Assertion> {
  return new HashedLater(token, await sha256WhenAsked(token))
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
