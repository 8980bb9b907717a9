// A source whose answers are kept: a fresh token is given from the cache, any other is exchanged for, and the new one kept.
import type { Clock } from '../../kernel/time/clock.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import { isPromise } from '../../kernel/errors/other-realms.ts'
import { type Usability, usability } from '../../kernel/time/lifetime.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import type { WaitUntil } from '../../kernel/wait-until.ts'
import type { MemoryStore } from '../../token-cache/memory-store.ts'
import { abortReason } from '../../kernel/errors/abort-reason.ts'
import { abandonable } from './abandonable.ts'
import type { CachedTokens } from './cached-tokens.ts'
import type { PendingAnswer } from './pending-answers.ts'
import { reportStoreFailure } from './report-store-failure.ts'
import type { TakeTurns } from './take-turns.ts'
import type { AccessToken, TokenRequest, TokenSource } from '../token-source.ts'
import { reportFailure, reportToken } from './with-observer.ts'

/** Puts the cache of this process around a source: its tokens are renewed in the background once they are due. */
export function withMemoryCache(
  source: TokenSource,
  tokens: CachedTokens<MemoryStore<AccessToken>>,
  ports: { readonly clock: Clock; readonly waitUntil?: WaitUntil | undefined },
): TokenSource {
  const { clock, waitUntil } = ports
  return new CachedSource(source, tokens, { clock, waitUntil, renewAhead: tokens.store })
}

/** Puts a cache that processes share around a source: one process at a time fills a slot, where the store has leases for that. */
export function withSharedCache(
  source: TokenSource,
  tokens: CachedTokens,
  options: Pick<CacheOptions, 'clock' | 'takeTurns'>,
): TokenSource {
  return new CachedSource(source, tokens, options)
}

interface CacheOptions {
  readonly clock: Clock
  /** Where tokens are renewed in the background once they are due. Default: nowhere. */
  readonly renewAhead?: Pick<MemoryStore<AccessToken>, 'replace'>
  /** Is handed renewals, which nobody waits for. Default: nobody is. */
  readonly waitUntil?: WaitUntil | undefined
  /** Lets one process at a time fill a slot. Default: nobody is waited for. */
  readonly takeTurns?: TakeTurns | undefined
}

/** How long a token is left alone after its renewal failed. */
const renewalPauseMs = 30_000
/** How long the new token is waited for while the old one is valid, if only for minutes; it is still fetched after that. */
const lastMinutesPatienceMs = 1000

/** A cache around a source. A failing store is a miss that is reported, never a failure of the request. */
class CachedSource implements TokenSource {
  readonly #source: TokenSource
  readonly #tokens: CachedTokens
  readonly #options: CacheOptions

  constructor(source: TokenSource, tokens: CachedTokens, options: CacheOptions) {
    this.#source = source
    this.#tokens = tokens
    this.#options = options
  }

  // Not async: a cached token is found, checked and given without a turn of the event loop.
  acquire(request: TokenRequest): Promise<AccessToken> {
    if (request.signal?.aborted === true) return Promise.reject(abortReason(request.signal))
    if (request.claims !== undefined) return this.#replaceRejected(request)
    if (request.forceRefresh) return this.#exchange(request)
    try {
      const found = this.#tokens.store.get(request.slot)
      return isPromise(found)
        ? this.#answerLater(request, Promise.resolve(found))
        : this.#answer(request, found)
    } catch (error) {
      reportStoreFailure(request, 'get', error)
      return this.#exchange(request)
    }
  }

  async #answerLater(request: TokenRequest, found: Promise<AccessToken | undefined>): Promise<AccessToken> {
    const early = this.#tokens.begin(request) // what is forgotten while this is read is not written afterwards
    try {
      const token = await found.catch((error: unknown) => {
        reportStoreFailure(request, 'get', error)
        return undefined
      })
      return await this.#answer(request, token, early)
    } finally {
      this.#tokens.end(early)
    }
  }

  #answer(
    request: TokenRequest,
    token: AccessToken | undefined,
    early?: PendingAnswer,
  ): Promise<AccessToken> {
    if (token === undefined) return this.#exchange(request, early)
    const good = this.#usability(token)
    if (serves(good, request)) {
      if (good === 'due' && !request.cacheOnly) this.#renewInBackground(request, token)
      return Promise.resolve(token)
    }
    if (good === 'due') return this.#exchange(request, early)
    return good === 'over'
      ? this.#exchange({ ...request, expired: true }, early)
      : this.#exchangeOrServe(request, token, early)
  }

  #usability(token: AccessToken): Usability {
    return usability(token, this.#options.clock.nowMs())
  }

  /** Nobody waits for the renewal, and its failure concerns nobody while the token is valid. */
  #renewInBackground(request: TokenRequest, token: AccessToken): void {
    const { clock, renewAhead, waitUntil } = this.#options
    if (renewAhead === undefined) return
    renewAhead.replace(request.slot, token.renewAt(clock.nowMs() + renewalPauseMs))
    const nobodyWaits = { signal: undefined, timeoutMs: undefined, correlationId: undefined }
    const renewal = { ...request, ...nobodyWaits, renewal: true }
    const startedMs = steady(clock).passedMs()
    const renewing = this.#exchange(renewal).then(
      (renewed) => {
        reportToken(renewal, renewed, steady(clock).passedMs() - startedMs)
      },
      (error: unknown) => {
        reportFailure(renewal, error)
      },
    )
    waitUntil?.(renewing)
  }

  /** A token in its last minutes is renewed first, but still serves when the authority is out of order or slow. */
  async #exchangeOrServe(
    request: TokenRequest,
    token: AccessToken,
    early?: PendingAnswer,
  ): Promise<AccessToken> {
    const timeoutMs = Math.min(request.timeoutMs ?? lastMinutesPatienceMs, lastMinutesPatienceMs)
    try {
      return await this.#exchange({ ...request, timeoutMs, expired: true }, early)
    } catch (error) {
      if (hasCode(error, 'authority_unavailable') && this.#usability(token) !== 'over') return token
      throw error
    }
  }

  /** The API rejected the cached token: it is gone before anything is asked. */
  async #replaceRejected(request: TokenRequest): Promise<AccessToken> {
    await this.#tokens.delete(request)
    return this.#exchange(request)
  }

  /** A new token, kept. Who has asked for it may stop waiting. */
  #exchange(request: TokenRequest, early?: PendingAnswer): Promise<AccessToken> {
    return abandonable(request, (work) => this.#exchangeInTurn(work, early))
  }

  async #exchangeInTurn(request: TokenRequest, early?: PendingAnswer): Promise<AccessToken> {
    const { takeTurns } = this.#options
    const pending = this.#tokens.begin(request, early)
    try {
      if (takeTurns === undefined || !mayWait(request)) return await this.#exchangeAndKeep(request, pending)
      const read = (): Promise<AccessToken | undefined> => this.#readUsable(request)
      return await takeTurns(request, read, () => this.#exchangeAndKeep(request, pending))
    } finally {
      this.#tokens.end(pending)
    }
  }

  async #exchangeAndKeep(request: TokenRequest, pending: PendingAnswer): Promise<AccessToken> {
    const token = await this.#source.acquire(request)
    const kept = this.#tokens.keep(request, token, pending)
    if (kept !== undefined) await kept
    return token
  }

  /** What another process has put into the slot, if it will do as an answer. */
  async #readUsable(request: TokenRequest): Promise<AccessToken | undefined> {
    const token = await this.#tokens.store.get(request.slot)
    return token !== undefined && serves(this.#usability(token), request) ? token : undefined
  }
}

/** Whether a cached token answers a request without further ado. A renewal is not content with what is due. */
function serves(good: Usability, { renewal }: TokenRequest): boolean {
  return good === 'fresh' || (good === 'due' && !renewal)
}

/** A token that answers a challenge, or is wanted new, is not to be had from another process. */
function mayWait({ claims, forceRefresh, cacheOnly }: TokenRequest): boolean {
  return claims === undefined && !forceRefresh && !cacheOnly
}
