// Tokens that were verified before, by digest, from their second use on: bounded, never beyond their expiry, and gone with their key.
import { BoundedEntries, BoundedEntry } from '../kernel/bounded-entries.ts'
import { Doorkeeper } from './doorkeeper.ts'
import type { VerifiedToken } from './stages.ts'

/** How many tokens the doorkeeper notes for each that is kept: together they take a hundredth of its memory. */
const notedPerKept = 4

/** A token under its digest. */
class Remembered extends BoundedEntry {
  readonly token: VerifiedToken

  constructor(digest: string, token: VerifiedToken) {
    super(digest, 1)
    this.token = token
  }
}

/** Remembers what verified tokens say, never the tokens. */
export class VerifiedTokens {
  readonly #tokens: BoundedEntries<Remembered> | undefined
  readonly #doorkeeper: Doorkeeper | undefined

  /** `max` tokens at most; 0 remembers none. */
  constructor(max: number) {
    this.#tokens = max === 0 ? undefined : new BoundedEntries({ maxEntries: max })
    this.#doorkeeper = max === 0 ? undefined : new Doorkeeper(notedPerKept * max)
  }

  get size(): number {
    return this.#tokens?.count ?? 0
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
    const remembered = this.#tokens?.find(digest)
    if (remembered === undefined) return undefined
    this.#tokens?.use(remembered)
    const { token } = remembered
    const nowSeconds = Math.floor(nowMs / 1000)
    const isCurrent = token.startSeconds <= nowSeconds && nowSeconds < token.endSeconds
    return isCurrent && token.trust.keys.honours(token.key) ? token : undefined
  }

  set(digest: string, token: VerifiedToken): void {
    this.#tokens?.add(new Remembered(digest, token))
  }

  delete(digest: string): void {
    this.#tokens?.delete(digest)
  }

  clear(): void {
    this.#tokens?.clear()
    this.#doorkeeper?.clear()
  }
}
