// Tokens that were verified before, by digest, from their second use on: bounded, never beyond their expiry, and gone with their key.
import { BoundedMap } from '../kernel/bounded-map.ts'
import { Doorkeeper } from './doorkeeper.ts'
import type { VerifiedToken } from './stages.ts'

/** How many tokens the doorkeeper notes for each that is kept: together they take a hundredth of its memory. */
const notedPerKept = 4

/** Remembers what verified tokens say, never the tokens. */
export class VerifiedTokens {
  readonly #tokens: BoundedMap<VerifiedToken> | undefined
  readonly #doorkeeper: Doorkeeper | undefined

  /** `max` tokens at most; 0 remembers none. */
  constructor(max: number) {
    this.#tokens = max === 0 ? undefined : new BoundedMap({ maxEntries: max })
    this.#doorkeeper = max === 0 ? undefined : new Doorkeeper(notedPerKept * max)
  }

  get size(): number {
    return this.#tokens?.size ?? 0
  }

  /** Whether a token may be here, which is worth its digest: a token is kept from its second use. */
  mayHold(token: string): boolean {
    return this.#doorkeeper?.knows(token) ?? false
  }

  /** Notes the first use of a verified token. */
  noteFirstUse(token: string): void {
    this.#doorkeeper?.note(token)
  }

  /** What a token said, while it is valid by the clock and its key is still published. */
  get(digest: string, nowMs: number): VerifiedToken | undefined {
    const token = this.#tokens?.get(digest)
    if (token === undefined) return undefined
    const nowSeconds = Math.floor(nowMs / 1000)
    const isCurrent = token.startSeconds <= nowSeconds && nowSeconds < token.endSeconds
    return isCurrent && token.trust.keys.honours(token.key) ? token : undefined
  }

  set(digest: string, token: VerifiedToken): void {
    this.#tokens?.set(digest, token)
  }

  delete(digest: string): void {
    this.#tokens?.delete(digest)
  }

  clear(): void {
    this.#tokens?.clear()
    this.#doorkeeper?.clear()
  }
}
