// The tokens of one cache, and the answers on their way into it: what is forgotten meanwhile does not come back.
import type { Clock } from '../../kernel/time/clock.ts'
import { isPromise } from '../../kernel/errors/other-realms.ts'
import { leftMs } from '../../kernel/time/lifetime.ts'
import type { TokenOrigin } from '../../kernel/observer.ts'
import type { Eventually, Slot, TokenStore } from '../../token-cache/store.ts'
import { type PendingAnswer, PendingAnswers } from './pending-answers.ts'
import { reportStoreFailure } from './report-store-failure.ts'
import type { AccessToken, TokenRequest } from '../token-source.ts'

/** A store of tokens that answers are written into. A failure to write is reported, and is never the request's. */
export class CachedTokens<Store extends TokenStore<AccessToken> = TokenStore<AccessToken>> {
  /** To be read from; it is written to from here alone. */
  readonly store: Store
  readonly #clock: Clock
  readonly #origin: TokenOrigin
  readonly #pending = new PendingAnswers()

  /** `origin` is what the tokens of this cache say of where they came from. */
  constructor(store: Store, { clock, origin }: { readonly clock: Clock; readonly origin: TokenOrigin }) {
    this.store = store
    this.#clock = clock
    this.#origin = origin
  }

  /** An answer is on its way, until {@link CachedTokens.end} says that it came or will not come. */
  begin({ slot, claims }: TokenRequest): PendingAnswer {
    return this.#pending.begin(slot, claims !== undefined)
  }

  /** The answer came, or will not come. */
  end(pending: PendingAnswer): void {
    this.#pending.end(pending)
  }

  /** Keeps an answer as long as it lives, unless its slot was forgotten; at once where the store answers at once. */
  keep(request: TokenRequest, token: AccessToken, pending: PendingAnswer): Eventually<void> {
    const ttlMs = leftMs(token, this.#clock.nowMs())
    if (!pending.mayBeKept || ttlMs <= 0) return undefined
    const kept = attempt(request, 'set', () => this.store.set(request.slot, token.from(this.#origin), ttlMs))
    return kept?.then(() => (isForgotten(pending) ? this.delete(request) : undefined))
  }

  /** Deletes what is kept in the slot of a request; at once where the store answers at once. */
  delete(request: TokenRequest): Eventually<void> {
    return attempt(request, 'delete', () => this.store.delete(request.slot))
  }

  /** Deletes all tokens of a partition, and keeps none that is on its way there. @throws TokenStoreError */
  async forget(partition: string): Promise<void> {
    this.disown({ partition })
    await this.store.deletePartition(partition)
  }

  /** Keeps what is kept, and nothing that is on its way into a slot, a partition or anywhere: somebody else has forgotten it. */
  disown(which: Partial<Slot>): void {
    this.#pending.drop(which)
  }
}

/** At once where the store answers at once. Never throws or rejects. */
function attempt(request: TokenRequest, operation: string, work: () => Eventually<void>): Eventually<void> {
  const report = (error: unknown): void => {
    reportStoreFailure(request, operation, error)
  }
  try {
    const done = work()
    return isPromise(done) ? Promise.resolve(done).catch(report) : undefined
  } catch (error) {
    report(error)
    return undefined
  }
}

/** Whether it was forgotten while it was being written; in a function, since the compiler believes that nothing changed. */
function isForgotten(pending: PendingAnswer): boolean {
  return !pending.mayBeKept
}
