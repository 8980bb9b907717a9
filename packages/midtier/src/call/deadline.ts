// The time that one call may take, all its sendings and waits included; the caller's own signal ends it sooner.
import { DownstreamError } from '../kernel/errors/errors.ts'
import { CallEnd } from './call-end.ts'
import type { DownstreamSettings } from './downstream-settings.ts'

/** Longest time of a call, whatever is asked for. Milliseconds. */
const longestMs = 600_000

/** How long a call may take, and who may end it. */
export interface CallLimits {
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | null | undefined
}

/**
 * Does the work of one call until its time is over.
 *
 * What the work leaves open, such as a body that is still being read, is no longer limited once it has returned, but still
 * ends with the caller's signal.
 * @throws DownstreamError when the time is over; the reason of the caller's signal.
 */
export function withDeadline<Result>(
  { name }: Pick<DownstreamSettings, 'name'>,
  limits: CallLimits & { readonly timeoutMs: number },
  work: (end: CallEnd) => Promise<Result>,
): Promise<Result> {
  const timeoutMs = Math.min(limits.timeoutMs, longestMs)
  const caller = limits.signal ?? undefined
  return new Promise((resolve, reject) => {
    // A `fetch` of somebody's own may never come back: nothing of ours is left behind when it is left.
    const over = (): void => {
      clearTimeout(timer)
      end.concluded()
    }
    const left = (): void => {
      over()
      reject(end.signal.reason as Error)
    }
    const end = new CallEnd(caller, left)
    const timer = setTimeout(() => {
      end.abort(new DOMException(`No answer within ${timeoutMs} ms`, 'TimeoutError'))
      over()
      reject(tookTooLong(name, timeoutMs, end))
    }, timeoutMs)
    if (caller?.aborted === true) {
      end.abort(caller.reason)
      left()
    }
    const ended =
      <Value>(settle: (value: Value) => void) =>
      (value: Value): void => {
        over()
        settle(value)
      }
    work(end).then(ended(resolve), ended(reject))
  })
}

function tookTooLong(api: string, timeoutMs: number, { answered, signal }: CallEnd): DownstreamError {
  const what =
    answered === undefined ? 'did not answer' : `answered ${answered}, and the rest of it did not come`
  const message = `The downstream API '${api}' ${what} within ${timeoutMs} ms`
  return new DownstreamError(api, message, answered, '', { cause: signal.reason })
}
