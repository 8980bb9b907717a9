// How long a call for a request goes on: until the client is gone, or the time for the rest of the answer is over.
import type { ServerResponse } from 'node:http'

/** The patience of one request. */
export interface Patience {
  /** Ends the call. */
  readonly signal: AbortSignal
  /** From now on the call has this long, and fails with this reason. */
  readonly limit: (timeoutMs: number, reason: () => Error) => void
}

export function patienceOf(response: ServerResponse): Patience {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  response.once('close', () => {
    clearTimeout(timer)
    if (!response.writableFinished) controller.abort()
  })
  return {
    signal: controller.signal,
    limit(timeoutMs, reason) {
      timer = setTimeout(() => controller.abort(reason()), timeoutMs)
    },
  }
}
