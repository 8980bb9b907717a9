// The tokens of one cache, and the answers on their way into it: what is forgotten meanwhile does not come back.
import type { Clock } from '../../kernel/time/clock.ts'
import { isPromise } from '../../kernel/errors/other-realms.ts'
import { leftMs } from '../../kernel/time/lifetime.ts'
import type { TokenOrigin } from '../../kernel/observer.ts'
import type { Eventually, Slot, TokenStore } from '../../token-cache/store.ts'
import { type PendingAnswer, PendingAnswers } from './pending-answers.ts'
import { reportStoreFailure } from './report-store-failure.ts'
import type { AccessToken, TokenRequest } from '../token-source.ts'
import type { Flights } from './with-single-flight.ts'

/** What a cache of tokens is told. */
export interface CachedTokensOptions {
  readonly clock: Clock
  /** What its tokens say of where they came from. */
  readonly origin: TokenOrigin
  /** The exchanges whose answers are kept here, which nobody joins once what they answer is forgotten or replaced. Default: none. */
  readonly flights?: Pick<Flights, 'detach'>
}

/** A store of tokens that answers are written into. A failure to write is reported, and is never the request's. */
export class CachedTokens<Store extends TokenStore<AccessToken> = TokenStore<AccessToken>> {
  /** To be read from; it is written to from here alone. */
  readonly store: Store
  readonly #clock: Clock
  readonly #origin: TokenOrigin
  readonly #flights: Pick<Flights, 'detach'> | undefined
  readonly #pending = new PendingAnswers()

  constructor(store: Store, { clock, origin, flights }: CachedTokensOptions) {
    this.store = store
    this.#clock = clock
    this.#origin = origin
    this.#flights = flights
  }

  /**
   * An answer is on its way, until {@link CachedTokens.end} says that it came or will not come.
   *
   * @param early Of the same request, from before the cache was read.
   */
  begin({ slot, claims }: TokenRequest, early?: PendingAnswer): PendingAnswer {
    if (claims !== undefined) this.#flights?.detach(slot, 'ordinary') // they may bring back what was rejected
    const pending = this.#pending.begin(slot, claims !== undefined)
    if (early?.mayBeKept === false) pending.mayBeKept = false
    return pending
  }

  /** The answer came, or will not come. */
  end(pending: PendingAnswer): void {
    if (pending.replaces) this.#flights?.detach(pending, 'ordinary')
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
    try {
      await this.store.deletePartition(partition)
    } finally {
      this.disown({ partition }) // what was begun meanwhile may have read what is deleted now
    }
  }

  /** Keeps what is kept, and nothing that is on its way into a slot, a partition or anywhere: it is being forgotten. */
  disown(which: Partial<Slot>): void {
    this.#flights?.detach(which, 'all')
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
