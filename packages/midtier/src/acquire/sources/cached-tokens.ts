// The tokens of one cache, and the answers on their way into it: what is forgotten meanwhile does not come back.
import type { Clock } from '../../kernel/time/clock.ts'
import { isPromise } from '../../kernel/errors/other-realms.ts'
import { areRequestsIsolated } from '../../kernel/isolated-requests.ts'
import { leftMs } from '../../kernel/time/lifetime.ts'
import type { TokenOrigin } from '../../kernel/observer.ts'
import type { Eventually, Slot, TokenStore } from '../../token-cache/store.ts'
import { type BegunWrite, BegunWrites } from './begun-writes.ts'
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
  /** Told when something forgotten lay in the store once more, and was deleted: it may have been read meanwhile. Default: nobody is. */
  readonly undone?: (request: TokenRequest) => void
}

/** A store that says when it was handed a write, which may land after it was given up. */
export interface FollowedTokenStore extends TokenStore<AccessToken> {
  set(
    slot: Slot,
    token: AccessToken,
    ttlMs: number,
    sent?: (landing: Promise<unknown>) => void,
  ): Eventually<void>
}

/** A store of tokens that answers are written into. A failure to write is reported, and is never the request's. */
export class CachedTokens<Store extends FollowedTokenStore = FollowedTokenStore> {
  /** To be read from; it is written to from here alone. */
  readonly store: Store
  readonly #clock: Clock
  readonly #origin: TokenOrigin
  readonly #flights: Pick<Flights, 'detach'> | undefined
  readonly #undone: ((request: TokenRequest) => void) | undefined
  readonly #pending: PendingAnswers
  readonly #writes = new BegunWrites()

  constructor(store: Store, { clock, origin, flights, undone }: CachedTokensOptions) {
    this.store = store
    this.#clock = clock
    this.#pending = new PendingAnswers(clock)
    this.#origin = origin
    this.#flights = flights
    this.#undone = undone
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
    let landing: Promise<unknown> | undefined
    let hasLanded = false
    const written = attempt(request, 'set', () =>
      this.store.set(request.slot, token.from(this.#origin), ttlMs, (sent) => {
        const landed = (): void => void (hasLanded = true)
        landing = sent.then(landed, landed)
      }),
    )
    if (written === undefined) return undefined
    const settled = written.then(() => {
      if (landing === undefined || hasLanded) this.#writes.remove(write)
      else this.#followGivenUp(request, write, landing)
      return this.#undoForgotten(request, write)
    })
    const write: BegunWrite = { pending, settled, isForgotten: false }
    this.#writes.add(write)
    if (areRequestsIsolated()) this.#writes.giveUp(write) // another request may not wait for it, who forgets included
    return settled
  }

  /** What was given up may land at any time, and what was deleted until then is there again. */
  #followGivenUp(request: TokenRequest, write: BegunWrite, landing: Promise<unknown>): void {
    this.#writes.giveUp(write)
    void landing.then(() => {
      this.#writes.remove(write)
      return this.#undoForgotten(request, write)
    })
  }

  async #undoForgotten(request: TokenRequest, write: BegunWrite): Promise<void> {
    if (write.pending.mayBeKept) return
    await this.delete(request)
    if (write.isForgotten) this.#undone?.(request)
  }

  /** Deletes what is kept in the slot of a request; at once where the store answers at once. */
  delete(request: TokenRequest): Eventually<void> {
    return attempt(request, 'delete', () => this.store.delete(request.slot))
  }

  /**
   * Deletes all tokens of a partition, and keeps none that is on its way there: what is being written is waited for, as long as the store
   * may take for that, and deleted once more. @throws TokenStoreError
   */
  async forget(partition: string): Promise<void> {
    this.disown({ partition })
    try {
      await this.store.deletePartition(partition)
    } finally {
      this.disown({ partition }) // what was begun meanwhile may have read what is deleted now
    }
    const writes = this.#writes.awaited(partition)
    if (writes.length === 0) return
    await Promise.all(writes.map(({ settled }) => settled))
    await this.store.deletePartition(partition)
  }

  /** Keeps what is kept, and nothing that is on its way into a slot, a partition or anywhere: it is being forgotten. */
  disown(which: Partial<Slot>): void {
    this.#flights?.detach(which, 'all')
    this.#pending.drop(which)
    this.#writes.drop(which)
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
