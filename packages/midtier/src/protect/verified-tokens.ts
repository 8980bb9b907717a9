// Tokens that were verified before, by digest: bounded, never beyond their expiry, and gone with the key that signed them.
import { LRUCache } from 'lru-cache'
import type { VerifiedToken } from './stages.ts'

/** Remembers what verified tokens say, never the tokens. */
export class VerifiedTokens {
  readonly #tokens: LRUCache<string, VerifiedToken> | undefined

  /** `max` tokens at most; 0 remembers none. */
  constructor(max: number) {
    this.#tokens = max === 0 ? undefined : new LRUCache({ max })
  }

  get size(): number {
    return this.#tokens?.size ?? 0
  }

  /** What a token said, while its key is still published; time is for the caller to check. */
  get(digest: string): VerifiedToken | undefined {
    const token = this.#tokens?.get(digest)
    if (token === undefined || token.trust.keys.honours(token.key)) return token
    this.#tokens?.delete(digest)
    return undefined
  }

  set(digest: string, token: VerifiedToken): void {
    this.#tokens?.set(digest, token)
  }

  delete(digest: string): void {
    this.#tokens?.delete(digest)
  }

  clear(): void {
    this.#tokens?.clear()
  }
}
