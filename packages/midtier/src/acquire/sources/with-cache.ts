// A source whose answers are kept: what is cached and fresh is given at once, everything else is asked for and kept.
import type { Clock } from '../../kernel/time/clock.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import { leftMs, usability } from '../../kernel/time/lifetime.ts'
import type { TokenOrigin } from '../../kernel/observer.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import type { MemoryStore } from '../../token-cache/memory-store.ts'
import type { Eventually, Slot, TokenStore } from '../../token-cache/store.ts'
import { abandonable, abortReason } from './abandonable.ts'
import { type PendingAnswer, PendingAnswers } from './pending-answers.ts'
import { reportStoreFailure } from './report-store-failure.ts'
import type { TakeTurns } from './take-turns.ts'
import type { AccessToken, TokenRequest, TokenSource } from '../token-source.ts'
import { reportFailure, reportToken } from './with-observer.ts'
import { isPromise } from '../../kernel/errors/other-realms.ts'

/** How a cache around a source behaves. */
export interface CacheOptions {
  readonly clock: Clock
  /** What answers from this cache say of their origin. */
  readonly origin: TokenOrigin
  /** A token with less than this left is not served, so that none expires under way. */
  readonly expiryBufferMs: number
  /** Given for the outermost cache: tokens in this store are renewed in the background once they are due. Default: nobody's are. */
  readonly renewAhead?: Pick<MemoryStore<AccessToken>, 'replace'>
  /** Lets one process at a time fill a slot. Default: nobody is waited for. */
  readonly takeTurns?: TakeTurns | undefined
}

/** A source with a memory that can be made to forget. */
export interface CachedTokenSource extends TokenSource {
  /** Deletes all tokens of a partition; an exchange that is under way will not bring one back. */
  forget(partition: string): Promise<void>
  /** Keeps what is kept, and nothing that is under way into a slot, a partition or anywhere: somebody else has forgotten it. */
  disown(which: Partial<Slot>): void
}

/** How long a token is left alone after its renewal failed. */
const renewalPauseMs = 30_000
/** How long the new token is waited for while the old one is valid, if only for minutes; it is still fetched after that. */
const lastMinutesPatienceMs = 1000

/** Puts a cache around a source. A failing store is a miss that is reported, never a failure of the request. */
export function withCache(
  store: TokenStore<AccessToken>,
  source: TokenSource,
  options: CacheOptions,
): CachedTokenSource {
  const { clock, origin, expiryBufferMs, renewAhead, takeTurns } = options
  const underWay = new PendingAnswers()

  return {
    // Not async: a cached token is found, checked and given without a turn of the event loop.
    acquire(request) {
      if (request.signal?.aborted === true) return Promise.reject(abortReason(request.signal))
      if (request.claims !== undefined) return replaceRejected(request)
      if (request.forceRefresh) return askAndKeep(request)
      try {
        const found = store.get(request.slot)
        return isPromise(found) ? readLater(request, Promise.resolve(found)) : answer(request, found)
      } catch (error) {
        reportStoreFailure(request, 'get', error)
        return askAndKeep(request)
      }
    },

    async forget(partition) {
      underWay.drop({ partition })
      await store.deletePartition(partition)
    },

    disown(which) {
      underWay.drop(which)
    },
  }

  async function readLater(
    request: TokenRequest,
    found: Promise<AccessToken | undefined>,
  ): Promise<AccessToken> {
    let token: AccessToken | undefined
    try {
      token = await found
    } catch (error) {
      reportStoreFailure(request, 'get', error)
      return askAndKeep(request)
    }
    return answer(request, token)
  }

  function answer(request: TokenRequest, token: AccessToken | undefined): Promise<AccessToken> {
    if (token === undefined) return askAndKeep(request)
    const good = usability(token, clock.nowMs(), expiryBufferMs)
    if (good === 'last_minutes' || good === 'over') return askOrServe(request, token)
    if (good === 'due') {
      if (request.renewal) return askAndKeep(request)
      if (renewAhead !== undefined && !request.cacheOnly) renewBehind(request, token, renewAhead)
    }
    return Promise.resolve(token)
  }

  /** A token in its last minutes is renewed first, but still serves when the authority is out of order or slow. */
  async function askOrServe(request: TokenRequest, token: AccessToken): Promise<AccessToken> {
    const timeoutMs = Math.min(request.timeoutMs ?? lastMinutesPatienceMs, lastMinutesPatienceMs)
    try {
      return await askAndKeep({ ...request, timeoutMs, expired: true })
    } catch (error) {
      const isAlive = usability(token, clock.nowMs(), expiryBufferMs) !== 'over'
      if (isAlive && hasCode(error, 'authority_unavailable')) return token
      throw error
    }
  }

  /** The API rejected the cached token: it is gone before anything is asked. */
  async function replaceRejected(request: TokenRequest): Promise<AccessToken> {
    await attempt(request, 'delete', () => store.delete(request.slot))
    return askAndKeep(request)
  }

  function askAndKeep(request: TokenRequest): Promise<AccessToken> {
    return abandonable(request, askAndKeepAnyway)
  }

  async function askAndKeepAnyway(request: TokenRequest): Promise<AccessToken> {
    const pending = underWay.begin(request.slot, request.claims !== undefined)
    const fill = async (): Promise<AccessToken> => {
      const token = await source.acquire(request)
      const keeping = keep(request, token, pending)
      if (keeping !== undefined) await keeping
      return token
    }
    try {
      return await (takeTurns !== undefined && mayWait(request)
        ? takeTurns(request, () => readUsable(request), fill)
        : fill())
    } finally {
      underWay.end(pending)
    }
  }

  /** What somebody else has put into the slot, if it would do as an answer. */
  async function readUsable(request: TokenRequest): Promise<AccessToken | undefined> {
    const token = await store.get(request.slot)
    if (token === undefined) return undefined
    const good = usability(token, clock.nowMs(), expiryBufferMs)
    return good === 'fresh' || (good === 'due' && !request.renewal) ? token : undefined
  }

  function keep(request: TokenRequest, token: AccessToken, pending: PendingAnswer): Eventually<void> {
    const ttlMs = leftMs(token, clock.nowMs())
    if (!pending.mayBeKept || ttlMs <= 0) return undefined
    const setting = attempt(request, 'set', () => store.set(request.slot, token.from(origin), ttlMs))
    return setting?.then(() =>
      isForgotten(pending) ? attempt(request, 'delete', () => store.delete(request.slot)) : undefined,
    )
  }

  /** Nobody waits for the renewal, and its failure concerns nobody while the token is valid. */
  function renewBehind(
    request: TokenRequest,
    token: AccessToken,
    kept: Pick<MemoryStore<AccessToken>, 'replace'>,
  ): void {
    kept.replace(request.slot, token.renewAt(clock.nowMs() + renewalPauseMs))
    const renewal = { ...request, renewal: true, signal: undefined, timeoutMs: undefined }
    const startedMs = steady(clock).passedMs()
    askAndKeep(renewal).then(
      (token) => {
        reportToken(renewal, token, steady(clock).passedMs() - startedMs)
      },
      (error: unknown) => {
        reportFailure(renewal, error)
      },
    )
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
}

/** A token that answers a challenge, or is wanted new, is not to be had from somebody else. */
function mayWait({ claims, forceRefresh, cacheOnly }: TokenRequest): boolean {
  return claims === undefined && !forceRefresh && !cacheOnly
}

/** Whether it was forgotten while it was being written; in a function, since the compiler believes that nothing changed. */
function isForgotten(pending: PendingAnswer): boolean {
  return !pending.mayBeKept
}
