// Why a call was aborted, always as an error: whoever aborts may give any value.
import { isError } from './other-realms.ts'

/** The reason of a signal; where it is no error, an `AbortError` like that of the platform. */
export function abortReason(signal: AbortSignal | undefined): Error {
  return isError(signal?.reason) ? signal.reason : new DOMException('The call was aborted', 'AbortError')
}
