// A caller may stop waiting at any time; the work it started goes on, for others and for the cache.
import { AuthorityUnavailableError } from '../../kernel/errors/errors.ts'
import type { AccessToken, TokenRequest } from '../token-source.ts'
import { abortReason } from '../../kernel/errors/abort-reason.ts'
import { onAbort } from '../../kernel/on-abort.ts'

/**
 * Waits for work on behalf of one caller, no longer than its signal and time limit allow.
 * The work is given the request without them, because it belongs to nobody in particular.
 *
 * @throws the reason of the signal; AuthorityUnavailableError when the time is over.
 */
export function abandonable(
  request: TokenRequest,
  work: (request: TokenRequest) => Promise<AccessToken>,
): Promise<AccessToken> {
  const { signal, timeoutMs } = request
  if (signal === undefined && timeoutMs === undefined) return work(request)
  const result = work({ ...request, signal: undefined, timeoutMs: undefined })
  return new Promise((resolve, reject) => {
    const abandon = (): void => {
      reject(abortReason(signal))
    }
    const timer =
      timeoutMs === undefined ? undefined : setTimeout(() => reject(tookTooLong(timeoutMs)), timeoutMs)
    const unfollow = signal && onAbort(signal, abandon)
    result.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      unfollow?.()
    })
  })
}

function tookTooLong(timeoutMs: number): AuthorityUnavailableError {
  return new AuthorityUnavailableError(`No token came within ${timeoutMs} ms`, 1)
}
