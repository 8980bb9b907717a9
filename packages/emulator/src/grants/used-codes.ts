// Remembers which authorization codes were redeemed, so that each one works once (RFC 6749 §4.1.2).

const maximumCodes = 10_000

/** Codes that were redeemed; bounded, the oldest are forgotten first, and by then they have expired. */
export class UsedCodes {
  readonly #ids = new Set<string>()

  /** Marks a code as redeemed; false when it already was. */
  redeem(id: string): boolean {
    if (this.#ids.has(id)) return false
    this.#ids.add(id)
    for (const oldest of this.#ids) {
      if (this.#ids.size <= maximumCodes) break
      this.#ids.delete(oldest)
    }
    return true
  }
}
